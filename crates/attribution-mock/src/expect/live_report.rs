use std::sync::LazyLock;

use attribution_ledger::{AttributionReport, Change, Changed, Entry, Follower, LedgerConfig};
use attribution_report::{LiveReport, Plan, Report};
use expectation::{ListExpectation, Tally};
use jiff::Timestamp;
use serde_json::Value;

use super::lagging::Lagging;
use super::watch::{AT_ONCE, Epoch, epoch};
use crate::dashboard::DashboardDelay;
use crate::record::Record;

/// What `harness report` is made with when it is asked for nothing in particular.
static PLAN: LazyLock<Plan> = LazyLock::new(Plan::default);

/// The report of what the dashboard shows, which goes on with that.
///
/// All who wait for it share it: what is made of everyone is there for whoever comes next, and who has waited long enough need
/// not take it down.
#[derive(Debug)]
pub(crate) struct SharedReport {
    delay: DashboardDelay,
    config: LedgerConfig,
    /// None before the first look.
    epoch: Option<Epoch>,
    /// Where all that is received is shown at once: what of the record's own ledger has been taken in.
    follower: Follower,
    /// Where it isn't.
    lagging: Lagging,
    report: LiveReport<'static>,
    rows: Vec<Value>,
    /// How often the rows have been made.
    turn: u64,
    /// How often that was of everything anew, because something was shown too late.
    replays: u64,
}

/// Some of what there is to be taken in.
pub(super) enum Arrivals {
    Changes(Vec<Change>),
    Shown(Vec<Entry>),
}

impl SharedReport {
    /// Of nothing yet, on a dashboard that lags so far behind.
    pub(crate) fn new(delay: DashboardDelay, config: LedgerConfig) -> Self {
        let mut report = LiveReport::new(&PLAN.channels, &PLAN.settings);
        Self {
            delay,
            config,
            epoch: None,
            follower: Follower::default(),
            lagging: Lagging::new(delay, config),
            rows: rows(&report.report(&PLAN.spend)),
            report,
            turn: 0,
            replays: 0,
        }
    }

    /// Some of what the dashboard shows of a record at this moment and is not taken in yet. None where that is nothing.
    pub(super) fn news(&mut self, record: &Record, now: Timestamp) -> Option<Arrivals> {
        let epoch = Some(epoch(record));
        if epoch != self.epoch {
            *self = Self {
                epoch,
                turn: self.turn + 1,
                replays: self.replays,
                ..Self::new(self.delay, self.config)
            };
        }
        if self.delay.is_none() {
            let persons = record.ledger.follow(&mut self.follower, AT_ONCE);
            let changes = persons.iter().map(Changed::change).collect();
            return (!persons.is_empty()).then_some(Arrivals::Changes(changes));
        }
        if self.lagging.is_overtaken() {
            self.lagging.begin_anew(record);
            self.report = LiveReport::new(&PLAN.channels, &PLAN.settings);
            self.replays += 1;
        }
        self.lagging.next(record, now).map(Arrivals::Shown)
    }

    /// Takes that in.
    pub(super) fn take_in(&mut self, arrivals: Arrivals) {
        let report = &mut self.report;
        match arrivals {
            Arrivals::Changes(changes) => changes.iter().for_each(|change| report.follow(change)),
            Arrivals::Shown(entries) => self.lagging.take_in(&entries, |change| report.follow(&change)),
        }
        self.make_rows();
    }

    fn make_rows(&mut self) {
        self.rows = rows(&self.report.report(&PLAN.spend));
        self.turn += 1;
    }
}

/// A claim of the report.
pub(super) struct OfReport<'a> {
    list: &'a ListExpectation,
    /// As of the last look; none before the first.
    judged: Option<Judged>,
}

#[derive(Clone, Copy)]
struct Judged {
    turn: u64,
    replays: u64,
    holds: bool,
    due: Option<Timestamp>,
}

impl<'a> OfReport<'a> {
    pub(super) fn new(list: &'a ListExpectation) -> Self {
        Self { list, judged: None }
    }

    /// Looks at the report once all that has come is taken in. Tells whether that took as long as it will again.
    pub(super) fn judge(&mut self, report: &SharedReport) -> bool {
        let before = self.judged;
        let unchanged = before.filter(|before| before.turn == report.turn);
        let holds = unchanged.map(|before| before.holds);
        self.judged = Some(Judged {
            turn: report.turn,
            replays: report.replays,
            holds: holds.unwrap_or_else(|| holds_of(self.list, &report.rows)),
            due: report.lagging.due(),
        });
        before.is_some_and(|before| before.replays != report.replays)
    }

    pub(super) fn holds(&self) -> bool {
        self.judged.is_some_and(|judged| judged.holds)
    }

    /// When there is more on the dashboard, if nothing arrives until then.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.judged?.due
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
fn holds_of(list: &ListExpectation, rows: &[Value]) -> bool {
    let (mut tally, nobody) = (Tally::new(list), |_: &str| None);
    for (place, row) in rows.iter().enumerate() {
        tally.add(&(), &place, row, &nobody);
    }
    tally.holds(&nobody)
}

#[cfg(test)]
mod tests;
