//! `engage:` as a schema.

use serde_json::{Value, json};

use super::parts::{any, count, described, duration, mapping, or_placeholder, reference, text, words};
use crate::parse::engage::{AGGREGATES, AUDIENCE, COUNTS, EVENTS, KEYS, PREDICATES};

/// The whole section.
pub(super) fn engage() -> Value {
    or_placeholder(mapping(KEYS.iter().map(|key| (*key, part(key)))))
}

fn part(key: &str) -> Value {
    match key {
        "audiences" => described(list(&audience()), "Audiences: whom they hold is told as true or false."),
        "traits" => described(list(&computed()), "Computed traits: their values are told."),
        "first_sync" => described(interval(), "How long after the start the first sync is; 6h by default."),
        "every" => described(interval(), "How much later the next one is; from 2h to 3h by default."),
        "form" => described(words(["identify", "track"]), "As which call the destination is told."),
        "alias" => described(
            words(["join", "ignore"]),
            "Whether an alias joins two people in Segment.",
        ),
        _ => any(),
    }
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn audience() -> Value {
    mapping(AUDIENCE.iter().map(|key| match *key {
        "when" => (*key, reference("condition")),
        key => (key, text()),
    }))
}

fn computed() -> Value {
    let names = ["name", "key"].map(|key| (key, text()));
    let aggregates = AGGREGATES.iter().map(|name| {
        let property = (*name != "count").then(|| ("property", text()));
        (*name, selected(property))
    });
    mapping(names.into_iter().chain(aggregates))
}

/// Whom an audience holds.
pub(super) fn condition() -> Value {
    let how_often = COUNTS.iter().map(|key| (*key, count()));
    let of_trait = std::iter::once(("trait", text())).chain(predicates());
    let all = || json!({ "type": "array", "minItems": 1, "items": reference("condition") });
    json!({
        "anyOf": [
            selected(how_often),
            mapping(of_trait),
            mapping([("and", all())]),
            mapping([("or", all())]),
            mapping([("not", reference("condition"))]),
        ],
    })
}

/// Which events count.
fn selected<'k>(more: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let events = EVENTS.iter().map(|key| (*key, text()));
    let filters = json!({
        "type": "object",
        "additionalProperties": {
            "anyOf": [{ "type": ["string", "number", "boolean", "null"] }, mapping(predicates())],
        },
    });
    let limits = [("where", filters), ("within", duration())];
    mapping(events.chain(limits).chain(more))
}

fn predicates() -> impl Iterator<Item = (&'static str, Value)> {
    PREDICATES.iter().map(|key| (*key, any()))
}

fn interval() -> Value {
    let both = mapping([("from", duration()), ("to", duration())]);
    json!({ "anyOf": [duration(), both] })
}
