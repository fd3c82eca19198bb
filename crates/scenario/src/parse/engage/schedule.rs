//! `first_sync:` and `every:`.

use expectation::read::Fields;
use expectation::tree::Node;
use expectation::{Diagnostic, Sink};
use segment_engage::{Interval, Schedule, ScheduleError};

use crate::parse::wait::range;

/// When there is a sync; what is not said or mistaken keeps its default.
pub(super) fn schedule(fields: Fields<'_>, sink: &mut Sink) -> Schedule {
    let first = fields
        .get("first_sync")
        .and_then(|node| interval(node, "engage.first_sync", sink));
    let every = fields.get("every");
    let told = every.and_then(|node| interval(node, "engage.every", sink));
    let schedule = Schedule::new(first.unwrap_or(Schedule::FIRST), told.unwrap_or(Schedule::EVERY));
    match schedule {
        Ok(schedule) => schedule,
        Err(ScheduleError::Backwards | ScheduleError::TooOften) => {
            let at = every.map_or(fields.at, |node| node.at);
            let mistake = Diagnostic::new(at, "there is at least a minute between two syncs");
            sink.push(mistake.help("write `1m` or more; Attribution is told every two to three hours"));
            Schedule::default()
        }
    }
}

fn interval(node: &Node, place: &str, sink: &mut Sink) -> Option<Interval> {
    let example = "write `{ from: 2h, to: 3h }`, or one duration such as `2h`";
    let (from, to) = range(node, place, example, sink)?;
    Some(Interval { from, to })
}
