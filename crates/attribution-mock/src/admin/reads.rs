//! What there is as a whole.

use std::num::NonZeroU64;

use attribution_ledger::AttributionReport;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;

use super::ask::{Ask, Asks, Given, Nothing};
use super::requests::time;
use crate::config::Strictness;
use crate::dashboard::DashboardState;
use crate::exchange::Place;
use crate::mock::Mock;

#[derive(Serialize)]
pub(crate) struct Health {
    status: &'static str,
    now: Timestamp,
    strict: bool,
    requests: usize,
    dropped: u64,
}

/// One project, or one namespace of it.
#[derive(Serialize)]
pub(crate) struct Known {
    project: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    requests: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<NonZeroU64>,
    faults: usize,
}

#[derive(Serialize)]
pub(crate) struct Projects {
    projects: Vec<Known>,
}

pub(crate) async fn health(State(mock): State<Mock>, Ask(Nothing): Ask<Nothing>) -> Json<Health> {
    let config = mock.config();
    let strict = config.strictness == Strictness::Strict;
    Json(Health {
        status: "ok",
        now: config.clock.now(),
        strict,
        requests: mock.everyone().iter().map(Mock::received).sum(),
        dropped: mock.everyone().iter().map(Mock::dropped).sum(),
    })
}

/// Everyone who is known: a project from the start or from its first event on, a namespace from the first time it is named.
pub(crate) async fn projects(State(mock): State<Mock>, Ask(Nothing): Ask<Nothing>) -> Json<Projects> {
    let row = |mock: Mock| {
        let (project, namespace) = mock.whose();
        Some(Known {
            project: project?.expose().to_owned(),
            namespace: namespace.map(ToString::to_string),
            requests: mock.received(),
            dropped: dropped(&mock),
            faults: mock.faults().len(),
        })
    };
    Json(Projects {
        projects: mock.everyone().into_iter().filter_map(row).collect(),
    })
}

/// A report, and how many requests are missing in it.
#[derive(Serialize)]
pub(crate) struct Report {
    #[serde(flatten)]
    report: AttributionReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<NonZeroU64>,
}

/// As of when a report is asked for.
pub(crate) struct When {
    dashboard_at: Option<Timestamp>,
}

impl Asks for When {
    fn names() -> Vec<&'static str> {
        vec!["dashboard_at"]
    }

    fn read(given: &mut Given) -> Self {
        Self {
            dashboard_at: given.read("dashboard_at", time),
        }
    }
}

// What is read comes before the count of what was dropped: so none that is missing in it is missing in the count.
pub(crate) async fn report(Place(mock): Place, Ask(when): Ask<When>) -> Json<Report> {
    Json(Report {
        report: when
            .dashboard_at
            .map_or_else(|| mock.report(), |moment| mock.dashboard_at(moment)),
        dropped: dropped(&mock),
    })
}

pub(crate) async fn dashboard(Place(mock): Place, Ask(Nothing): Ask<Nothing>) -> Json<DashboardState> {
    Json(mock.dashboard_state())
}

/// How many requests are missing in what is read; none where nothing is.
pub(super) fn dropped(mock: &Mock) -> Option<NonZeroU64> {
    NonZeroU64::new(mock.dropped())
}
