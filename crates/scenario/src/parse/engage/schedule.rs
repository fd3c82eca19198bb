//! `first_sync:` and `every:`.

use std::time::Duration;

use expectation::read::Fields;
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink};
use segment_engage::{Interval, Schedule, ScheduleError};

use crate::parse::wait::wait;

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

/// A duration, or a mapping of the shortest and the longest.
fn interval(node: &Node, place: &str, sink: &mut Sink) -> Option<Interval> {
    let Shape::Entries(_) = &node.shape else {
        return wait(node, place, sink).map(Interval::exactly);
    };
    let fields = Fields::of(node, place, &["from", "to"], sink)?;
    let mut end = |key: &str| -> Option<Duration> {
        let node = fields.get(key)?;
        wait(node, &format!("{place}.{key}"), sink)
    };
    let ends = (end("from"), end("to"));
    let there = fields.get("from").and(fields.get("to"));
    match (ends, there) {
        ((Some(from), Some(to)), _) if from <= to => Some(Interval { from, to }),
        ((Some(_), Some(_)), Some(to)) => {
            sink.push(Diagnostic::new(to.at, format!("`{place}` ends before it begins")).help("swap the two"));
            None
        }
        (_, Some(_)) => None,
        (_, None) => {
            let mistake = Diagnostic::new(node.at, format!("`{place}` has not both ends"));
            sink.push(mistake.help("write `{ from: 2h, to: 3h }`, or one duration such as `2h`"));
            None
        }
    }
}
