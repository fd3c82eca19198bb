use proptest::prelude::*;
use serde_json::Value;

use super::{Json, from_slice, from_str};

/// What is read, as text, because two objects are equal whatever the order of their keys; or why nothing is.
fn told(read: serde_json::Result<Value>) -> String {
    read.map_or_else(|error| error.to_string(), |value| value.to_string())
}

#[test]
fn no_key_makes_a_number_or_an_error_of_an_object() {
    for text in [
        r#"{"$serde_json::private::Number":"1"}"#,
        r#"{"$serde_json::private::Number":""}"#,
        r#"{"$serde_json::private::Number":1}"#,
        r#"{"$serde_json::private::Number":{"$serde_json::private::Number":"1e400"},"a":[1.50]}"#,
        r#"[{"a":{"$serde_json::private::Number":"1","b":null}}]"#,
        r#"{"$serde_json::private::RawValue":"[]"}"#,
        r#"{"$serde_json::private::Number":"-0","b":{"$serde_json::private::Number":[]}}"#,
    ] {
        assert_eq!(told(from_str(text)), text);
        assert_eq!(told(from_slice(text.as_bytes())), text);
    }
    let escaped = r#"{"\u0024serde_json::private::Number":"1"}"#;
    assert_eq!(told(from_str(escaped)), r#"{"$serde_json::private::Number":"1"}"#);
}

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(deserialize_with = "super::deserialize")]
    any: Value,
    #[serde(default, deserialize_with = "super::object")]
    object: serde_json::Map<String, Value>,
}

#[test]
fn a_field_is_read_like_a_whole_text() {
    let read = |text| serde_json::from_str::<Fields>(text);
    let fields = read(r#"{"any":{"$serde_json::private::Number":"1"},"object":{"a":1.0}}"#).unwrap();
    assert!(fields.any.is_object());
    assert_eq!(fields.object["a"].to_string(), "1.0");
    assert!(read(r#"{"any":7,"object":7}"#).is_err());
    assert!(
        read(r#"{"any":7,"object":{"$serde_json::private::Number":"7"}}"#).is_ok_and(|fields| fields.object.len() == 1)
    );
}

#[test]
fn of_several_each_is_read() {
    let text = r#"7 {"$serde_json::private::Number":"7"}"#;
    let read: Result<Vec<Json>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    let shown: Vec<String> = read.unwrap().iter().map(|Json(value)| value.to_string()).collect();
    assert_eq!(shown.join(" "), text);
}

/// Text that is JSON or nearly so.
fn text() -> impl Strategy<Value = String> {
    let string =
        || prop_oneof![4 => r#""[a-c]{0,2}""#, 2 => r#""(\\[nu"/]|\\u[0-9a-f]{4}|\\ud83d\\ude00|é|[\t\n]){0,3}""#];
    let leaf = prop_oneof![
        string(),
        "-?(0|[1-9][0-9]{0,25})([.][0-9]{1,5})?([eE][+-]?[0-9]{1,3})?",
        "true|false|null|nul|01|-|1[.]|",
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" ,"))),
            prop::collection::vec((string(), inner), 0..4).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn all_else_is_read_as_serde_json_reads_it(text in text(), cut in any::<prop::sample::Index>(), is_cut in any::<bool>()) {
        let bytes = if is_cut { &text.as_bytes()[..cut.index(text.len() + 1)] } else { text.as_bytes() };
        prop_assert_eq!(told(from_slice(bytes)), told(serde_json::from_slice(bytes)));
        if let Ok(text) = std::str::from_utf8(bytes) {
            prop_assert_eq!(told(from_str(text)), told(serde_json::from_str(text)));
        }
    }
}
