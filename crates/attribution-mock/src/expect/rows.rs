//! Where the rows of each section come from.
//!
//! A row is a person's, or nobody's. It is made of one thing that arrived, which has a place in the order of arrival and stays
//! as it is but for its visitor; or it is made of all that a person did, and changes with that.

use attribution_ledger::{
    Changed, Conversion, Entry, EntryRow, Identity, Journal, Ledger, Merge, OneVisitor, PageView, RecordedViolation,
    Visit, Visitor,
};
use expectation::Section;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::observe::value;
use crate::shown::rules;

/// A row in the order of its section, in which all keys are of one kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// In the order of arrival.
    Place(usize),
    /// By time, and of equal times in the order of arrival.
    Time(Timestamp, usize),
    /// By time, then by name.
    Name(Timestamp, String),
    /// By request, then by rule, and what only later requests told comes last.
    Rule {
        request: u64,
        rule: &'static str,
        is_told_later: bool,
        place: usize,
    },
}

impl RowKey {
    /// Where what the row is made of, or the first of it, stands in the order of arrival; none where that doesn't tell.
    fn place(&self) -> Option<usize> {
        match self {
            Self::Place(place) | Self::Time(_, place) | Self::Rule { place, .. } => Some(*place),
            Self::Name(..) => None,
        }
    }
}

/// The row of this key, which is this person's or nobody's.
pub(super) fn row<R: Rows>(ledger: &Ledger, journal: &Journal, key: &RowKey, owner: Option<u64>) -> Option<R> {
    let theirs = owner.and_then(|person| ledger.visitor_of(person));
    let mut of_all = theirs.iter().flat_map(R::of_all);
    if let Some((_, row)) = of_all.find(|(other, _)| other == key) {
        return Some(row);
    }
    R::at(ledger, journal, key.place()?).map(|(_, made)| made())
}

/// A row that is made when nothing waits for it any more.
pub(super) type Made<R> = Box<dyn FnOnce() -> R>;

/// Tells how many rows there are.
pub(super) type Count = fn(&Ledger, &Journal) -> usize;

/// How rows of this type are come by.
pub trait Rows: Serialize + Sized + 'static {
    /// How many there are in all, where that is known without any and never gets less.
    const COUNT: Option<Count> = None;

    /// How many there are of nobody's.
    fn of_nobody(_: &Ledger, _: &Journal) -> usize {
        0
    }

    /// The places of one person's.
    fn places(_: &OneVisitor<'_>) -> Vec<usize> {
        Vec::new()
    }

    /// The same of those that a follower is to be told of.
    fn new_places(_: &Changed<'_>) -> Vec<usize> {
        Vec::new()
    }

    /// The one of this place.
    fn at(_: &Ledger, _: &Journal, _place: usize) -> Option<(RowKey, Made<Self>)> {
        None
    }

    /// Those that are made of all that a person did.
    fn of_all(_: &OneVisitor<'_>) -> Vec<(RowKey, Self)> {
        Vec::new()
    }

    /// Whether there are such, and they can be others now, but for the name of their visitor.
    fn has_changed(_: &Changed<'_>) -> bool {
        false
    }
}

impl Rows for PageView {
    const COUNT: Option<Count> = Some(|ledger, _| ledger.counts().page_views);

    fn places(one: &OneVisitor<'_>) -> Vec<usize> {
        one.page_view_places()
    }

    fn new_places(changed: &Changed<'_>) -> Vec<usize> {
        changed.page_view_places()
    }

    fn at(ledger: &Ledger, _: &Journal, place: usize) -> Option<(RowKey, Made<Self>)> {
        let row = ledger.page_view(place)?;
        Some((RowKey::Time(row.at, place), Box::new(|| row)))
    }
}

impl Rows for Conversion {
    const COUNT: Option<Count> = Some(|ledger, _| ledger.counts().conversions);

    fn places(one: &OneVisitor<'_>) -> Vec<usize> {
        one.conversion_places()
    }

    fn new_places(changed: &Changed<'_>) -> Vec<usize> {
        changed.conversion_places()
    }

    fn at(ledger: &Ledger, _: &Journal, place: usize) -> Option<(RowKey, Made<Self>)> {
        let row = ledger.conversion(place)?;
        Some((RowKey::Time(row.at, place), Box::new(|| row)))
    }
}

impl Rows for Visit {
    fn of_all(one: &OneVisitor<'_>) -> Vec<(RowKey, Self)> {
        let visits = one.placed_visits().into_iter();
        visits
            .map(|(place, row)| (RowKey::Time(row.started_at, place), row))
            .collect()
    }

    fn has_changed(changed: &Changed<'_>) -> bool {
        changed.is_reshaped()
    }
}

impl Rows for Identity {
    fn of_all(one: &OneVisitor<'_>) -> Vec<(RowKey, Self)> {
        let identity = one.placed_identity().into_iter();
        identity.map(|(place, row)| (RowKey::Place(place), row)).collect()
    }

    fn has_changed(_: &Changed<'_>) -> bool {
        true
    }
}

impl Rows for Visitor {
    fn of_all(one: &OneVisitor<'_>) -> Vec<(RowKey, Self)> {
        let row = one.row().into_iter();
        row.map(|row| (RowKey::Name(row.first_seen, row.visitor.clone()), row))
            .collect()
    }

    fn has_changed(_: &Changed<'_>) -> bool {
        true
    }
}

impl Rows for RecordedViolation {
    fn of_nobody(ledger: &Ledger, _: &Journal) -> usize {
        ledger.found_on_arrival().len()
    }

    fn at(ledger: &Ledger, _: &Journal, place: usize) -> Option<(RowKey, Made<Self>)> {
        let row = ledger.found_on_arrival().get(place)?.clone();
        Some((rule_key(&row, false, place), Box::new(|| row)))
    }

    fn of_all(one: &OneVisitor<'_>) -> Vec<(RowKey, Self)> {
        let found = one.unlinked().into_iter();
        found.map(|(place, row)| (rule_key(&row, true, place), row)).collect()
    }

    fn has_changed(_: &Changed<'_>) -> bool {
        true
    }
}

fn rule_key(row: &RecordedViolation, is_told_later: bool, place: usize) -> RowKey {
    RowKey::Rule {
        request: row.request,
        rule: row.rule,
        is_told_later,
        place,
    }
}

impl Rows for Merge {
    const COUNT: Option<Count> = Some(Self::of_nobody);

    fn of_nobody(ledger: &Ledger, _: &Journal) -> usize {
        ledger.counts().merges
    }

    fn at(ledger: &Ledger, _: &Journal, place: usize) -> Option<(RowKey, Made<Self>)> {
        let row = ledger.merge(place)?;
        Some((RowKey::Place(place), Box::new(|| row)))
    }
}

impl Rows for EntryRow {
    const COUNT: Option<Count> = Some(Self::of_nobody);

    fn of_nobody(_: &Ledger, journal: &Journal) -> usize {
        journal.entries().len()
    }

    fn at(ledger: &Ledger, journal: &Journal, place: usize) -> Option<(RowKey, Made<Self>)> {
        let entry: Entry = journal.entries().get(place)?.clone();
        let rules = rules(ledger.violations_on_arrival(entry.seq));
        // Reading the body takes its time.
        Some((RowKey::Place(place), Box::new(move || entry.row(rules))))
    }
}

/// A row as JSON, made when nothing waits for it any more.
pub(super) type Row = Made<Value>;

/// The same of a section, whatever the type of its rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) count: Option<Count>,
    pub(super) of_nobody: Count,
    pub(super) places: fn(&OneVisitor<'_>) -> Vec<usize>,
    pub(super) new_places: fn(&Changed<'_>) -> Vec<usize>,
    pub(super) at: fn(&Ledger, &Journal, usize) -> Option<(RowKey, Row)>,
    pub(super) of_all: fn(&OneVisitor<'_>) -> Vec<(RowKey, Row)>,
    pub(super) has_changed: fn(&Changed<'_>) -> bool,
}

impl Source {
    /// Of a section of rows that are received; none of another.
    pub(super) fn of(section: Section) -> Option<Self> {
        match section {
            Section::Visits => Some(Self::of_type::<Visit>()),
            Section::PageViews => Some(Self::of_type::<PageView>()),
            Section::Identities => Some(Self::of_type::<Identity>()),
            Section::Conversions => Some(Self::of_type::<Conversion>()),
            Section::Merges => Some(Self::of_type::<Merge>()),
            Section::Visitors => Some(Self::of_type::<Visitor>()),
            Section::Violations => Some(Self::of_type::<RecordedViolation>()),
            Section::Requests => Some(Self::of_type::<EntryRow>()),
            Section::Report | Section::Skips | Section::Rejections | Section::Deliveries => None,
        }
    }

    fn of_type<R: Rows>() -> Self {
        Self {
            count: R::COUNT,
            of_nobody: R::of_nobody,
            places: R::places,
            new_places: R::new_places,
            at: |ledger, journal, place| {
                let (key, made) = R::at(ledger, journal, place)?;
                Some((key, Box::new(move || value(&made()))))
            },
            of_all: |one| {
                let rows = R::of_all(one).into_iter();
                rows.map(|(key, row)| -> (RowKey, Row) { (key, Box::new(move || value(&row))) })
                    .collect()
            },
            has_changed: R::has_changed,
        }
    }
}
