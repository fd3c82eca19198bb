use proptest::prelude::*;
use serde_json::{Map, json};

use super::{Object, Value, read};

/// What is read, or why nothing is, in words; read as `json_value` does it.
fn by_specification(text: &[u8]) -> Result<String, String> {
    let value = json_value::from_slice(text).map_err(|error| error.to_string())?;
    Ok(value.to_string())
}

fn by_this(text: &[u8]) -> Result<String, String> {
    let value = read(text).map_err(|error| error.to_string())?;
    Ok(value.to_string())
}

fn object(text: &str) -> Object<'_> {
    match read(text.as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("{text} is {other:?}"),
    }
}

#[test]
fn what_is_read_is_what_is_written_to_the_digit() {
    for text in [
        r#"{"b":99.90,"a":[1e+400,-0,"\u0000é",null,true,[],{}],"c":{"z":{},"y":12345678901234567890123}}"#,
        r#"{"a":{"$serde_json::private::Number":"1"},"$serde_json::private::Number":{"b":1}}"#,
        r#"{"":"","\"\\":"\n"}"#,
        "[1]",
        "5",
    ] {
        assert_eq!(by_this(text.as_bytes()).as_deref(), Ok(text));
    }
    assert_eq!(
        by_this(br#"{"a":1E5,"b":-1e-7}"#).as_deref(),
        Ok(r#"{"a":1e+5,"b":-1e-7}"#)
    );
}

#[test]
fn what_needs_no_room_takes_none() {
    let text = r#"{"user":"Ada","née":1.50,"escaped":"a\"b"}"#;
    let members: Vec<(bool, bool)> = object(text)
        .into_iter()
        .map(|(key, value)| {
            let is_borrowed = |text: &std::borrow::Cow<'_, str>| matches!(text, std::borrow::Cow::Borrowed(_));
            (
                is_borrowed(&key),
                matches!(&value, Value::String(text) if is_borrowed(text)),
            )
        })
        .collect();
    assert_eq!(members, [(true, true), (true, false), (true, false)]);
}

#[test]
fn of_a_key_that_stands_twice_the_last_value_counts_in_the_first_place() {
    let many: Vec<String> = (0..100).map(|number| format!("\"{number}\":{number},")).collect();
    let many = many.concat();
    for more in ["", many.as_str()] {
        let text = format!(r#"{{"a":1,{more}"b":2,"\u0061":3,"c":4,"b":5}}"#);
        assert_eq!(by_this(text.as_bytes()), by_specification(text.as_bytes()));
        assert_eq!(object(&text).len(), if more.is_empty() { 3 } else { 103 });
    }
}

#[test]
fn an_object_knows_where_it_stands_unless_its_text_is_odd() {
    let text = r#" { "a" : [ { "b" : {} } ] } "#;
    let outer = object(text);
    assert_eq!(&text[outer.place().unwrap()], text.trim());
    let inner = outer.get("a").unwrap().as_array().unwrap()[0]
        .as_object()
        .unwrap()
        .clone();
    assert_eq!(&text[inner.place().unwrap()], r#"{ "b" : {} }"#);
    assert_eq!(object(r#"{"\u0061":1}"#).place(), None);
    assert_eq!(Object::from(Map::new()).place(), None);
}

#[test]
fn objects_are_equal_whatever_their_order() {
    let [one, other, less] = [r#"{"a":1,"b":[2]}"#, r#" {"b":[2],"a":1}"#, r#"{"b":[2]}"#].map(object);
    assert_eq!(one, other);
    assert_ne!(one, less);
    let hash = |object: &Object<'_>| std::hash::BuildHasher::hash_one(&foldhash::fast::FixedState::default(), object);
    assert_eq!(hash(&one), hash(&other));
}

#[test]
fn a_member_is_found_put_in_and_taken_out() {
    let mut object = object(r#"{"a":1,"b":2,"c":3}"#);
    assert_eq!(object.get("b"), Some(&Value::from(json!(2))));
    assert!(!object.contains_key("d"));
    object.insert("a", Value::Null);
    object.insert("d", Value::Bool(true));
    assert_eq!(object.remove("b"), Some(Value::from(json!(2))));
    assert_eq!(object.remove("b"), None);
    assert_eq!(object.place(), None, "it is no longer what stands there");
    assert_eq!(Value::Object(object).to_string(), r#"{"a":null,"c":3,"d":true}"#);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let names = vec!["properties", "\"", "$serde_json::private::Number"];
        let key = prop_oneof![any::<String>(), prop::sample::select(names).prop_map(str::to_owned)];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6).prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

/// Text that is nearly JSON, or is.
fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let written = || {
        (any_json(), any::<bool>()).prop_map(|(value, pretty)| {
            let write = if pretty {
                serde_json::to_vec_pretty
            } else {
                serde_json::to_vec
            };
            write(&value).unwrap()
        })
    };
    let words = vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\"a\"",
        "\"\\u0061\"",
        "\\",
        "1",
        "-0",
        "01",
        "1.5",
        "1e5",
        "2E-7",
        "true",
        "null",
        " ",
        "é",
        "\u{1}",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
    ];
    let pieced =
        prop::collection::vec(prop::sample::select(words), 0..24).prop_map(|words| words.concat().into_bytes());
    let damaged = (written(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut text, place, byte)| {
        let place = place.index(text.len());
        text[place] = byte;
        text
    });
    prop_oneof![written(), pieced, damaged, any::<Vec<u8>>()]
}

proptest! {
    #[test]
    fn it_reads_what_the_specification_reads_in_the_same_words(text in any_text()) {
        prop_assert_eq!(by_this(&text), by_specification(&text));
    }

    #[test]
    fn a_tree_is_the_value_that_it_was_made_of(value in any_json()) {
        prop_assert_eq!(serde_json::Value::from(&Value::from(value.clone())), value);
    }
}
