use attribution_ledger::{Conversion, EntryRow, Identity, Merge, PageView, RecordedViolation, Visit, Visitor};
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
}

mod sealed {
    pub trait Sealed {}
}

/// Each with its section and the read of the same rows.
macro_rules! recorded {
    ($($row:ty: $section:ident, $read:ident;)*) => {$(
        impl sealed::Sealed for $row {}

        impl Recorded for $row {
            const SECTION: Section = Section::$section;

            fn all(mock: &Mock) -> Vec<Self> {
                mock.$read()
            }
        }
    )*};
}

recorded! {
    Visit: Visits, visits;
    PageView: PageViews, page_views;
    Identity: Identities, identities;
    Conversion: Conversions, conversions;
    Merge: Merges, merges;
    Visitor: Visitors, visitors;
    RecordedViolation: Violations, violations;
    EntryRow: Requests, requests;
}
