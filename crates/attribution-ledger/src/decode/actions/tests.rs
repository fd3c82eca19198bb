use serde_json::{Value, json};

use super::super::{AliasHit, Call, GroupHit, Hit, Ids, Message, PageKind};
use super::{decode, fields};
use crate::decode::testing::object;

fn message(call: Call, body: Value) -> Option<Message<'static>> {
    decode(call, object(body))
}

fn hit(call: Call, body: Value) -> Option<Hit<'static>> {
    message(call, body).map(|message| message.hit)
}

const TEN: &str = "2024-01-15T10:00:00Z";

#[test]
fn a_track_is_read_with_everything_it_carries() {
    let body = json!({
        "messageId": "msg-1", "timestamp": TEN, "userId": "u", "anonymousId": "c", "context": { "ip": "1.2.3.4" },
        "type": "track", "event": "Viewed Pricing Page", "properties": { "revenue": 9 }, "traits": {},
    });
    let message = message(Call::Track, body).unwrap();
    assert_eq!((message.id.as_deref(), message.index), (Some("msg-1"), None));
    let Hit::Track(track) = message.hit else {
        panic!("a track named like a page is a track here")
    };
    assert_eq!((track.ids.user(), track.ids.cookie()), (Some("u"), Some("c")));
    assert_eq!(
        (track.at, track.event.as_str()),
        (TEN.parse().ok(), "Viewed Pricing Page")
    );
    assert_eq!(track.properties, object(json!({ "revenue": 9 })));
    assert_eq!(track.context, object(json!({ "ip": "1.2.3.4" })));
}

#[test]
fn a_page_has_its_own_name_and_its_kind_from_the_path() {
    for (call, kind) in [(Call::Page, PageKind::Page), (Call::Screen, PageKind::Screen)] {
        let body = json!({ "anonymousId": "c", "name": "Home", "properties": { "name": "Other", "url": "/" } });
        let Some(Hit::Page(page)) = hit(call, body) else {
            panic!("not a page")
        };
        assert_eq!((page.kind, page.name.as_deref(), page.at), (kind, Some("Home"), None));
        assert_eq!(page.properties, object(json!({ "name": "Other", "url": "/" })));
    }
}

#[test]
fn a_page_without_a_name_of_its_own_has_none() {
    for name in [json!(null), json!(""), json!(5)] {
        let Some(Hit::Page(page)) = hit(Call::Page, json!({ "anonymousId": "c", "name": name })) else {
            panic!("not a page")
        };
        assert_eq!(page.name, None, "{name}");
    }
}

#[test]
fn an_identify_and_an_alias_carry_their_time() {
    let Some(Hit::Identify(identify)) = hit(Call::Identify, json!({ "userId": 12345, "timestamp": TEN })) else {
        panic!("not an identify");
    };
    assert_eq!(
        (identify.ids, identify.at),
        (Ids::User("12345".to_owned()), TEN.parse().ok())
    );
    let alias = json!({ "previousId": "a", "userId": "u", "anonymousId": "c", "timestamp": TEN });
    assert_eq!(
        hit(Call::Alias, alias),
        Some(Hit::Alias(AliasHit {
            at: TEN.parse().ok(),
            previous: Some("a".to_owned()),
            user: Some("u".to_owned()),
            cookie: None,
        }))
    );
}

#[test]
fn a_group_is_read_even_if_it_names_no_group() {
    let group = |body| match hit(Call::Group, body) {
        Some(Hit::Group(GroupHit { group, .. })) => group,
        other => panic!("{other:?}"),
    };
    assert_eq!(group(json!({ "userId": "u", "groupId": "g" })).as_deref(), Some("g"));
    assert_eq!(group(json!({ "userId": "u" })), None);
}

#[test]
fn a_time_that_is_no_instant_is_not_read() {
    for time in [json!("2024-01-15"), json!(1_705_312_800), json!({}), json!(null)] {
        let body = json!({ "userId": "u", "event": "E", "timestamp": time });
        let Some(Hit::Track(track)) = hit(Call::Track, body) else {
            panic!("not a track")
        };
        assert_eq!(track.at, None, "{time}");
    }
}

#[test]
fn what_belongs_to_nobody_is_no_hit() {
    for (call, body) in [
        (Call::Track, json!({ "event": "Order Completed" })),
        (
            Call::Track,
            json!({ "user_id": "u", "cookie_id": "c", "event": "Order Completed" }),
        ),
        (Call::Track, json!({ "userId": "u", "event": "" })),
        (Call::Page, json!({ "userId": null, "anonymousId": "" })),
        (Call::Identify, json!({ "anonymousId": {} })),
        (Call::Group, json!({ "groupId": "g" })),
        (Call::Alias, json!({ "previousId": null })),
    ] {
        assert_eq!(hit(call, body.clone()), None, "{body}");
    }
}

#[test]
fn every_call_has_an_id_a_time_and_a_type() {
    for call in Call::ALL {
        for name in ["messageId", "timestamp", "type", "userId", "anonymousId", "context"] {
            assert!(fields(call).contains(&name), "{call} {name}");
        }
    }
}
