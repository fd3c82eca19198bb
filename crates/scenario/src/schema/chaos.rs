//! `chaos`.

use serde_json::{Value, json};

use super::parts::{any, described, duration, mapping, or_placeholder, reference};
use crate::chaos::ChaosKind;
use crate::parse::CHAOS;

/// Random faults.
pub(super) fn chaos() -> Value {
    described(
        or_placeholder(mapping(CHAOS.iter().map(|key| (*key, setting(key))))),
        "Under how many random schedules of faults it must hold as well; a seed decides all of them.",
    )
}

/// What stands at a key of it.
pub(super) fn setting(key: &str) -> Value {
    let number = || or_placeholder(json!({ "type": "integer", "minimum": 1 }));
    match key {
        "runs" => described(number(), "How many runs, each under faults of its own; 100 by default."),
        "max_faults" => described(number(), "How many faults a run has at most; 4 by default."),
        "faults" => described(
            or_placeholder(json!({ "type": "array", "minItems": 1, "items": kind() })),
            "What may strike; by default everything that a retry cures.",
        ),
        _ => any(),
    }
}

fn kind() -> Value {
    let words: Vec<&str> = ChaosKind::defaults().into_iter().map(|(word, _)| word).collect();
    let status = json!({ "type": "integer", "minimum": 300 });
    let statuses =
        json!({ "anyOf": [status, { "type": "array", "minItems": 1, "items": status }, reference("placeholder")] });
    json!({ "anyOf": [
        { "enum": words },
        mapping([("status", statuses)]),
        mapping([("retry_after", duration())]),
        mapping([("latency", duration())]),
        reference("fault"),
        reference("placeholder"),
    ] })
}
