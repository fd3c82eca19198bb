//! Laws of the mapping, over messages of every shape.

use attribution_destination::{ProjectId, Settings, map};
use jiff::Timestamp;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use segment_event::Event;
use serde_json::{Map, Value};

/// The keys of each path in the order of the contract.
const KEYS: [(&str, &[&str]); 3] = [
    (
        "/track",
        &["user_id", "timestamp", "cookie_id", "properties", "context", "event"],
    ),
    ("/identify", &["user_id", "cookie_id", "traits", "context"]),
    ("/alias", &["previous_id", "user_id"]),
];

const MEMBERS: [&str; 17] = [
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
];

fn date() -> impl Strategy<Value = String> {
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:?[0-9]{2}(:?[0-9]{2}([.,][0-9]{1,4})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
}

fn number() -> impl Strategy<Value = Value> {
    r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?".prop_map(|text| serde_json::from_str(&text).unwrap())
}

fn json() -> impl Strategy<Value = Value> {
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

/// A message of any of the six types, with members of any shape.
fn message() -> impl Strategy<Value = Map<String, Value>> {
    let kind = prop::sample::select(&["track", "page", "screen", "identify", "alias", "group"]);
    let members = prop::collection::vec((prop::sample::select(&MEMBERS), json()), 0..10);
    (kind, members).prop_map(|(kind, members)| {
        let members = members.into_iter().map(|(key, value)| (key.to_owned(), value));
        [("type".to_owned(), kind.into())].into_iter().chain(members).collect()
    })
}

fn mapped(message: Map<String, Value>) -> Option<(&'static str, String)> {
    let settings = Settings::new(ProjectId::new("demo-project").unwrap());
    let event = Event::unchecked(message.into()).unwrap();
    let request = map(&event, &settings, Timestamp::UNIX_EPOCH).ok()?.request;
    Some((request.path, String::from_utf8(request.body.to_vec()).unwrap()))
}

/// Every number of a value, as it is written, in order.
fn numbers(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        Value::Object(members) => members.values().for_each(|member| numbers(member, found)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_mapped_parses_and_has_the_keys_of_the_contract_in_their_order(message in message()) {
        if let Some((path, body)) = mapped(message) {
            let written: Map<String, Value> = serde_json::from_str(&body).unwrap();
            let (_, allowed) = KEYS.iter().find(|(known, _)| *known == path).unwrap();
            let in_order: Vec<&str> = allowed.iter().copied().filter(|key| written.contains_key(*key)).collect();
            prop_assert_eq!(written.keys().map(String::as_str).collect::<Vec<_>>(), in_order);
            prop_assert_eq!(serde_json::to_string(&written).unwrap(), body, "compact, and each key once");
        }
    }

    #[test]
    fn a_string_that_is_no_date_and_every_number_keep_their_text(value in json()) {
        let message = [("type".to_owned(), "track".into()), ("properties".to_owned(), vec![value.clone()].into())];
        let (_, body) = mapped(message.into_iter().collect()).unwrap();
        let written: Value = serde_json::from_str(&body).unwrap();
        let written = &written["properties"][0];
        let (mut before, mut after) = (Vec::new(), Vec::new());
        numbers(&value, &mut before);
        numbers(written, &mut after);
        prop_assert_eq!(before, after);
        prop_assert!(same_but_for_dates(&value, written), "{} became {}", value, written);
    }

    #[test]
    fn rewriting_dates_twice_is_rewriting_them_once(value in json()) {
        let once = properties(vec![value].into());
        // A year below 100 is one of the twentieth century, even when an offset led there from the year 100.
        if !once.to_string().contains("\"00") {
            prop_assert_eq!(&properties(once.clone()), &once);
        }
    }

    #[test]
    fn the_same_message_makes_the_same_bytes(message in message()) {
        prop_assert_eq!(mapped(message.clone()), mapped(message));
    }
}

fn properties(given: Value) -> Value {
    let message = [("type".to_owned(), "track".into()), ("properties".to_owned(), given)];
    let (_, body) = mapped(message.into_iter().collect()).unwrap();
    serde_json::from_str::<Value>(&body).unwrap()["properties"].take()
}

fn same_but_for_dates(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::String(before), Value::String(after)) => {
            let date_like = before.len() >= 10 && before.as_bytes()[4] == b'-' && before.as_bytes()[7] == b'-';
            before == after || (date_like && after.ends_with('Z'))
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after)
                    .all(|(before, after)| same_but_for_dates(before, after))
        }
        (Value::Object(before), Value::Object(after)) => {
            before.keys().eq(after.keys())
                && before
                    .values()
                    .zip(after.values())
                    .all(|(before, after)| same_but_for_dates(before, after))
        }
        (before, after) => before == after,
    }
}
