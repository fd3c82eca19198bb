//! Laws of the mapping, over messages of every shape.

use attribution_destination::{Dialect, PreviousId, ProjectId, Settings, WireRequest, map};
use jiff::Timestamp;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use segment_event::Event;
use serde_json::{Map, Value};

use crate::map_messages::{json, message};

/// The keys of each path in the order of the contract.
const KEYS: [(&str, &[&str]); 9] = [
    (
        "/track",
        &["user_id", "timestamp", "cookie_id", "properties", "context", "event"],
    ),
    ("/identify", &["user_id", "cookie_id", "traits", "context"]),
    ("/alias", &["previous_id", "user_id"]),
    (
        "/v1/t",
        &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "event",
            "properties",
            "traits",
        ],
    ),
    ("/v1/p", VIEW),
    ("/v1/s", VIEW),
    (
        "/v1/i",
        &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "traits",
        ],
    ),
    (
        "/v1/g",
        &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "groupId",
            "traits",
        ],
    ),
    (
        "/v1/a",
        &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "previousId",
        ],
    ),
];

const VIEW: &[&str] = &[
    "messageId",
    "timestamp",
    "userId",
    "anonymousId",
    "context",
    "type",
    "name",
    "properties",
    "traits",
];

/// The members of which something else than the source may be sent by the import dialect.
const LIFTED: [&str; 3] = ["traits", "timestamp", "context"];

fn mapped(message: Map<String, Value>) -> Option<(&'static str, String)> {
    let request = request(message, Dialect::Classic, PreviousId::Mapped)?;
    Some((request.path, body(&request)))
}

fn request(message: Map<String, Value>, dialect: Dialect, previous_id: PreviousId) -> Option<WireRequest> {
    let settings = Settings {
        dialect,
        previous_id,
        ..Settings::new(ProjectId::new("demo-project").unwrap())
    };
    let event = Event::unchecked(message.into()).unwrap();
    Some(map(&event, &settings, Timestamp::UNIX_EPOCH).ok()?.request)
}

fn body(request: &WireRequest) -> String {
    String::from_utf8(request.body.to_vec()).unwrap()
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL)
}

fn previous_id() -> impl Strategy<Value = PreviousId> {
    prop::sample::select(PreviousId::ALL)
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
    fn what_is_mapped_is_compact_json_at_a_path_of_the_dialect(
        message in message(), dialect in dialect(), previous_id in previous_id(),
    ) {
        if let Some(request) = request(message, dialect, previous_id) {
            let written: Value = serde_json::from_slice(&request.body).unwrap();
            prop_assert_eq!(written.to_string(), body(&request), "compact, and each key once");
            prop_assert!(dialect.paths().contains(&request.path));
        }
    }

    #[test]
    fn what_is_mapped_has_the_keys_of_the_contract_in_their_order(message in message(), previous_id in previous_id()) {
        for dialect in [Dialect::Classic, Dialect::Actions] {
            let Some(request) = request(message.clone(), dialect, previous_id) else { continue };
            let written: Map<String, Value> = serde_json::from_slice(&request.body).unwrap();
            let (_, allowed) = KEYS.iter().find(|(known, _)| *known == request.path).unwrap();
            let in_order: Vec<&str> = allowed.iter().copied().filter(|key| written.contains_key(*key)).collect();
            prop_assert_eq!(written.keys().map(String::as_str).collect::<Vec<_>>(), in_order);
        }
    }

    #[test]
    fn an_alias_of_the_preset_never_says_what_is_merged(message in message()) {
        if let Some(request) = request(message, Dialect::Actions, PreviousId::Preset) {
            let written: Map<String, Value> = serde_json::from_slice(&request.body).unwrap();
            prop_assert!(!written.contains_key("previousId"));
        }
    }

    #[test]
    fn what_is_imported_is_the_message_without_its_nulls(message in message()) {
        let request = request(message.clone(), Dialect::Import, PreviousId::Mapped).expect("everything is imported");
        let item: Map<String, Value> = serde_json::from_slice(request.items().unwrap()).unwrap();
        let plain = |message: &Map<String, Value>| -> Vec<(String, Value)> {
            let kept = message.iter().filter(|(key, value)| !value.is_null() && !LIFTED.contains(&key.as_str()));
            kept.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        prop_assert_eq!(plain(&item), plain(&message));
        prop_assert!(item.values().all(|value| !value.is_null()));
        for key in LIFTED {
            let given = message.get(key).is_some_and(|value| !value.is_null() && value != "");
            prop_assert!(item.contains_key(key) || !given, "{} is lost", key);
        }
    }

    #[test]
    fn joined_requests_have_every_item_in_order(messages in prop::collection::vec(message(), 1..8), cut in any::<prop::sample::Index>()) {
        let requests: Vec<WireRequest> = messages
            .into_iter()
            .map(|message| request(message, Dialect::Import, PreviousId::Mapped).expect("everything is imported"))
            .collect();
        let all: Vec<&WireRequest> = requests.iter().collect();
        let joined = WireRequest::join(&all).unwrap();
        let items: Vec<&str> = requests.iter().map(|request| str::from_utf8(request.items().unwrap()).unwrap()).collect();
        prop_assert_eq!(body(&joined), format!(r#"{{"batch":[{}]}}"#, items.join(",")));
        let written: Value = serde_json::from_slice(&joined.body).unwrap();
        let written: Vec<String> = written["batch"].as_array().unwrap().iter().map(Value::to_string).collect();
        prop_assert_eq!(written, items);

        let (first, second) = all.split_at(cut.index(all.len()));
        let halves: Vec<WireRequest> = [first, second].into_iter().filter_map(WireRequest::join).collect();
        prop_assert_eq!(WireRequest::join(&halves.iter().collect::<Vec<_>>()).unwrap(), joined, "however it was cut");
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
    fn the_same_message_makes_the_same_bytes(message in message(), dialect in dialect(), previous_id in previous_id()) {
        prop_assert_eq!(request(message.clone(), dialect, previous_id), request(message, dialect, previous_id));
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
