use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn redaction() -> Redaction {
    Redaction::new(&ProjectId::from("demo-1"))
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(redaction().text(text), expected, "{text}");
}

#[test]
fn json_without_secrets_is_kept_to_the_byte() {
    for text in [
        r#"{ "user_id" : "a\/b\u0041", "n": 1.50e+2, "n": [true, null, {}] }"#,
        "[]",
        "\"text\"",
        " 7\n",
        r#"{"project": "x", "e-mail": "ada@example.com"}"#,
    ] {
        check(text, text);
    }
}

#[test]
fn a_field_that_holds_a_project_id_is_replaced_whatever_it_is() {
    check(
        r#"{"projectId":"demo-1","a":1}"#,
        r#"{"projectId":"{{project_id}}","a":1}"#,
    );
    check(
        r#"{"a":{"project_id" : "\u0064emo-1"}}"#,
        r#"{"a":{"project_id" : "{{project_id}}"}}"#,
    );
    check(r#"{"projectId":"other"}"#, r#"{"projectId":"[redacted]"}"#);
    check(
        r#"{"projectId":7,"projectId":"x"}"#,
        r#"{"projectId":"[redacted]","projectId":"[redacted]"}"#,
    );
    check(
        r#"{"projectId":[{"a":"}"}],"b":1}"#,
        r#"{"projectId":"[redacted]","b":1}"#,
    );
    check(
        r#"{"projectId":null,"project_id":""}"#,
        r#"{"projectId":null,"project_id":""}"#,
    );
    check(r#"["projectId","x"]"#, r#"["projectId","x"]"#);
}

#[test]
fn the_own_id_is_replaced_wherever_a_string_says_it() {
    check(
        r#"{"url":"https:\/\/x\/?p=demo-1","demo-1":"ZGVtby0xOg=="}"#,
        r#"{"url":"https://x/?p={{project_id}}","{{project_id}}":"{{credentials}}"}"#,
    );
    check(r#""{\"projectId\":\"other\"}""#, r#""{\"projectId\":\"[redacted]\"}""#);
    check(
        r#"{"url":"https://x/t?project_id=other&a=1"}"#,
        r#"{"url":"https://x/t?project_id=[redacted]&a=1"}"#,
    );
    let numeric = Redaction::new(&ProjectId::from("42"));
    assert_eq!(
        numeric.text(r#"{"projectId":42,"account":42,"revenue":420}"#),
        r#"{"projectId":"{{project_id}}","account":"{{project_id}}","revenue":420}"#
    );
}

#[test]
fn what_is_no_json_is_searched_for_what_looks_like_a_field() {
    check(r#"{"projectId":"demo-1","ev"#, r#"{"projectId":"{{project_id}}","ev"#);
    check(r#"{"projectId": "other"#, r#"{"projectId": "[redacted]"#);
    check(
        "a=1&project_id=other&b=demo-1",
        "a=1&project_id=[redacted]&b={{project_id}}",
    );
    check(
        "the projectId is missing: demo-1",
        "the projectId is missing: {{project_id}}",
    );
    check(r#"{"projectId":"#, r#"{"projectId":"#);
}

#[test]
fn the_query_is_read_as_the_server_reads_it() {
    let path = |path| redaction().path(path);
    assert_eq!(path("/track"), "/track");
    assert_eq!(
        path("/t?a=%20b&project_id=dem%6F-1"),
        "/t?a=%20b&project_id={{project_id}}"
    );
    assert_eq!(
        path("/t?projectId=x+y&p=demo%2D1&c"),
        "/t?projectId=[redacted]&p={{project_id}}&c"
    );
}

#[test]
fn headers_keep_what_is_no_secret() {
    let header = |name, value| redaction().header(&name, value);
    assert_eq!(header(AUTHORIZATION, "Basic ZGVtby0xOg=="), "Basic {{credentials}}");
    for other in ["Basic b3RoZXI6", "Bearer ZGVtby0xOg==", "demo-1"] {
        assert_eq!(header(AUTHORIZATION, other), "[redacted]");
    }
    assert_eq!(header(SET_COOKIE, "session=1"), "[redacted]");
    assert_eq!(
        header(http::header::USER_AGENT, "sender/1 (demo-1)"),
        "sender/1 ({{project_id}})"
    );
}

#[test]
fn an_empty_id_is_found_nowhere() {
    assert_eq!(
        Redaction::new(&ProjectId::from("")).text("{\"a\":\"b\"}"),
        "{\"a\":\"b\"}"
    );
}

/// Ids that are no part of the placeholders, some of which JSON and URLs must escape.
fn id() -> impl Strategy<Value = String> {
    r#"[a-zA-Z0-9]{2,8}[ä"\\/ %+&=-]?[0-9][a-zA-Z0-9]{2,8}"#
}

fn tree(id: &str) -> impl Strategy<Value = Value> + use<> {
    let word = prop_oneof![
        Just(id.to_owned()),
        Just(format!("x{id}y{id}")),
        "[ -~]{0,6}",
        Just("projectId".to_owned())
    ];
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        Just(Value::Null)
    ];
    let named = prop_oneof![Just("projectId".to_owned()), Just("project_id".to_owned()), word];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((named.clone(), inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// Whether any string of this says the id.
fn says(value: &Value, id: &str) -> bool {
    match value {
        Value::String(text) => text.contains(id),
        Value::Array(items) => items.iter().any(|item| says(item, id)),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains(id) || says(value, id)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

proptest! {
    #[test]
    fn json_never_says_the_project_id((id, tree) in id().prop_flat_map(|id| (Just(id.clone()), tree(&id)))) {
        let redaction = Redaction::new(&ProjectId::from(id.as_str()));
        let kept: Value = serde_json::from_str(&redaction.text(&tree.to_string())).unwrap();
        prop_assert!(!says(&kept, &id), "{kept}");
    }

    #[test]
    fn text_never_says_the_project_id(id in id(), before in ".{0,12}", after in ".{0,12}", named in any::<bool>()) {
        let redaction = Redaction::new(&ProjectId::from(id.as_str()));
        let name = if named { "projectId=" } else { "" };
        let text = format!("{before}{name}{id}{after}{id}");
        prop_assume!(serde_json::from_str::<IgnoredAny>(&text).is_err());
        prop_assert!(!redaction.text(&text).contains(&id), "{text}");
    }

    #[test]
    fn a_query_never_says_the_project_id(id in id(), name in "[a-z]{1,4}|projectId") {
        let redaction = Redaction::new(&ProjectId::from(id.as_str()));
        let encoded = percent_encoding::utf8_percent_encode(&id, percent_encoding::NON_ALPHANUMERIC);
        let kept = redaction.path(&format!("/t?{name}={encoded}&{encoded}"));
        prop_assert!(!kept.contains(&id) && !kept.contains(&encoded.to_string()), "{kept}");
    }

    #[test]
    fn nothing_makes_redaction_panic(text in ".*") {
        let redaction = redaction();
        prop_assert!(!redaction.text(&text).contains("demo-1"));
        prop_assert!(!redaction.path(&text).contains("demo-1"));
    }
}

#[test]
fn a_message_in_an_answer_is_no_place_for_the_id() {
    let answer = json!({"error": {"message": "no project demo-1"}}).to_string();
    check(&answer, r#"{"error":{"message":"no project {{project_id}}"}}"#);
}
