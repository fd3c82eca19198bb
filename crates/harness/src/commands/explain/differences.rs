//! Where what became of a message on a server is not what its walk comes to here.

use attribution_destination::Prepared;
use attribution_mock::rules::{self, Rule};
use pipeline::Walk;
use serde_json::Value;

/// Each difference in a sentence, with what it may come from.
pub(super) fn between(walk: &Walk, fate: &Value) -> Vec<String> {
    let differences = [path(walk, fate), stage(walk, fate), count(walk, fate)];
    differences.into_iter().flatten().chain(rules_of(walk, fate)).collect()
}

fn path(walk: &Walk, fate: &Value) -> Option<String> {
    let Some(Prepared::Send(mapped)) = &walk.prepared else {
        return None;
    };
    let (here, there) = (mapped.request.path, fate["path"].as_str()?);
    (here != there).then(|| format!("sent to {there} there and to {here} here: give the --dialect of that server"))
}

fn stage(walk: &Walk, fate: &Value) -> Option<String> {
    let (here, there) = (end(walk), fate["stage"].as_str()?);
    // What is not decided may still end so.
    let is_open = there.starts_with("pending");
    (!is_open && here != there).then(|| format!("{} there and {} here", words(there), words(here)))
}

/// How the walk ended, as a server calls it.
fn end(walk: &Walk) -> &'static str {
    match (&walk.prepared, &walk.arrival) {
        (None, _) => "rejected",
        (Some(Prepared::Skip(_)), _) => "skipped",
        (Some(Prepared::Invalid(_)), _) => "invalid",
        (Some(Prepared::Send(_)), Some(arrival)) if arrival.status < 400 => "delivered",
        (Some(Prepared::Send(_)), _) => "failed",
    }
}

fn words(stage: &str) -> &str {
    match stage {
        "rejected" => "rejected by ingest",
        "duplicate" => "dropped as a duplicate",
        "skipped" => "skipped by the filter",
        "invalid" => "impossible to write as a request",
        "failed" => "refused for good",
        "expired" => "given up at the end of the retry window",
        "interrupted" => "given up at the end of the server",
        other => other,
    }
}

/// Whether it counts, where both took it.
fn count(walk: &Walk, fate: &Value) -> Option<String> {
    let is_taken = end(walk) == "delivered" && fate["stage"] == "delivered";
    let is_seen = fate["requests"].is_array();
    let stages = fate["stages"].as_array()?;
    let counts = stages.iter().any(|stage| stage == "recorded");
    (is_taken && is_seen && !counts).then(|| "taken there without counting".to_owned())
}

/// The rules that were found broken on one side only. Those that look at what was recorded before are only told where they were
/// found broken there: here nothing was.
fn rules_of(walk: &Walk, fate: &Value) -> Vec<String> {
    let Some(arrival) = walk.arrival.as_ref().filter(|_| fate["requests"].is_array()) else {
        return Vec::new();
    };
    let there: Vec<&str> = fate["rules"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let here: Vec<&str> = arrival.violations.iter().map(|violation| violation.rule).collect();
    let needs_record = |rule: &str| rules::find(rule).is_ok_and(|rule: &Rule| !rule.can_deny());
    let theirs = there.iter().filter(|rule| !here.contains(rule)).map(|rule| {
        if needs_record(rule) {
            format!("flagged by {rule} there, which looks at what was recorded before; here nothing was")
        } else {
            format!("flagged by {rule} there and not here: give the --rule of that server")
        }
    });
    let ours = here.iter().filter(|rule| !there.contains(rule) && !needs_record(rule));
    let ours = ours.map(|rule| format!("flagged by {rule} here and not there: give the --rule of that server"));
    theirs.chain(ours).collect()
}
