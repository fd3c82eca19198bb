//! What is expected.

use expectation::Section;
use expectation::read::OPERATORS;
use serde_json::{Value, json};

use super::parts::{any, count, described, duration, mapping, or_placeholder, reference};
use super::report;

/// One `expect`.
pub(super) fn expect() -> Value {
    let section = |section: Section| {
        let schema = match section {
            Section::Deliveries => deliveries(),
            Section::Report => rows(section, report::asked()),
            _ => rows(section, Vec::new()),
        };
        (section.as_str(), schema)
    };
    let mut schema = mapping(
        Section::ALL
            .map(section)
            .into_iter()
            .chain([("when", reference("when"))]),
    );
    schema["minProperties"] = 1.into();
    or_placeholder(schema)
}

/// A list of rows, or what there must be among them, with what they are asked for.
fn rows(section: Section, asked: Vec<(&'static str, Value)>) -> Value {
    let list = || json!({ "type": "array", "items": row(section) });
    let some = || or_placeholder(json!({ "type": "array", "minItems": 1, "items": row(section) }));
    let exactly = (section == Section::Report).then(|| {
        let words = "Exactly these rows, in this order, as the list alone means; none where it is empty.";
        ("rows", described(list(), words))
    });
    let parts = [
        ("contains", described(list(), "Rows that there must be, in any order.")),
        (
            "ordered",
            described(
                some(),
                "Rows that there must be, in this order; others may stand between.",
            ),
        ),
        ("never", described(some(), "Rows that there must not be.")),
        (
            "count",
            described(
                json!({ "anyOf": [count(), reference("operators")] }),
                "How many rows there are.",
            ),
        ),
    ];
    let parts = mapping(parts.into_iter().chain(exactly).chain(asked));
    or_placeholder(json!({ "anyOf": [list(), with_some(parts)] }))
}

fn row(section: Section) -> Value {
    let keys = section.keys().iter().map(|key| (*key, reference("pattern")));
    json!({ "anyOf": [mapping(keys), reference("operators"), reference("placeholder")] })
}

fn deliveries() -> Value {
    let count = |key: &'static str| match key {
        "delivered_within" => {
            let schema = json!({ "anyOf": [duration(), reference("operators")] });
            (
                key,
                described(
                    schema,
                    "How long the slowest delivery took at most; every one must have arrived.",
                ),
            )
        }
        _ => (key, json!({ "anyOf": [count(), reference("operators")] })),
    };
    let counts = mapping(Section::Deliveries.keys().iter().copied().map(count));
    json!({ "anyOf": [counts, reference("operators"), reference("placeholder")] })
}

/// Operators, or a value to be matched in part: a mapping whose keys begin with `$` is operators.
pub(super) fn pattern() -> Value {
    json!({
        "anyOf": [
            reference("operators"),
            { "type": "object", "propertyNames": { "pattern": "^[^$]|^$" }, "additionalProperties": reference("pattern") },
            { "type": "array", "items": reference("pattern") },
            { "type": ["null", "boolean", "number", "string"] },
        ],
    })
}

/// One operator, or several that must all hold.
pub(super) fn operators() -> Value {
    with_some(mapping(OPERATORS.iter().map(|key| (*key, operator(key)))))
}

fn operator(key: &str) -> Value {
    match key {
        "$any" | "$absent" => or_placeholder(json!({ "const": true })),
        "$regex" => json!({ "type": "string" }),
        "$gt" | "$gte" | "$lt" | "$lte" => json!({ "type": ["number", "string"] }),
        "$approx" => json!({
            "anyOf": [
                { "type": "number" },
                mapping([("value", number()), ("within", number())]),
                reference("placeholder"),
            ],
        }),
        "$not" => reference("pattern"),
        "$in" => or_placeholder(json!({ "type": "array", "minItems": 1, "items": reference("pattern") })),
        _ => any(),
    }
}

fn number() -> Value {
    or_placeholder(json!({ "type": "number" }))
}

fn with_some(mut mapping: Value) -> Value {
    mapping["minProperties"] = 1.into();
    mapping
}
