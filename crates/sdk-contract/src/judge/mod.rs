//! Holds what was seen against what a case demands. Pure.

mod arrival;
mod attempts;
mod ending;
#[cfg(test)]
mod tests;

use crate::case::{Case, Demand};
use crate::observed::{Delivery, Fate, Observed};
use crate::report::{CaseReport, Failure};

/// How much of a text of others' a report has, in characters.
const SHOWN: usize = 400;

/// What came of a case.
pub(crate) fn judge(case: &Case, observed: &Observed) -> CaseReport {
    let mut failures: Vec<Failure> = ending::ended(&observed.ending.exit).into_iter().collect();
    if !observed.refusals.is_empty() {
        failures.push(Failure::new(
            "ingest",
            "nothing against what is sent",
            observed.refusals.join("; "),
        ));
    }
    let demanded = case.demands.iter();
    failures.extend(demanded.flat_map(|demand| against(*demand, case, observed)));
    if !failures.is_empty() && !observed.astray.is_empty() {
        failures.push(Failure::new(
            "other requests",
            "calls below /v1/ of apiHost, settings at /v1/projects/<write key>/settings of cdnHost",
            observed.astray.join(", "),
        ));
    }
    CaseReport {
        suite: case.suite,
        name: case.name,
        about: case.about,
        failures,
        requests: observed.deliveries.iter().map(line).collect(),
        stderr: the_end(&observed.ending.stderr),
    }
}

/// What one demand has against what was seen.
fn against(demand: Demand, case: &Case, observed: &Observed) -> Vec<Failure> {
    let deliveries = &observed.deliveries;
    match demand {
        Demand::Arrived => arrival::arrived(case, observed),
        Demand::Arrives(count) => arrival::arrives(count, observed).into_iter().collect(),
        Demand::Succeeds => ending::says(true, &observed.ending.exit).into_iter().collect(),
        Demand::Fails => ending::says(false, &observed.ending.exit).into_iter().collect(),
        Demand::Attempts(count) => attempts::count(count, deliveries).into_iter().collect(),
        Demand::BatchesOf(most) => attempts::batches(most, deliveries),
        Demand::SameIds => attempts::same_ids(deliveries),
        Demand::Waits(least) => attempts::waits(least, deliveries).into_iter().collect(),
        Demand::RetryCount => attempts::retry_count(deliveries).into_iter().collect(),
        Demand::KeepsMessageId => arrival::keeps("messageId", case, observed).into_iter().collect(),
        Demand::KeepsTimestamp => arrival::keeps("timestamp", case, observed).into_iter().collect(),
        Demand::WriteKey => attempts::write_key(deliveries),
        Demand::Fetches => attempts::fetches(observed.fetched_after).into_iter().collect(),
    }
}

/// A request in a line.
fn line(delivery: &Delivery) -> String {
    let messages: Vec<String> = delivery.messages.iter().take(5).map(arrival::title).collect();
    let more = delivery.messages.len().saturating_sub(5);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let messages = if messages.is_empty() {
        "no messages".to_owned()
    } else {
        format!("{}{more}", messages.join(", "))
    };
    let fate = match delivery.fate {
        Fate::Answered(status) => format!("answered {status}"),
        Fate::Reset => "its connection reset".to_owned(),
        Fate::TakenThenReset => "taken, and its connection reset".to_owned(),
    };
    format!("{messages}: {fate}")
}

/// The end of a text, which is where the reason stands.
fn the_end(text: &str) -> String {
    let text = text.trim_end();
    let skipped = text.chars().count().saturating_sub(SHOWN);
    text.chars().skip(skipped).collect()
}
