//! Steps.

use attribution_mock::Fault;
use expectation::Section;
use serde_json::{Value, json};

use super::parts::{any, count, described, duration, mapping, or_placeholder, reference, text, words};
use crate::parse::{LINK_FAULTS, MESSAGE_KEYS, SNAPSHOT, STEPS};

/// A mapping with the one key that says what is done, and perhaps a `when`.
pub(super) fn step() -> Value {
    let mut schema = mapping(
        STEPS
            .iter()
            .map(|key| (*key, action(key)))
            .chain([("when", reference("when"))]),
    );
    let one: Vec<Value> = STEPS.iter().map(|key| json!({ "required": [key] })).collect();
    schema["oneOf"] = Value::Array(one);
    schema
}

/// What stands at the key of a step.
pub(super) fn action(key: &str) -> Value {
    let steps = || ("steps", reference("steps"));
    match key {
        "page" | "identify" | "track" | "alias" | "screen" | "group" => {
            described(reference("call"), &format!("The Segment call `{key}`."))
        }
        "wait" => described(duration(), "Lets time pass, which costs nothing: it is virtual."),
        "fault" => described(
            or_placeholder(reference("fault")),
            "Makes the server or the link misbehave.",
        ),
        "file" => described(
            json!({ "anyOf": [text(), mapping([("path", text())])] }),
            "Plays recorded messages, one JSON object a line.",
        ),
        "settle" => described(
            json!({ "enum": [null, true] }),
            "Lets every delivery reach its outcome.",
        ),
        "expect" => described(reference("expect"), "Looks at this very moment."),
        "capture" => described(
            json!({ "type": "object", "minProperties": 1, "additionalProperties": text() }),
            "Gives names to what was observed or sent, such as `conversions[0].visitor` or `message.messageId`.",
        ),
        "set" => described(
            json!({ "type": "object", "minProperties": 1 }),
            "Gives names to values that are made now, such as `\"{{uuid}}\"`.",
        ),
        "snapshot" => described(
            json!({ "anyOf": [text(), mapping(SNAPSHOT.iter().map(|key| (*key, snapshot(key))))] }),
            "Lets every delivery reach its outcome, and holds the requests, or what `of` says, against a file below \
             `snapshots/` that `harness run --update-snapshots` writes.",
        ),
        "include" => described(text(), "Plays the list of steps in another file, relative to this one."),
        "repeat" => described(
            mapping([("times", count()), steps()]),
            "Plays steps several times; `{{index}}` counts from 0.",
        ),
        "for_each" => described(
            mapping([
                (
                    "rows",
                    json!({ "anyOf": [{ "type": "array", "minItems": 1 }, reference("placeholder")] }),
                ),
                ("file", text()),
                ("as", text()),
                steps(),
            ]),
            "Plays steps for each row, which is `{{row}}`, or called as `as` says; `file` is CSV or NDJSON.",
        ),
        "parallel" => described(
            reference("steps"),
            "Makes calls at one moment, all before any is awaited.",
        ),
        _ => any(),
    }
}

fn snapshot(key: &str) -> Value {
    match key {
        "of" => words(Section::ALL.map(Section::as_str)),
        "fields" => json!({ "type": "array", "minItems": 1, "items": text() }),
        _ => text(),
    }
}

/// A Segment message, without its type.
pub(super) fn call() -> Value {
    or_placeholder(mapping(MESSAGE_KEYS.iter().map(|key| (*key, any()))))
}

/// What variables must be.
pub(super) fn when() -> Value {
    described(
        json!({ "type": "object", "minProperties": 1, "additionalProperties": reference("pattern") }),
        "What variables must be for it to be played, such as `{ dialect: actions }`.",
    )
}

/// A fault of the server or of the link.
pub(super) fn fault() -> Value {
    let mut keys: Vec<&str> = Fault::words().collect();
    keys.extend(
        LINK_FAULTS
            .iter()
            .filter(|key| !Fault::words().any(|word| word == **key)),
    );
    let mut schema = mapping(keys.into_iter().map(|key| (key, word(key))));
    schema["minProperties"] = 1.into();
    schema
}

fn word(key: &str) -> Value {
    match key {
        "close" | "reset" => words(["before", "after"]),
        "content_length" => words(["more", "less"]),
        "connect" => words(["refuse"]),
        "after" | "for" => duration(),
        "cut" => count(),
        "hang" | "truncate" | "garbage" => or_placeholder(json!({ "const": true })),
        "times" => {
            json!({ "anyOf": [{ "type": "integer", "minimum": 1 }, { "const": "always" }, reference("placeholder")] })
        }
        _ => any(),
    }
}
