//! The read endpoints: one function each, in the order of the route table.

use attribution_ledger::{
    AttributionReport, Conversion, EntryRow, Identity, Merge, PageView, RecordedViolation, Visit, Visitor,
};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;

use crate::config::Strictness;
use crate::mock::Mock;

#[derive(Serialize)]
pub(crate) struct Health {
    status: &'static str,
    now: Timestamp,
    strict: bool,
    requests: usize,
}

pub(crate) async fn health(State(mock): State<Mock>) -> Json<Health> {
    let config = mock.config();
    let strict = config.strictness == Strictness::Strict;
    Json(Health {
        status: "ok",
        now: config.clock.now(),
        strict,
        requests: mock.received(),
    })
}

pub(crate) async fn report(State(mock): State<Mock>) -> Json<AttributionReport> {
    Json(mock.report())
}

/// Endpoints that answer `{"<name>": [rows]}`, each a read of the same name on [`Mock`].
macro_rules! lists {
    ($($name:ident: $body:ident, $row:ty;)*) => {$(
        #[derive(Serialize)]
        pub(crate) struct $body {
            $name: Vec<$row>,
        }

        pub(crate) async fn $name(State(mock): State<Mock>) -> Json<$body> {
            Json($body { $name: mock.$name() })
        }
    )*};
}

lists! {
    requests: Requests, EntryRow;
    page_views: PageViews, PageView;
    visits: Visits, Visit;
    identities: Identities, Identity;
    conversions: Conversions, Conversion;
    merges: Merges, Merge;
    visitors: Visitors, Visitor;
    violations: Violations, RecordedViolation;
}
