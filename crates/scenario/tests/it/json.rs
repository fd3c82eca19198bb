use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use scenario::expect::{Expectations, Section};
use scenario::{Source, parse};
use serde_json::{Value, json};

use crate::language::expectations;

/// What stands before an `expect` in a scenario, and blanks of the same length before the same in JSON: so both lie at
/// the same bytes.
const BEFORE: &str = "steps: [{ page: {} }]\nexpect: ";

/// What an `expect` says, or all that is wrong with it, with every place.
type Read = Result<String, Vec<(usize, usize, String)>>;

fn in_yaml(expect: &str) -> Read {
    let source = Source::new("a.yaml", format!("{BEFORE}{expect}\n").into_bytes()).expect("text is UTF-8");
    match parse(Arc::new(source), &BTreeMap::new()) {
        Ok(scenarios) => Ok(format!("{:?}", expectations(&scenarios[0]))),
        Err(error) => Err(error
            .diagnostics
            .into_iter()
            .map(|found| (error.source.position(found.at.start), found))
            // What is null in JSON may be left out in YAML.
            .map(|(at, found)| (at.line, at.column, found.message.replace("not empty", "not null")))
            .collect()),
    }
}

fn in_json(expect: &str) -> Read {
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    let before: String = BEFORE.chars().map(blank).collect();
    match Expectations::from_json(format!("{before}{expect}\n").as_bytes(), &Section::ALL) {
        Ok(expectations) => Ok(format!("{expectations:?}")),
        Err(error) => Err(error
            .mistakes
            .into_iter()
            .map(|found| (found.position.line, found.position.column, found.message))
            .collect()),
    }
}

#[test]
fn the_two_can_be_told_apart() {
    assert_eq!(in_yaml(r#"{"visits": []}"#), in_json(r#"{"visits": []}"#));
    assert_ne!(in_yaml(r#"{"visits": []}"#), in_json(r#"{"merges": []}"#));
    assert_ne!(in_yaml(r#"{"visits": []}"#), in_json(r#"{"visits":  []}"#));
    let mistakes = in_json(r#"{"visits": [{"pgae": 1}]}"#).unwrap_err();
    assert_eq!(mistakes, [(2, 22, "a row of `visits` has no key `pgae`".to_owned())]);
}

fn scalar() -> impl Strategy<Value = Value> {
    let number = "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,3})?";
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number.prop_map(|text| serde_json::from_str(&text).expect("a number")),
        // Two braces begin a placeholder in a scenario, and nothing in JSON.
        "[a-z0-9 :#/\"\\\\\n\té東😀{}\\[\\],~$-]{0,12}".prop_map(|text| Value::from(text.replace('{', "{ "))),
        Just(json!("2024-01-15T10:00:00Z")),
        Just(json!("yes")),
    ]
}

/// Values, lists, mappings and operators without a mistake.
fn pattern() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => scalar(),
        1 => prop::sample::select(vec![
            json!({"$any": true}),
            json!({"$absent": true}),
            json!({"$regex": "^a\\.[é😀]"}),
            json!({"$gt": 5, "$lte": "2024-01-15T10:00:00Z"}),
            json!({"$approx": {"value": 9.5, "within": 1}}),
        ]),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            fields("([a-c]{1,2}|x y|a/b|)", inner.clone()),
            inner.clone().prop_map(|value| json!({ "$not": value })),
            inner.clone().prop_map(|value| json!({ "$exactly": value })),
            prop::collection::vec(inner, 1..3).prop_map(|values| json!({ "$in": values })),
        ]
    })
}

/// The same with operators that are mistaken, or have values of another kind.
fn mistaken() -> impl Strategy<Value = Value> {
    const OPERATORS: &str =
        "(\\$(any|absent|regex|gt|gte|lt|lte|approx|not|in|exactly|nto)|gte|value|within|contains|count)";
    pattern().prop_recursive(3, 16, 3, |inner| fields(OPERATORS, inner))
}

fn fields(key: &'static str, value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec((key, value), 0..3).prop_map(|fields| Value::Object(fields.into_iter().collect()))
}

/// What one section must hold.
fn rows(row: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    (prop::collection::vec(row, 0..3), 0..3).prop_map(|(rows, shape)| match shape {
        0 => json!({ "contains": rows, "count": { "$gte": 2 } }),
        1 => json!({ "contains": rows, "count": 2 }),
        _ => Value::from(rows),
    })
}

fn expect() -> impl Strategy<Value = Value> {
    let free_form = ("(traits|properties|body)", pattern()).prop_map(|(key, value)| {
        let section = match key.as_str() {
            "traits" => "identities",
            "properties" => "conversions",
            _ => "requests",
        };
        (section, json!({ key: value }))
    });
    let sound = (free_form, rows(Just(json!({"visitor": "a"})))).prop_flat_map(|((section, row), visits)| {
        rows(Just(row)).prop_map(move |rows| json!({ section: rows, "visits": visits }))
    });
    let row = prop_oneof![
        4 => fields("(visitor|properties|traits|page_views|body|path|evnt)", mistaken()),
        1 => mistaken(),
    ];
    let section = prop_oneof![3 => rows(row), 1 => mistaken()];
    let unsound = fields(
        "(visits|identities|conversions|requests|skips|deliveries|visist)",
        section,
    );
    prop_oneof![sound, unsound]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn json_is_read_as_yaml_is_with_the_same_mistakes_at_the_same_places(expect in expect(), pretty: bool) {
        let text = if pretty { format!("{expect:#}").replace('\n', "\n  ") } else { expect.to_string() };
        prop_assert_eq!(in_json(&text), in_yaml(&text));
    }
}
