//! Random messages, as Segment's ingest would accept them.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Text that is never empty and never looks like a date.
pub(crate) fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z][ a-zA-Z0-9_.@é-]{0,14}"
}

/// Any JSON of text that never looks like a date, a few levels deep.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(|number: f64| json!(number)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Free-form properties or traits. They don't carry the keys that the mapping itself writes.
pub(crate) fn object() -> impl Strategy<Value = Map<String, Value>> {
    let reserved = |key: &String| !["id", "name", "category"].contains(&key.as_str());
    prop::collection::vec((text().prop_filter("written by the mapping", reserved), json()), 0..6)
        .prop_map(|pairs| pairs.into_iter().collect())
}

/// Who did it: a cookie, a user or both.
pub(crate) fn who() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    let id = |prefix: &'static str| (0..4_u8).prop_map(move |number| format!("{prefix}-{number}"));
    prop_oneof![
        id("anon").prop_map(|cookie| (Some(cookie), None)),
        id("user").prop_map(|user| (None, Some(user))),
        (id("anon"), id("user")).prop_map(|(cookie, user)| (Some(cookie), Some(user))),
    ]
}

/// A time with milliseconds, in this century.
pub(crate) fn time() -> impl Strategy<Value = jiff::Timestamp> {
    (946_684_800_000..4_102_444_800_000_i64)
        .prop_map(|millis| jiff::Timestamp::from_millisecond(millis).expect("this century is in range"))
}

/// A message of this type by this visitor.
pub(crate) fn message(kind: &str, (cookie, user): &(Option<String>, Option<String>)) -> Value {
    let mut message = json!({ "type": kind });
    if let Some(cookie) = cookie {
        message["anonymousId"] = cookie.as_str().into();
    }
    if let Some(user) = user {
        message["userId"] = user.as_str().into();
    }
    message
}
