use std::sync::LazyLock;

use attribution_ledger::{AttributionReport, Change};
use attribution_report::{LiveReport, Plan, Report};
use expectation::{ListExpectation, Tally};
use serde_json::Value;

/// What `harness report` is made with when it is asked for nothing in particular.
static PLAN: LazyLock<Plan> = LazyLock::new(Plan::default);

/// A claim of the report, which goes on with what is new. All its rows are made anew then, but they are of everyone together.
pub(super) struct FollowedReport<'a> {
    pub(super) list: &'a ListExpectation,
    report: LiveReport<'static>,
    holds: bool,
}

impl<'a> FollowedReport<'a> {
    pub(super) fn new(list: &'a ListExpectation) -> Self {
        let report = LiveReport::new(&PLAN.channels, &PLAN.settings);
        let mut followed = Self {
            list,
            report,
            holds: false,
        };
        followed.look();
        followed
    }

    pub(super) fn take_in(&mut self, changes: &[Change]) {
        for change in changes {
            self.report.follow(change);
        }
        self.look();
    }

    pub(super) fn holds(&self) -> bool {
        self.holds
    }

    fn look(&mut self) {
        self.holds = holds(self.list, &rows(&self.report.report(&PLAN.spend)));
    }
}

/// The rows of the report of all this.
pub(super) fn rows_of(shown: AttributionReport) -> Vec<Value> {
    rows(&PLAN.report(&shown.into()))
}

fn rows(report: &Report) -> Vec<Value> {
    let table = report.table_by_model();
    let rows = table.rows.iter().map(|row| Value::Object(table.object(row)));
    rows.collect()
}

/// Whether a claim of rows without a visitor holds of these.
pub(super) fn holds(list: &ListExpectation, rows: &[Value]) -> bool {
    let (mut tally, nobody) = (Tally::new(list), |_: &str| None);
    for (place, row) in rows.iter().enumerate() {
        tally.add(&(), &place, row, &nobody);
    }
    tally.holds(&nobody)
}
