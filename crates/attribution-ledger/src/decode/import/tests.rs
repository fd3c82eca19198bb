use serde_json::{Value, json};

use super::super::{Call, Hit, Message};
use super::{call, decode};
use crate::decode::testing::object;

fn messages(batch: &Value) -> Vec<Message<'static>> {
    decode(object(json!({ "batch": batch })))
}

#[test]
fn a_batch_is_read_in_its_order_by_the_types_of_its_messages() {
    let read = messages(&json!([
        { "type": "page", "anonymousId": "c", "messageId": "msg-1", "name": "Home" },
        { "type": "identify", "anonymousId": "c", "userId": "u", "traits": { "plan": "pro" } },
        { "type": "track", "userId": "u", "event": "E" },
        { "type": "alias", "userId": "v", "previousId": "u" },
        { "type": "group", "userId": "v", "groupId": "g" },
    ]));
    let kinds: Vec<&str> = read
        .iter()
        .map(|message| match &message.hit {
            Hit::Page(_) => "page",
            Hit::Identify(_) => "identify",
            Hit::Track(_) => "track",
            Hit::Alias(_) => "alias",
            Hit::Group(_) => "group",
        })
        .collect();
    assert_eq!(kinds, ["page", "identify", "track", "alias", "group"]);
    assert_eq!((read[0].id.as_deref(), read[0].index), (Some("msg-1"), Some(0)));
    assert_eq!((read[4].id.as_deref(), read[4].index), (None, Some(4)));
}

#[test]
fn what_cannot_be_read_is_left_out_and_the_rest_keeps_its_place() {
    let read = messages(&json!([
        "track",
        { "type": "Track", "userId": "u", "event": "E" },
        { "type": "track", "event": "E" },
        { "type": "track", "userId": "u", "event": "E" },
        {},
    ]));
    let places: Vec<_> = read.iter().map(|message| message.index).collect();
    assert_eq!(places, [Some(3)]);
}

#[test]
fn traits_and_time_are_read_where_they_were_hoisted_to() {
    let read = messages(&json!([{
        "type": "identify", "userId": "u", "traits": { "plan": "pro" }, "originalTimestamp": "2024-01-15T10:00:00Z",
        "context": { "traits": { "plan": "free" } },
    }]));
    let Hit::Identify(identify) = &read[0].hit else {
        panic!("not an identify")
    };
    assert_eq!(identify.traits.clone(), object(json!({ "plan": "pro" })));
    assert_eq!(identify.at, None);
}

#[test]
fn no_batch_is_no_message() {
    for batch in [json!(null), json!({}), json!([]), json!("[]")] {
        assert_eq!(messages(&batch), []);
    }
}

#[test]
fn the_type_is_read_by_exact_text() {
    let of = |message: Value| call(&object(message));
    assert_eq!(of(json!({ "type": "screen" })), Some(Call::Screen));
    for other in [
        json!({}),
        json!({ "type": "Screen" }),
        json!({ "type": 5 }),
        json!({ "type": null }),
    ] {
        assert_eq!(of(other.clone()), None, "{other}");
    }
}
