use serde::Serialize;

use super::{Conversion, Identity, Merge, PageView, RecordedViolation, Visit, Visitor};

/// Everything Attribution makes of what it received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttributionReport {
    /// By the time they were first seen.
    pub visitors: Vec<Visitor>,
    /// By time.
    pub page_views: Vec<PageView>,
    /// By the time they began.
    pub visits: Vec<Visit>,
    /// By the request that identified them first.
    pub identities: Vec<Identity>,
    /// By time.
    pub conversions: Vec<Conversion>,
    /// In the order of arrival.
    pub merges: Vec<Merge>,
    /// In the order of arrival, and for each request by rule.
    pub violations: Vec<RecordedViolation>,
}
