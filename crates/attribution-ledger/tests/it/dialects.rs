//! What the wires say that speak in the words of the Segment Spec, and what is made of it.

use attribution_ledger::PageKind;
use serde_json::{Value, json};

use crate::support::{Story, at};

/// A message of one visitor with both ids, laid over with what is its own.
fn message(call: &str, number: u8, minutes: i64, own: Value) -> Value {
    let mut message = json!({
        "messageId": format!("msg-{number}"), "timestamp": at(minutes), "userId": "u", "anonymousId": "c", "type": call,
    });
    if let (Value::Object(message), Value::Object(own)) = (&mut message, own) {
        message.extend(own);
    }
    message
}

fn messages() -> Vec<(&'static str, Value)> {
    let url = "https://shop.example/pricing?utm_source=google";
    vec![
        (
            "/v1/p",
            message("page", 1, 0, json!({ "name": "Pricing", "properties": { "url": url } })),
        ),
        ("/v1/s", message("screen", 2, 1, json!({ "name": "Home" }))),
        (
            "/v1/i",
            message("identify", 3, 2, json!({ "traits": { "email": "ada@example.com" } })),
        ),
        (
            "/v1/t",
            message(
                "track",
                4,
                3,
                json!({ "event": "Viewed Pricing Page", "properties": { "revenue": 5 } }),
            ),
        ),
        ("/v1/g", message("group", 5, 4, json!({ "groupId": "g" }))),
        (
            "/v1/a",
            message("alias", 6, 5, json!({ "previousId": "u", "userId": "customer" })),
        ),
    ]
}

/// All six calls, each in a request of its own and received an hour late.
fn actions() -> Story {
    let post = |story: Story, (path, body): (&str, Value)| story.post(60, path, &body);
    messages().into_iter().fold(Story::default(), post)
}

/// The same in one batch.
fn import() -> Story {
    let batch: Vec<Value> = messages().into_iter().map(|(_, message)| message).collect();
    Story::default().post(60, "/v1/import", &json!({ "batch": batch }))
}

#[test]
fn pages_are_told_from_tracks_by_what_they_say_they_are() {
    for ledger in [actions().ledger(), import().ledger()] {
        let views = ledger.page_views();
        let shown: Vec<_> = views
            .iter()
            .map(|view| (view.kind, view.name.as_deref(), view.at))
            .collect();
        assert_eq!(
            shown,
            [
                (PageKind::Page, Some("Pricing"), at(0)),
                (PageKind::Screen, Some("Home"), at(1))
            ]
        );
        assert_eq!(ledger.visits()[0].source.as_deref(), Some("google"));
        let conversions = ledger.conversions();
        assert_eq!(conversions.len(), 1);
        assert_eq!(
            (conversions[0].event.as_str(), conversions[0].at),
            ("Viewed Pricing Page", at(3))
        );
        assert!(ledger.violations().is_empty(), "{:?}", ledger.violations());
    }
}

#[test]
fn identify_and_alias_happen_at_their_own_time() {
    for ledger in [actions().ledger(), import().ledger()] {
        let identities = ledger.identities();
        assert_eq!(
            (identities[0].visitor.as_str(), identities[0].history[0].at),
            ("customer", at(2))
        );
        assert_eq!(ledger.merges()[0].at, at(5));
        let visitors = ledger.visitors();
        assert_eq!((visitors[0].first_seen, visitors[0].last_seen), (at(0), at(5)));
    }
}

#[test]
fn without_a_time_identify_and_alias_happen_when_they_arrive() {
    let ledger = Story::default()
        .post(
            7,
            "/v1/i",
            &json!({ "messageId": "1", "type": "identify", "userId": "u" }),
        )
        .post(
            8,
            "/v1/a",
            &json!({ "messageId": "2", "type": "alias", "userId": "v", "previousId": "u" }),
        )
        .ledger();
    assert_eq!(
        (ledger.identities()[0].history[0].at, ledger.merges()[0].at),
        (at(7), at(8))
    );
}

#[test]
fn which_traits_lie_on_top_is_decided_by_the_order_of_arrival() {
    let with_plan = |number, minutes, plan| message("identify", number, minutes, json!({ "traits": { "plan": plan } }));
    let ledger = Story::default()
        .post(10, "/v1/i", &with_plan(1, 9, "pro"))
        .post(11, "/v1/i", &with_plan(2, 1, "free"))
        .ledger();
    let identity = &ledger.identities()[0];
    assert_eq!(Value::Object(identity.traits.clone()), json!({ "plan": "free" }));
    let history: Vec<_> = identity.history.iter().map(|change| change.at).collect();
    assert_eq!(history, [at(9), at(1)]);
}

#[test]
fn a_group_makes_nobody_a_visitor() {
    let ledger = Story::default()
        .post(0, "/v1/g", &message("group", 1, 0, json!({ "groupId": "g" })))
        .ledger();
    assert!(ledger.visitors().is_empty() && ledger.violations().is_empty());
}

#[test]
fn the_url_of_the_context_is_not_consulted() {
    let page = json!({ "context": { "page": { "url": "https://shop.example/", "referrer": "https://a.example/" } } });
    let ledger = Story::default().post(0, "/v1/p", &message("page", 1, 0, page)).ledger();
    let view = &ledger.page_views()[0];
    assert_eq!((&view.url, &view.referrer), (&None, &None));
}

#[test]
fn one_visitor_is_one_on_every_wire() {
    let ledger = Story::default()
        .page(0, "c", "https://shop.example/")
        .post(1, "/v1/i", &message("identify", 1, 1, json!({})))
        .post(
            2,
            "/v1/import",
            &json!({ "batch": [message("track", 2, 2, json!({ "event": "E" }))] }),
        )
        .ledger();
    let visitors = ledger.visitors();
    assert_eq!(visitors.len(), 1);
    assert_eq!((visitors[0].page_views, visitors[0].conversions), (1, 1));
}

#[test]
fn pages_of_one_batch_at_one_time_stay_in_its_order() {
    let page = |number, cookie: &str, url: &str| {
        let own = json!({ "userId": null, "anonymousId": cookie, "properties": { "url": url } });
        message("page", number, 0, own)
    };
    let batch = [
        page(1, "a", "https://shop.example/?utm_source=1"),
        page(2, "b", "https://shop.example/?utm_source=2"),
        page(3, "a", "https://shop.example/?utm_source=3"),
    ];
    let ledger = Story::default()
        .post(0, "/v1/import", &json!({ "batch": batch }))
        .ledger();
    let sources: Vec<_> = ledger.visits().into_iter().filter_map(|visit| visit.source).collect();
    assert_eq!(sources, ["1", "2", "3"]);
}
