//! Which fields a request is made of, and why there may be none.

use std::collections::BTreeSet;

use attribution_destination::{
    Dialect, MapErrorCode, ProjectId, Settings, Verdict, filter, map, mapped_fields, used_fields,
};
use jiff::Timestamp;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use segment_event::{Event, Kind};
use serde_json::{Map, Value, json};

use crate::map_messages::message;

fn settings(dialect: Dialect) -> Settings {
    Settings {
        dialect,
        screens: true,
        ..Settings::new(ProjectId::new("demo-project").unwrap())
    }
}

fn used(message: &Value, dialect: Dialect) -> Vec<&'static str> {
    used_fields(&Event::unchecked(message.clone()).unwrap(), &settings(dialect))
}

/// A message of every field, with every other one to fall back to.
fn full(kind: Kind) -> Value {
    json!({
        "type": kind, "messageId": "m", "timestamp": "2024-01-15T10:00:00Z", "originalTimestamp": "2024-01-15T10:00:01Z",
        "userId": "u", "anonymousId": "a", "sessionId": "s", "groupId": "g", "previousId": "p", "from": "f", "to": "t",
        "event": "e", "name": "n", "category": "c", "properties": { "x": 1 }, "traits": { "x": 1 }, "options": { "x": 1 },
        "context": { "x": 1, "traits": { "x": 2 } },
    })
}

/// The same without these.
fn without(mut message: Value, keys: &[&str]) -> Value {
    let object = message.as_object_mut().unwrap();
    object.retain(|key, _| !keys.contains(&key.as_str()));
    message
}

#[test]
fn every_field_is_one_that_some_message_uses() {
    const FIRST: &[&str] = &["anonymousId", "options", "previousId", "userId"];
    for dialect in Dialect::ALL {
        let messages = Kind::ALL.into_iter().flat_map(|kind| {
            let whole = full(kind);
            [
                without(whole.clone(), FIRST),
                without(whole.clone(), &["timestamp", "traits", "options"]),
                whole,
            ]
        });
        let found: BTreeSet<_> = messages.flat_map(|message| used(&message, *dialect)).collect();
        assert_eq!(found, mapped_fields(*dialect).iter().copied().collect(), "{dialect}");
    }
}

#[test]
fn a_field_that_another_one_stands_before_is_not_used() {
    let track = used(&full(Kind::Track), Dialect::Classic);
    assert_eq!(
        track,
        ["userId", "anonymousId", "timestamp", "event", "properties", "options"]
    );
    let alias = used(&without(full(Kind::Alias), &["userId"]), Dialect::Classic);
    assert_eq!(alias, ["previousId", "to"]);
}

#[test]
fn what_has_no_request_uses_nothing() {
    assert_eq!(used(&full(Kind::Group), Dialect::Classic), [""; 0]);
    assert_eq!(used(&json!({"type": "track"}), Dialect::Actions), [""; 0]);
}

proptest! {
    /// The import dialect sends whatever else there is, as it is.
    #[test]
    fn a_request_is_made_of_nothing_but_its_fields(
        message in message(),
        dialect in prop::sample::select(&[Dialect::Classic, Dialect::Actions]),
    ) {
        let settings = settings(dialect);
        let request = |message: Map<String, Value>| {
            let mapped = map(&Event::unchecked(message.into()).unwrap(), &settings, Timestamp::UNIX_EPOCH);
            mapped.map(|mapped| mapped.request)
        };
        let mut bare = message.clone();
        bare.retain(|key, _| key == "type" || mapped_fields(dialect).contains(&key.as_str()));
        prop_assert_eq!(request(bare).ok(), request(message).ok());
    }

    #[test]
    fn every_error_has_one_of_the_codes(message in message(), dialect in prop::sample::select(Dialect::ALL)) {
        let (event, settings) = (Event::unchecked(message.into()).unwrap(), settings(dialect));
        if let Err(error) = map(&event, &settings, Timestamp::UNIX_EPOCH) {
            let code = MapErrorCode::ALL.into_iter().find(|code| code.as_str() == error.code);
            prop_assert!(code.is_some(), "{}", error.code);
            let passes = filter(&event, &settings) == Verdict::Send;
            prop_assert!(!passes || code.is_some_and(MapErrorCode::follows_the_filter));
        }
    }

    #[test]
    fn a_call_has_a_request_in_a_dialect_or_is_skipped(message in message(), dialect in prop::sample::select(Dialect::ALL)) {
        let event = Event::unchecked(message.into()).unwrap();
        let passes = filter(&event, &settings(dialect)) == Verdict::Send;
        prop_assert!(!passes || dialect.has_request_for(event.kind()));
    }
}
