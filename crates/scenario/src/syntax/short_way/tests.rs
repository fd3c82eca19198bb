use expectation::{Sink, Syntax};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::read;
use crate::syntax::read::{MAX_DEPTH, by_specification};

/// Whether the text is ordinary; what is read of it then is what the specification says.
fn is_ordinary(text: &str) -> bool {
    let Some(node) = read(text) else { return false };
    let mut sink = Sink::new(Syntax::Yaml);
    assert_eq!(by_specification(text, &mut sink), Ok(node), "{text}");
    assert_eq!(sink.into_first().0, [], "{text}");
    true
}

#[test]
fn scenarios_are_ordinary() {
    for folder in ["scenarios/contract", "scenarios/failing", "scenarios/passing"] {
        for fixture in test_support::fixtures(folder, "yaml") {
            assert!(is_ordinary(&fixture.text()), "{}", fixture.path.display());
        }
    }
}

#[test]
fn mistaken_scenarios_are_read_as_by_specification() {
    for folder in ["mistakes", "mistakes/money", "mistakes/steps"] {
        for fixture in test_support::fixtures(folder, "yaml") {
            is_ordinary(&fixture.text());
        }
    }
}

#[test]
fn what_is_not_ordinary_is_left_to_the_specification() {
    let others = [
        "",
        "# nothing",
        "a: &x b",
        "a: &x [b]",
        "- &x {}",
        "a: !!str 1",
        "! a",
        "a: { <<: b }",
        "a: 1\na: 2",
        "? [a]\n: b",
        "~: a",
        "a: +5",
        "a: .5",
        "a: 0x1F",
        "a: -.INF",
        "a: 007",
        "a: 1\n---\nb: 2",
        "a: 1\n...\nb",
        "a: [",
        "a: 'b",
        "a:\n\t- b",
    ];
    for text in others {
        assert!(!is_ordinary(text), "{text}");
    }
}

#[test]
fn common_notations_are_ordinary() {
    let common = [
        "a",
        "---\na: 1\n...\n",
        "a: 2024-01-15T10:00:00.000Z",
        "a: 2024-01-15",
        "- 40m\n- -1d\n- 1.2.3\n- 127.0.0.1\n- 1_000\n- '<<'\n- -\n- .gitignore",
        "a: -1.50e3\nb: 0\nc: -0\nd: 123456789012345678901234567890",
        "1: a\ntrue: b\n'~': c",
        "a:\nb: ~\nc: no\nd: True\n",
        "a: |\n  one\n\n  two\nb: >-\n  three\n  four\n",
        "a: \"\\u00e9\\n\" # é\nb: 'it''s'\n",
        "{ a: [1, { b: }], 'c': [ # ]\n ], d: [e: f] }",
    ];
    for text in common {
        assert!(is_ordinary(text), "{text}");
        assert!(is_ordinary(&text.replace('\n', "\r\n")), "{text}");
    }
}

#[test]
fn nesting_is_followed_as_far_as_by_specification() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(is_ordinary(&nested(MAX_DEPTH)));
    let deeper = nested(MAX_DEPTH + 1);
    assert!(!is_ordinary(&deeper));
    by_specification(&deeper, &mut Sink::new(Syntax::Yaml)).unwrap_err();
}

/// Whatever a scalar may be mistaken for; the last of them is empty.
const WORDS: &str = "~ null NULL nULL true False yes << inf .inf -.NaN +. - . + e1 1e 0x 0o17 0b2 -0x1f +0 -0 00 08 0. .0 \
    0.0e-0 1e999 1_0 0x_1 1__0.5 -.5 --1 +-1 9223372036854775808 -9223372036854775809 ' '' 'a''b' \"\\t\" \"\\x\" a#b a:b :a ?a \
    *a &a !a !!str @a %a | > é東 \u{feff} \u{0} \u{85} \u{2028}x a\tb [] {} {a} ] } , --- ... ";

const PHRASES: &[&str] = &[
    "a b",
    "a #b",
    "a: b",
    "&a b",
    "!!int 1",
    "[a: b]",
    "{? a : b}",
    "- a",
    "\"a\n b\"",
];

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(WORDS.split(' ').collect::<Vec<_>>()).prop_map(str::to_owned),
        1 => select(PHRASES).prop_map(str::to_owned),
        2 => "[-+]?[0-9_]{1,4}(\\.[0-9]{0,3})?([eE][-+]?[0-9]{1,3})?",
        1 => "[-+.0-9a-fxobEinf_]{1,5}",
        4 => "[a-c]{1,2}",
    ]
}

fn flow() -> impl Strategy<Value = String> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        let between = select(&[", ", ",", " , ", ",\n # ]\n ", "\n"][..]);
        let entry = (scalar(), inner.clone()).prop_map(|(key, value)| format!("{key}: {value}"));
        prop_oneof![
            (vec(inner, 0..4), between.clone()).prop_map(|(items, between)| format!("[{}]", items.join(between))),
            (vec(entry, 0..4), between).prop_map(|(entries, between)| format!("{{ {} }}", entries.join(between))),
        ]
    })
}

/// A node in blocks; what can't stand in the line of its key begins with a line break.
fn block() -> impl Strategy<Value = String> {
    let text = (
        select(&["|", ">-", "|+", "|1", "> # x"][..]),
        vec("[a-c #:-]{0,4}", 0..4),
    )
        .prop_map(|(header, lines)| format!("{header}\n  {}", lines.join("\n  ")));
    let leaf = prop_oneof![4 => scalar(), 2 => flow(), 1 => text];
    leaf.prop_recursive(4, 16, 4, |inner| {
        let indented = inner.prop_map(|node| node.replace('\n', "\n  "));
        let entry = (scalar(), indented.clone()).prop_map(|(key, value)| format!("\n{key}: {value}"));
        let item = indented.prop_map(|item| format!("\n- {}", item.trim_start()));
        let end = select(&["", "\n", " # x", "\n# x"][..]);
        prop_oneof![
            (vec(entry, 1..4), end.clone()).prop_map(|(entries, end)| entries.concat() + end),
            (vec(item, 1..4), end).prop_map(|(items, end)| items.concat() + end),
        ]
    })
}

fn document() -> impl Strategy<Value = String> {
    let start = select(&["", "---", "--- ", "# x\n", "\u{feff}", "%YAML 1.2\n---\n", "\n\n"][..]);
    let end = select(&["", "\n", "\n...", "\n...\n# x", "\n---\n", "\n--- a", "\n\t", "\n]"][..]);
    let line_break = select(&["\n", "\r\n", "\r"][..]);
    (start, block(), end, line_break)
        .prop_map(|(start, node, end, line_break)| format!("{start}{node}{end}").replace('\n', line_break))
}

fn signs() -> impl Strategy<Value = String> {
    let sign = select(&[": ", "\n", " ", "- ", "? ", "# ", ", ", "[", "]", "{", "}", "'", "\""][..]);
    vec(prop_oneof![scalar(), sign.prop_map(str::to_owned)], 0..16).prop_map(|signs| signs.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_document_is_read_as_by_specification(text in document()) {
        is_ordinary(&text);
    }

    #[test]
    fn signs_in_any_order_are_read_as_by_specification(text in signs()) {
        is_ordinary(&text);
    }
}
