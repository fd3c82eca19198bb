use attribution_ledger::{
    Conversion, EntryRow, Identity, Merge, OneVisitor, PageView, RecordedViolation, Visit, Visitor,
};
use expectation::Section;
use serde::Serialize;

use crate::mock::Mock;

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

mod sealed {
    pub trait Sealed {}
}

/// Each with its section, the read of the same rows, and how one visitor's are made.
macro_rules! recorded {
    ($($row:ty: $section:ident, $read:ident, $of:expr;)*) => {$(
        impl sealed::Sealed for $row {}

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
    Visit: Visits, visits, |one| Some(one.visits());
    PageView: PageViews, page_views, |one| Some(one.page_views());
    Identity: Identities, identities, |one| Some(one.identity().into_iter().collect());
    Conversion: Conversions, conversions, |one| Some(one.conversions());
    Merge: Merges, merges, |_| None;
    Visitor: Visitors, visitors, |one| Some(one.row().into_iter().collect());
    RecordedViolation: Violations, violations, |_| None;
    EntryRow: Requests, requests, |_| None;
}
