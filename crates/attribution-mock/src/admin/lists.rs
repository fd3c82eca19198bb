//! What Attribution makes of what was received: one function a list, in the order of the route table.
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a type with a lifetime is one for that lifetime only"
)]

use std::collections::HashSet;

use attribution_ledger::{
    Conversion, Identity, Ledger, Merge, OneVisitor, PageView, RecordedViolation, Severity, Visit, Visitor,
};

use super::ask::{Ask, Asks, Given};
use super::listing::{Listing, Part};
use super::requests::rule;
use crate::exchange::Place;
use crate::filter::{Paging, RequestFilter};
use crate::mock::Mock;

/// Everyone's rows or one visitor's.
#[derive(Debug)]
pub(crate) struct Whose {
    visitor: Option<String>,
    part: Part,
}

/// The same of one event.
#[derive(Debug)]
pub(crate) struct WhichConversions {
    whose: Whose,
    event: Option<String>,
}

/// The same of one rule, one severity, one request.
#[derive(Debug)]
pub(crate) struct WhichViolations {
    whose: Whose,
    rule: Option<&'static str>,
    severity: Option<Severity>,
    request: Option<u64>,
}

impl Asks for Whose {
    fn names() -> Vec<&'static str> {
        [&["visitor"][..], &Part::NAMES].concat()
    }

    fn read(given: &mut Given) -> Self {
        Self {
            visitor: given.text("visitor"),
            part: Part::read(given),
        }
    }
}

impl Asks for WhichConversions {
    fn names() -> Vec<&'static str> {
        [vec!["event"], Whose::names()].concat()
    }

    fn read(given: &mut Given) -> Self {
        Self {
            whose: Whose::read(given),
            event: given.text("event"),
        }
    }
}

impl Asks for WhichViolations {
    fn names() -> Vec<&'static str> {
        [vec!["rule", "severity", "request"], Whose::names()].concat()
    }

    fn read(given: &mut Given) -> Self {
        let severities = [Severity::Deny, Severity::Warn].map(|severity| (severity.as_str(), severity));
        Self {
            whose: Whose::read(given),
            rule: given.read("rule", rule),
            severity: given.one_of("severity", &severities),
            request: given.number("request", 1, u64::MAX),
        }
    }
}

impl Whose {
    /// The rows of this list. Nobody's are none.
    fn rows<T>(
        &self,
        mock: &Mock,
        everyone: impl FnOnce(&Ledger) -> Vec<T>,
        theirs: impl FnOnce(&OneVisitor<'_>) -> Vec<T>,
    ) -> Vec<T> {
        mock.with_ledger(|ledger| match &self.visitor {
            None => everyone(ledger),
            Some(id) => ledger.visitor(id).map_or_else(Vec::new, |visitor| theirs(&visitor)),
        })
    }
}

pub(crate) async fn page_views(Place(mock): Place, Ask(whose): Ask<Whose>) -> Listing<PageView> {
    let rows = whose.rows(&mock, Ledger::page_views, |theirs| theirs.page_views());
    Listing::new("page_views", whose.part.of(rows), &mock)
}

pub(crate) async fn visits(Place(mock): Place, Ask(whose): Ask<Whose>) -> Listing<Visit> {
    let rows = whose.rows(&mock, Ledger::visits, |theirs| theirs.visits());
    Listing::new("visits", whose.part.of(rows), &mock)
}

pub(crate) async fn identities(Place(mock): Place, Ask(whose): Ask<Whose>) -> Listing<Identity> {
    let rows = whose.rows(&mock, Ledger::identities, |visitor| {
        visitor.identity().into_iter().collect()
    });
    Listing::new("identities", whose.part.of(rows), &mock)
}

pub(crate) async fn conversions(Place(mock): Place, Ask(which): Ask<WhichConversions>) -> Listing<Conversion> {
    let WhichConversions { whose, event } = which;
    let mut rows = whose.rows(&mock, Ledger::conversions, |theirs| theirs.conversions());
    rows.retain(|row| event.as_ref().is_none_or(|event| *event == row.event));
    Listing::new("conversions", whose.part.of(rows), &mock)
}

pub(crate) async fn merges(Place(mock): Place, Ask(whose): Ask<Whose>) -> Listing<Merge> {
    let rows = whose.rows(&mock, Ledger::merges, |theirs| theirs.merges());
    Listing::new("merges", whose.part.of(rows), &mock)
}

pub(crate) async fn visitors(Place(mock): Place, Ask(whose): Ask<Whose>) -> Listing<Visitor> {
    let rows = whose.rows(&mock, Ledger::visitors, |theirs| theirs.row().into_iter().collect());
    Listing::new("visitors", whose.part.of(rows), &mock)
}

/// A visitor's are those of the requests that name one of the visitor's ids.
pub(crate) async fn violations(Place(mock): Place, Ask(which): Ask<WhichViolations>) -> Listing<RecordedViolation> {
    let WhichViolations {
        whose,
        rule,
        severity,
        request,
    } = which;
    let record = mock.record();
    let mut rows = record.ledger.violations();
    let theirs: Option<HashSet<u64>> = whose.visitor.map(|id| {
        let filter = RequestFilter {
            visitor: Some(id),
            ..RequestFilter::default()
        };
        let found = record
            .index
            .query(&filter, &record.ledger)
            .find(&Paging::last(usize::MAX));
        found.seqs.into_iter().collect()
    });
    drop(record);
    rows.retain(|row| {
        rule.is_none_or(|rule| rule == row.rule)
            && severity.is_none_or(|severity| severity == row.severity)
            && request.is_none_or(|request| request == row.request)
            && theirs.as_ref().is_none_or(|theirs| theirs.contains(&row.request))
    });
    Listing::new("violations", whose.part.of(rows), &mock)
}
