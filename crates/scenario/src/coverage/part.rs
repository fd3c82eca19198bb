use std::collections::BTreeSet;

use attribution_destination::{Dialect, MapErrorCode, SkipReason, mapped_fields};
use attribution_mock::FaultKind;
use pipeline::LinkFaultKind;
use segment_event::{Kind, RejectionCode};

use super::answer::Answer;
use super::item::Item;
use super::rules;

/// A part of the contract between Segment, the destination and Attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The dialects in which requests are made.
    Dialects,
    /// The six calls.
    Calls,
    /// The fields of a message that its request is made of, by dialect.
    Fields,
    /// The calls that have a request, by dialect.
    Mappings,
    /// Why a call is not sent.
    Skips,
    /// Why a call that is to be sent can't be mapped.
    MapErrors,
    /// Why Segment's ingest refuses a call.
    Rejections,
    /// The validation rules that a sender can break.
    Rules,
    /// The answers that a sender tells apart: the double's own statuses, those that are tried again, and none.
    Answers,
    /// The kinds of faults, of the server and of the link.
    Faults,
}

impl Part {
    /// Every part, in the order in which a message meets them.
    pub const ALL: [Self; 10] = [
        Self::Dialects,
        Self::Calls,
        Self::Fields,
        Self::Mappings,
        Self::Skips,
        Self::MapErrors,
        Self::Rejections,
        Self::Rules,
        Self::Answers,
        Self::Faults,
    ];

    /// The name for programs: `map_errors`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dialects => "dialects",
            Self::Calls => "calls",
            Self::Fields => "fields",
            Self::Mappings => "mappings",
            Self::Skips => "skips",
            Self::MapErrors => "map_errors",
            Self::Rejections => "rejections",
            Self::Rules => "rules",
            Self::Answers => "answers",
            Self::Faults => "faults",
        }
    }

    /// The name for people: `mapping errors`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Skips => "skip reasons",
            Self::MapErrors => "mapping errors",
            Self::Rejections => "ingest rejections",
            Self::Rules => "validation rules",
            Self::Dialects | Self::Calls | Self::Fields | Self::Mappings | Self::Answers | Self::Faults => {
                self.as_str()
            }
        }
    }

    /// Everything in it that a scenario can touch, in the order in which it is told. It is what the crates say that do the
    /// work: each has the list of its own.
    pub(super) fn items(self) -> Vec<Item> {
        let dialects = || Dialect::ALL.iter().copied();
        match self {
            Self::Dialects => dialects().map(Item::Dialect).collect(),
            Self::Calls => Kind::ALL.map(Item::Call).to_vec(),
            Self::Fields => dialects().flat_map(fields).collect(),
            Self::Mappings => dialects().flat_map(mappings).collect(),
            Self::Skips => SkipReason::ALL.map(Item::Skip).to_vec(),
            Self::MapErrors => map_errors().collect(),
            Self::Rejections => RejectionCode::ALL.map(Item::Rejection).to_vec(),
            Self::Rules => rules::of_senders().map(Item::Rule).collect(),
            Self::Answers => Answer::all().into_iter().map(Item::Answer).collect(),
            Self::Faults => faults(),
        }
    }
}

fn fields(dialect: Dialect) -> impl Iterator<Item = Item> {
    let paths = mapped_fields(dialect).iter();
    paths.map(move |path| Item::Field(dialect, path))
}

fn mappings(dialect: Dialect) -> impl Iterator<Item = Item> {
    let kinds = Kind::ALL.into_iter().filter(move |kind| dialect.has_request_for(*kind));
    kinds.map(move |kind| Item::Mapping(dialect, kind))
}

fn map_errors() -> impl Iterator<Item = Item> {
    let codes = MapErrorCode::ALL.into_iter().filter(|code| code.follows_the_filter());
    codes.map(Item::MapError)
}

/// A connection that is refused is said in the same words whoever refuses it.
fn faults() -> Vec<Item> {
    let of_server = FaultKind::ALL.into_iter().map(FaultKind::as_str);
    let of_link = LinkFaultKind::ALL.into_iter().map(LinkFaultKind::as_str);
    let mut told = BTreeSet::new();
    let each_once = of_server.chain(of_link).filter(|words| told.insert(*words));
    each_once.map(Item::Fault).collect()
}
