//! `channels:`, `spend:` and `report:`.

use attribution_report::channels::{CHANNEL_KEYS, FILTER_KEYS, TOP_KEYS};
use attribution_report::{Booked, Dimension, SPEND_COLUMNS};
use serde_json::{Value, json};

use super::parts::{any, described, flag, mapping, or_placeholder, text, words};
use crate::parse::report::KEYS;

/// What a report is made with, by its key in the file.
pub(super) fn part(key: &str) -> Value {
    match key {
        "channels" => described(
            channels(),
            "Which channels there are: attribution (by default) or analytics, a channels.yaml, or the channels themselves.",
        ),
        "spend" => described(spend(), "What advertising cost, in rows or in a CSV file."),
        "report" => described(
            settings(),
            "What the report is asked for; the keys are the options of `harness report`.",
        ),
        _ => any(),
    }
}

/// A name or a path, or what stands in a `channels.yaml`, of which the values are checked by its own reader.
fn channels() -> Value {
    let filter = mapping(FILTER_KEYS.map(|key| (key, any())));
    let filters = json!({ "type": "array", "minItems": 1, "items": filter });
    let channel = mapping(CHANNEL_KEYS.map(|key| match key {
        "filters" => (key, filters.clone()),
        _ => (key, text()),
    }));
    let list = json!({ "type": "array", "minItems": 1, "items": channel });
    let file = mapping(TOP_KEYS.map(|key| match key {
        "channels" => (key, list.clone()),
        _ => (key, any()),
    }));
    json!({ "anyOf": [text(), list, file] })
}

fn spend() -> Value {
    let row = mapping(SPEND_COLUMNS.map(|column| match column {
        "spend" => (column, json!({ "type": ["number", "string"] })),
        _ => (column, json!({ "type": ["string", "null"] })),
    }));
    json!({
        "anyOf": [
            { "type": "array", "minItems": 1, "items": row },
            { "type": "string" },
            mapping([("file", text())]),
        ],
    })
}

/// `report:` of a scenario.
fn settings() -> Value {
    or_placeholder(mapping(KEYS.iter().map(|key| (*key, setting(key)))))
}

/// What the report of an `expect` can be asked for.
pub(super) fn asked() -> Vec<(&'static str, Value)> {
    let keys = KEYS.iter().filter(|key| **key != "currency");
    keys.map(|key| (*key, setting(key))).collect()
}

pub(super) fn setting(key: &str) -> Value {
    let several =
        |one: Value, least: u64| json!({ "anyOf": [one, { "type": "array", "minItems": least, "items": one }] });
    match key {
        "by" => described(
            several(words(Dimension::ALL.map(Dimension::as_str)), 1),
            "What there is a row for; channel by default.",
        ),
        "model" => described(
            several(text(), 1),
            "How a conversion is divided among the visits before it, such as linear (by default) or time-decay:14d.",
        ),
        "look_back" => described(
            text(),
            "So long before a conversion a visit can get credit for it, as in 36h; 90d by default.",
        ),
        "direct" => described(
            text(),
            "Whether direct visits get credit: include (by default), exclude, or exclude-after:EVENT.",
        ),
        "event" => described(several(text(), 0), "Only these events are conversions."),
        "booked" => described(
            words(Booked::ALL.map(Booked::as_str)),
            "On which day credit is booked; visit by default.",
        ),
        "utc_offset" => described(
            text(),
            "How much earlier days begin than those of UTC, as in +02:00; +00:00 by default.",
        ),
        "from" => described(text(), "The first day that counts."),
        "to" => described(text(), "The last day that counts."),
        "company" => described(flag(), "Whether everyone of one companyId counts as one visitor."),
        "currency" => described(text(), "The currency of the report and its spend; USD by default."),
        _ => any(),
    }
}
