//! The language as a JSON Schema (draft 2020-12), for editors.
//!
//! The keys are those that the readers know, so that none can be missing here; `parts` are the pieces that everything
//! is made of, `steps` and `expect` the two halves of the language. A schema can't say everything: what fits a dialect,
//! or whether a variable is known, only [`parse()`](crate::parse()) says.

mod chaos;
mod engage;
mod expect;
mod parts;
mod report;
mod steps;
#[cfg(test)]
mod tests;

use attribution_destination::deliver::Ordering;
use attribution_destination::{Dialect, PreviousId};
use attribution_mock::rules::Level;
use serde_json::{Map, Value, json};

use self::parts::{any, described, duration, flag, mapping, or_placeholder, reference, text, words};
use crate::parse::{DEFAULTS, KEYS, SETTINGS};

/// The language as a JSON Schema.
///
/// ```
/// let schema = scenario::schema();
/// assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
/// assert_eq!(schema["required"][0], "steps");
/// ```
pub fn schema() -> Value {
    let mut root = mapping(KEYS.iter().map(|key| (*key, root(key))));
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of harness",
        "required": ["steps"],
        "$defs": {
            "placeholder": parts::placeholder(),
            "duration": parts::span_of_time(),
            "step": steps::step(),
            "steps": { "type": "array", "minItems": 1, "items": reference("step") },
            "call": steps::call(),
            "fault": steps::fault(),
            "when": steps::when(),
            "condition": engage::condition(),
            "pattern": expect::pattern(),
            "operators": expect::operators(),
            "expect": expect::expect(),
        },
    });
    if let (Value::Object(root), Value::Object(head)) = (&mut root, head) {
        root.extend(head);
    }
    root
}

/// What stands at a key of the file.
fn root(key: &str) -> Value {
    match key {
        "name" => described(text(), "What the scenario is called; by default the file's name."),
        "description" => described(text(), "What it is about."),
        "tags" => described(
            json!({ "type": "array", "items": { "type": "string" } }),
            "Words to choose it by with `--tag`.",
        ),
        "skip" => described(text(), "Why it is not to be played."),
        "only" => described(
            json!({ "type": "boolean" }),
            "While there is one, no other scenario is played; refused in CI.",
        ),
        "start" => described(
            text(),
            "The virtual clock at the first step, such as 2024-01-15T10:00:00Z.",
        ),
        "env" => described(
            json!({ "anyOf": [{ "type": "array", "items": { "type": "string" } }, { "type": "object" }] }),
            "Names that `{{env.NAME}}` reads from the environment; as a mapping, with what they are otherwise.",
        ),
        "vars" => described(
            json!({ "type": "object" }),
            "Variables for `{{name}}`; `--var name=value` gives another.",
        ),
        "matrix" => described(
            json!({
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "anyOf": [{ "type": "array", "minItems": 1 }, { "type": "object", "minProperties": 1 }],
                },
            }),
            "What varies: the file is played in every combination. A key of `settings` sets it, any is a variable.",
        ),
        "settings" => described(settings(), "How the destination and its double are set up."),
        "link" => described(
            or_placeholder(mapping([("latency", duration())])),
            "How long a request is under way before the server sees it.",
        ),
        "chaos" => chaos::chaos(),
        "engage" => described(
            engage::engage(),
            "The audiences and computed traits of which Engage tells the destination.",
        ),
        "channels" | "spend" | "report" => report::part(key),
        "defaults" => described(
            mapping(DEFAULTS.iter().map(|key| (*key, reference("call")))),
            "What every call has, or every call of a kind, unless it says otherwise.",
        ),
        "steps" => described(reference("steps"), "What happens, in order."),
        "expect" => described(
            json!({ "anyOf": [reference("expect"), { "type": "array", "items": reference("expect") }] }),
            "What there must be once every delivery has its outcome; in a list, each may have a `when`.",
        ),
        "finally" => described(
            reference("steps"),
            "What happens in the end, whatever came of the rest.",
        ),
        _ => any(),
    }
}

fn settings() -> Value {
    or_placeholder(mapping(SETTINGS.iter().map(|key| (*key, setting(key)))))
}

fn setting(key: &str) -> Value {
    match key {
        "project_id" => described(text(), "Attribution's project id; demo-project by default."),
        "dialect" => described(
            words(Dialect::ALL.iter().map(|dialect| dialect.as_str())),
            "The wire format; classic by default.",
        ),
        "previous_id" => described(
            words(PreviousId::ALL.iter().map(|choice| choice.as_str())),
            "Whether an alias of the actions dialect says which id is merged.",
        ),
        "screens" => described(flag(), "Whether the classic dialect delivers screen calls."),
        "ordering" => described(
            words(Ordering::NAMES.iter().copied()),
            "In which order one visitor's events are delivered.",
        ),
        "batch" => described(
            or_placeholder(json!({ "type": "integer", "minimum": 1 })),
            "How many events share a request of the import dialect.",
        ),
        "ingest" => described(flag(), "Whether messages pass Segment's ingest checks first."),
        "strict" => described(
            flag(),
            "Whether the double answers 400 to what no public sender can emit.",
        ),
        "dashboard_delay" => described(
            or_placeholder(json!({
                "anyOf": [
                    reference("duration"),
                    { "type": "string", "pattern": "^.+\\.\\..+$" },
                    mapping([("from", duration()), ("to", duration())]),
                ],
            })),
            "How long it takes until what was received is in the report; no time by default.",
        ),
        "rules" => described(
            or_placeholder(json!({
                "type": "object",
                "additionalProperties": words(Level::ALL.map(Level::as_str)),
            })),
            "What the double makes of each broken rule, by its id or name.",
        ),
        _ => any(),
    }
}

/// The entries as an object.
fn object<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let entries: Map<String, Value> = entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    Value::Object(entries)
}
