use attribution_ledger::{
    Conversion, EntryRow, Identity, Journal, Ledger, Merge, OneVisitor, PageView, RecordedViolation, Visit, Visitor,
};
use expectation::Section;
use serde::Serialize;

use crate::mock::Mock;
use crate::shown::rules;

/// What the double has rows of, each in a section of its own. No other crate adds to these.
pub trait Recorded: Serialize + sealed::Sealed {
    /// Where an `expect` finds them.
    const SECTION: Section;

    /// All there are, as of now.
    fn all(mock: &Mock) -> Vec<Self>
    where
        Self: Sized;

    /// One visitor's; none where a row is nobody's.
    fn of(visitor: &OneVisitor<'_>) -> Option<Vec<Self>>
    where
        Self: Sized;
}

pub(super) mod sealed {
    use attribution_ledger::{Journal, Ledger};

    pub trait Sealed: Sized {
        /// The one of this place in the order of arrival; none where rows come and go.
        fn at(ledger: &Ledger, journal: &Journal, place: usize) -> Option<Self>;
    }
}

/// Each with its section, the read of the same rows, how one visitor's are made, and the one of a place.
macro_rules! recorded {
    ($($row:ty: $section:ident, $read:ident, $of:expr, $at:expr;)*) => {$(
        impl sealed::Sealed for $row {
            fn at(ledger: &Ledger, journal: &Journal, place: usize) -> Option<Self> {
                let at: fn(&Ledger, &Journal, usize) -> Option<Self> = $at;
                at(ledger, journal, place)
            }
        }

        impl Recorded for $row {
            const SECTION: Section = Section::$section;

            fn all(mock: &Mock) -> Vec<Self> {
                mock.$read()
            }

            fn of(visitor: &OneVisitor<'_>) -> Option<Vec<Self>> {
                let of: fn(&OneVisitor<'_>) -> Option<Vec<Self>> = $of;
                of(visitor)
            }
        }
    )*};
}

recorded! {
    Visit: Visits, visits, |one| Some(one.visits()), |_, _, _| None;
    PageView: PageViews, page_views, |one| Some(one.page_views()), |ledger, _, place| ledger.page_view(place);
    Identity: Identities, identities, |one| Some(one.identity().into_iter().collect()), |_, _, _| None;
    Conversion: Conversions, conversions, |one| Some(one.conversions()), |ledger, _, place| ledger.conversion(place);
    Merge: Merges, merges, |_| None, |ledger, _, place| ledger.merge(place);
    Visitor: Visitors, visitors, |one| Some(one.row().into_iter().collect()), |_, _, _| None;
    RecordedViolation: Violations, violations, |_| None, |_, _, _| None;
    EntryRow: Requests, requests, |_| None, |ledger, journal, place| {
        let entry = journal.entries().get(place)?;
        Some(entry.row(rules(ledger.violations_on_arrival(entry.seq))))
    };
}
