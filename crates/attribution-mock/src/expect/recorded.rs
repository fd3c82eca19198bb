use attribution_ledger::{Conversion, EntryRow, Identity, Merge, PageView, RecordedViolation, Visit, Visitor};
use expectation::Section;
use serde::Serialize;

use super::rows::Rows;
use crate::mock::Mock;

/// What the double has rows of, each in a section of its own. No other crate adds to these.
pub trait Recorded: Serialize + Rows {
    /// Where an `expect` finds them.
    const SECTION: Section;

    /// All there are, as of now.
    fn all(mock: &Mock) -> Vec<Self>
    where
        Self: Sized;
}

/// Each with its section and the read of the same rows.
macro_rules! recorded {
    ($($row:ty: $section:ident, $read:ident;)*) => {$(
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
