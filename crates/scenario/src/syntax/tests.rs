use expectation::tree::{Node, Shape};
use expectation::{Sink, Syntax};
use proptest::prelude::*;

use super::read;

fn node(text: &str) -> Node {
    let mut sink = Sink::new(Syntax::Yaml);
    let node = read(text, &mut sink).expect("the test is YAML");
    assert_eq!(sink.into_first().0, [], "{text}");
    node
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

fn places(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    texts(text, &node(text), &mut out);
    out
}

#[test]
fn block_mappings_and_lists_end_with_their_last_child() {
    let text = "a:\n  - 1\n  - b: 2 # two\nc: ~\n";
    assert_eq!(
        places(text),
        [text.trim_end(), "a", "- 1\n  - b: 2", "1", "b: 2", "b", "2", "c", "~"]
    );
}

#[test]
fn flow_mappings_and_lists_end_with_their_bracket() {
    let text = "{ a: [1, 2 ], b: { }, c: [ # ]\n 3,\n # }\n ] }";
    let expected = [
        text,
        "a",
        "[1, 2 ]",
        "1",
        "2",
        "b",
        "{ }",
        "c",
        "[ # ]\n 3,\n # }\n ]",
        "3",
    ];
    assert_eq!(places(text), expected);
}

#[test]
fn what_an_alias_stands_for_lies_at_the_alias() {
    assert_eq!(places("a: &x [1]\nb: *x")[4..], ["b", "*x", "*x"]);
}

#[test]
fn quotes_and_blocks_are_part_of_a_text() {
    assert_eq!(
        places("a: 'it''s'\nb: |\n  two\n  lines\n\n")[2..],
        ["'it''s'", "b", "two\n  lines"]
    );
}

proptest! {
    #[test]
    fn numbers_of_json_are_kept(number in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,20})?") {
        let Shape::Number(found) = node(&number).shape else { panic!("{number} is no number") };
        prop_assert_eq!(found.to_string(), number);
    }

    #[test]
    fn quoted_text_is_kept(text in "[ -~é東]{0,40}") {
        let quoted = serde_json::Value::from(text.as_str()).to_string();
        prop_assert_eq!(node(&quoted).shape, Shape::Text(text));
    }
}
