use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::{Edits, Rewriting, Scanner, Shape, Span, Stops};

/// Shouts every string that begins with "loud", which leaves the upper-case ones as they are.
struct Loud;

impl Rewriting for Loud {
    type Text = String;

    fn may_rewrite(text: &[u8]) -> bool {
        text.starts_with(b"loud")
    }

    fn may_rewrite_escaped(raw: &[u8]) -> bool {
        raw.starts_with(b"l") || raw.starts_with(br"\u006c")
    }

    fn rewrite(text: &[u8]) -> Option<String> {
        let text = str::from_utf8(text).ok()?;
        text.starts_with("loud").then(|| text.to_uppercase())
    }
}

/// The message as it is copied, and its members, if it is scanned at all.
fn scanned(source: &str) -> Option<(String, Vec<(String, Span)>)> {
    let (mut stops, mut edits, mut members) = (Stops::default(), Edits::default(), Vec::new());
    let mut scanner = Scanner::<Loud>::new(source.as_bytes(), &mut stops, &mut edits)?;
    scanner.message(|scanner, key, at| {
        let span = scanner.span(at)?;
        members.push((String::from_utf8_lossy(key.raw).into_owned(), span));
        Some(span.end())
    })?;
    let mut copy = Vec::new();
    edits.copy::<Loud>(source.as_bytes(), 0, 0..source.len(), &mut copy);
    Some((String::from_utf8(copy).unwrap(), members))
}

fn copied(source: &str) -> Option<String> {
    scanned(source).map(|(copy, _)| copy)
}

#[test]
fn members_are_handed_out_with_their_places() {
    let source = r#" { "a" : [1, {}], "b": "x\ny", "c":-1.5e3,"d":null , "e":true} "#;
    let (_, members) = scanned(source).unwrap();
    let shown: Vec<_> = members
        .iter()
        .map(|(key, span)| (key.as_str(), &source[span.range()], span.shape))
        .collect();
    let expected = [
        ("a", "[1, {}]", Shape::Array),
        ("b", r#""x\ny""#, Shape::Escaped),
        ("c", "-1.5e3", Shape::Number),
        ("d", "null", Shape::Null),
        ("e", "true", Shape::Bool(true)),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn a_copy_is_compact_and_has_its_strings_rewritten() {
    assert_eq!(
        copied("{\r\n\t\"loud\" : \"loud é\" , \"b\": [ \"loud\\u00e9\", \" \", {} ]\n}").unwrap(),
        r#"{"loud":"LOUD É","b":["loud\u00e9"," ",{}]}"#
    );
}

#[test]
fn any_part_can_be_copied() {
    let source = r#"{ "a": [ "loud", 1 ], "b": { "c": "loud" } }"#;
    let (mut stops, mut edits, mut copies) = (Stops::default(), Edits::default(), Vec::new());
    let mut spans = Vec::new();
    let mut scanner = Scanner::<Loud>::new(source.as_bytes(), &mut stops, &mut edits).unwrap();
    let read = scanner.message(|scanner, _, at| {
        spans.push(scanner.span(at)?);
        spans.last().map(Span::end)
    });
    assert!(read.is_some() && edits.rewrite_any());
    for span in spans {
        let mut copy = Vec::new();
        edits.copy::<Loud>(source.as_bytes(), span.edits(), span.range(), &mut copy);
        copies.push(String::from_utf8(copy).unwrap());
    }
    assert_eq!(copies, [r#"["LOUD",1]"#, r#"{"c":"LOUD"}"#]);
}

#[test]
fn what_may_be_rewritten_behind_an_escape_is_not_scanned() {
    assert_eq!(copied(r#"{"a":"\u006coud"}"#), None);
    assert_eq!(copied(r#"{"a":"lo\u0075d"}"#), None);
    assert!(copied(r#"{"a":"quiet\u0021"}"#).is_some());
    assert_eq!(copied(r#"{"\u0061":1}"#), None, "nor is a key that has such an escape");
}

#[test]
fn words_numbers_and_strings_are_those_of_json() {
    let accepted = |value: &str| copied(&format!(r#"{{"a":{value}}}"#)).is_some();
    for value in [
        "0",
        "-0",
        "10",
        "0.0",
        "1e5",
        "1E+05",
        "-1.25e-7",
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\ud83d\ude00""#,
        "\"\u{7f}\"",
    ] {
        assert!(accepted(value), "{value}");
    }
    for value in [
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "nul",
        "nulll",
        "True",
        "'a'",
        r#""\x""#,
        r#""\u12g4""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u0041""#,
        "\"\t\"",
        "\"a",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{,}",
        r#"{"a"}"#,
        "[}",
        "",
    ] {
        assert!(!accepted(value), "{value}");
    }
}

#[test]
fn strings_of_every_length_end_where_they_end() {
    for length in 0..200 {
        let source = format!(r#"{{"{}":"{}"}}"#, "k".repeat(length), "é".repeat(length));
        assert_eq!(copied(&source).as_ref(), Some(&source));
        let quoted = format!(r#"{{"{}\\":"{}\""}}"#, "k".repeat(length), "v".repeat(length));
        assert_eq!(copied(&quoted).as_ref(), Some(&quoted));
    }
}

#[test]
fn memory_of_an_earlier_message_does_not_show_in_a_later_one() {
    let (mut stops, mut edits) = (Stops::default(), Edits::default());
    let skip = |scanner: &mut Scanner<'_, '_, Loud>, at| scanner.skip(at);
    for (source, is_accepted) in [
        (r#"{"a": "loud", "b": "loud"}"#, true),
        (r#"{"a": ""#, false),
        ("{}", true),
    ] {
        let mut scanner = Scanner::<Loud>::new(source.as_bytes(), &mut stops, &mut edits).unwrap();
        assert_eq!(
            scanner.message(|scanner, _, at| skip(scanner, at)).is_some(),
            is_accepted,
            "{source}"
        );
    }
    assert!(!edits.rewrite_any());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn what_is_scanned_is_json_and_its_copy_is_the_same_but_compact(
        source in r#"[{]( ?"[a\\n ]{0,3}"\s?:\s?[\[\]{}",:0-9eE.tfnu\\ -]{0,12},?){0,3}[}] ?"#,
    ) {
        if let Some(copy) = copied(&source) {
            let value = serde_json::from_str::<Value>(&source);
            prop_assert!(value.is_ok(), "{} is not JSON", source);
            prop_assert_eq!(serde_json::from_str::<Value>(&copy).unwrap(), value.unwrap());
            prop_assert_eq!(copied(&copy), Some(copy.clone()), "nothing is left to change");
        }
    }

    #[test]
    fn whatever_serde_json_writes_is_scanned(texts in proptest::collection::vec(r"[^l]?\PC{0,40}", 0..6), number in -1e9..1e9_f64) {
        let value = json!({"texts": texts, "more": {"number": number, "texts": texts, "none": null, "empty": {}}});
        let compact = value.to_string();
        prop_assert_eq!(copied(&compact), Some(compact.clone()));
        prop_assert_eq!(copied(&serde_json::to_string_pretty(&value).unwrap()), Some(compact));
    }
}
