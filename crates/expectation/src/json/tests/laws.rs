use proptest::prelude::*;
use serde_json::Value;

use super::refused;
use crate::diagnostic::Sink;
use crate::expect::{Expectations, Section};
use crate::json::Document;
use crate::json::reader::{MAX_DEPTH, read};
use crate::syntax::Syntax;
use crate::tree::{Node, Shape};

#[test]
fn nesting_is_followed_as_far_as_in_a_scenario() {
    let nested = |depth: usize| {
        read(&"[".repeat(depth), &mut Sink::new(Syntax::Json))
            .unwrap_err()
            .message
    };
    assert!(nested(MAX_DEPTH).starts_with("not JSON: the list"));
    assert_eq!(nested(MAX_DEPTH + 1), "the text is nested too deeply");
    assert_eq!(nested(1_000_000), "the text is nested too deeply");
    let objects = "{\"a\":".repeat(1_000_000);
    assert_eq!(refused(&objects).mistakes[0].message, "the text is nested too deeply");
}

#[test]
fn a_key_twice_is_told_once_and_counts_once() {
    let mut sink = Sink::new(Syntax::Json);
    let node = read("{\"a\": 1,\n\"b\": 2, \"\\u0061\": {\"c\": 1, \"c\": 2}}", &mut sink).unwrap();
    assert_eq!(node.to_value().to_string(), r#"{"a":1,"b":2}"#);
    let (found, _) = sink.into_first();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].label.as_deref(), Some("the first is in line 1"));
}

/// The text of every node, outermost first.
fn texts<'a>(text: &'a str, node: &Node, out: &mut Vec<&'a str>) {
    out.push(&text[node.at.start..node.at.end]);
    match &node.shape {
        Shape::Items(items) => items.iter().for_each(|item| texts(text, item, out)),
        Shape::Entries(entries) => entries.iter().for_each(|entry| {
            out.push(&text[entry.at.start..entry.at.end]);
            texts(text, &entry.value, out);
        }),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => {}
    }
}

#[test]
fn every_value_knows_its_text() {
    let text = " { \"a\" : [1 , \"b\\n\"] , \"c\": { } }\n";
    let mut found = Vec::new();
    texts(text, &read(text, &mut Sink::new(Syntax::Json)).unwrap(), &mut found);
    let expected = [text.trim(), "\"a\"", "[1 , \"b\\n\"]", "1", "\"b\\n\"", "\"c\"", "{ }"];
    assert_eq!(found, expected);
}

/// Every value with its pointer.
fn pointers(node: &Node, pointer: &str, out: &mut Vec<(Node, String)>) {
    out.push((node.clone(), pointer.to_owned()));
    match &node.shape {
        Shape::Items(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{pointer}/{index}"), out);
            }
        }
        Shape::Entries(entries) => {
            for entry in entries {
                let key = entry.key.replace('~', "~0").replace('/', "~1");
                pointers(&entry.value, &format!("{pointer}/{key}"), out);
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => {}
    }
}

/// Any JSON value.
fn json() -> impl Strategy<Value = Value> {
    let number = "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number.prop_map(|text| serde_json::from_str(&text).expect("a number")),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-d/~é\"\\\\]{0,3}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// What JSON and what is nearly JSON is made of.
const NEARLY: &str = "([-+{}\\[\\],:\"' \n\t\\\\/#0-9.eEtrufalsn\u{0}é東]|true|null|\"a\":|\\\\u[dD][89c]00|1e5){0,30}";

/// Reads whatever text, as `serde_json` does; mistakes lie inside it.
fn agrees(text: &str) -> Result<(), TestCaseError> {
    let mut sink = Sink::new(Syntax::Json);
    match (read(text, &mut sink), serde_json::from_str::<Value>(text)) {
        (Ok(node), Ok(value)) if sink.is_empty() => prop_assert_eq!(node.to_value(), value),
        (Ok(_), Ok(_)) => {}
        (Err(mistake), Err(_)) => {
            prop_assert!(
                mistake.at.start <= mistake.at.end && mistake.at.end <= text.len(),
                "{:?}",
                mistake
            );
            prop_assert!(mistake.help.is_some(), "{:?}", mistake);
        }
        (ours, theirs) => prop_assert!(false, "{}\n{:?}\n{:?}", text, ours, theirs),
    }
    if let Err(mistakes) = Expectations::from_json(text.as_bytes(), &Section::ALL) {
        prop_assert!(!mistakes.mistakes.is_empty() && !mistakes.to_string().is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_text_is_json_when_serde_json_says_so(text in NEARLY) {
        agrees(&text)?;
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        agrees(&text)?;
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let found = Expectations::from_json(&bytes, &Section::ALL);
        prop_assert!(found.is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn json_is_read_as_it_is(value in json(), pretty: bool) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let mut sink = Sink::new(Syntax::Json);
        let node = read(&text, &mut sink).expect("serde_json writes JSON");
        prop_assert_eq!(node.to_value().to_string(), value.to_string());
        prop_assert!(sink.is_empty());
    }

    #[test]
    fn every_place_has_the_pointer_of_its_value(value in json()) {
        let document = Document::parse(value.to_string().as_bytes()).expect("serde_json writes JSON");
        let mut all = Vec::new();
        document
            .read(|node, _| {
                pointers(node, "", &mut all);
                Some(())
            })
            .expect("nothing is wrong");
        for (node, pointer) in all {
            prop_assert_eq!(document.pointer(node.at), pointer.clone());
            prop_assert_eq!(value.pointer(&pointer), Some(&node.to_value()));
        }
    }

    #[test]
    fn no_damage_to_json_makes_the_reader_panic(
        value in json(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..4,
        instead in "[-{}\\[\\],:\"\\\\0a ]{0,2}",
    ) {
        let mut text: Vec<char> = value.to_string().chars().collect();
        let start = at.index(text.len());
        let end = (start + length).min(text.len());
        text.splice(start..end, instead.chars());
        agrees(&text.into_iter().collect::<String>())?;
    }
}
