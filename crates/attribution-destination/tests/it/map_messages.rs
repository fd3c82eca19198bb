//! Messages of every shape, for the laws of the mapping.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use serde_json::{Map, Value};

const MEMBERS: [&str; 19] = [
    "userId",
    "anonymousId",
    "sessionId",
    "previousId",
    "from",
    "to",
    "event",
    "name",
    "category",
    "properties",
    "traits",
    "context",
    "options",
    "integrations",
    "timestamp",
    "channel",
    "messageId",
    "groupId",
    "originalTimestamp",
];

/// The members without which some dialect refuses some message.
const REQUIRED: [&str; 4] = ["messageId", "userId", "event", "groupId"];

fn date() -> impl Strategy<Value = String> {
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:?[0-9]{2}(:?[0-9]{2}([.,][0-9]{1,4})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
}

fn number() -> impl Strategy<Value = Value> {
    r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?".prop_map(|text| serde_json::from_str(&text).unwrap())
}

/// Any JSON, with many strings that look like dates.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        ".{0,8}".prop_map(Value::from),
        date().prop_map(Value::from),
        "https?://[a-z]{1,5}/(\\?utm_[a-z]{1,4}=x)?".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let key = prop_oneof![
            ".{0,4}",
            "id|name|category|url|campaign|All|attribution|providers|2014-10-12"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..5).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A member in the shape that it should have, or in any.
fn member() -> impl Strategy<Value = (&'static str, Value)> {
    let key = prop::sample::select(&MEMBERS);
    key.prop_flat_map(|key| {
        let fitting = match key {
            "properties" | "traits" | "context" | "options" | "integrations" => object().boxed(),
            _ => prop_oneof![number(), ".{0,8}".prop_map(Value::from)].boxed(),
        };
        (Just(key), prop_oneof![9 => fitting, 1 => json()])
    })
}

fn object() -> impl Strategy<Value = Value> {
    let key = prop_oneof![".{0,4}", "url|campaign|traits|anonymousId"];
    prop::collection::vec((key, json()), 0..4).prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// A message of any of the six types, with members of any shape. Half of them have what their type requires, unless
/// another member of that name has come instead.
pub(crate) fn message() -> impl Strategy<Value = Map<String, Value>> {
    let kind = prop::sample::select(&["track", "page", "screen", "identify", "alias", "group"]);
    let members = prop::collection::vec(member(), 0..14);
    (kind, any::<bool>(), members).prop_map(|(kind, complete, members)| {
        let required = REQUIRED.map(|key| (key, key.into()));
        let required = required.into_iter().filter(|_| complete);
        let members = [("type", kind.into())].into_iter().chain(required).chain(members);
        members.map(|(key, value)| (key.to_owned(), value)).collect()
    })
}
