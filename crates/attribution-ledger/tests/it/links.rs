//! Which conversions nothing links to a visit.

use attribution_ledger::{LedgerConfig, Level, RecordedViolation, rules};
use serde_json::{Value, json};

use crate::support::Story;

const SHOP: &str = "https://shop.example/";

fn order(story: Story, minutes: i64, ids: Value) -> Story {
    story.track(minutes, ids, "Order Completed", &json!({ "revenue": 5 }))
}

fn both() -> Value {
    json!({ "user_id": "user-1", "cookie_id": "anon-1" })
}

/// The requests and messages of what is listed as unlinked.
fn unlinked(story: &Story) -> Vec<(u64, String)> {
    let listed = story.ledger().violations().into_iter();
    let unlinked = listed.filter(|violation| violation.rule == "ATT048");
    unlinked
        .map(|violation| (violation.request, violation.message))
        .collect()
}

fn told(request: u64, text: &str) -> (u64, String) {
    (request, text.to_owned())
}

/// A visit of a cookie and an order of a user.
fn apart() -> Story {
    order(
        Story::default().page(0, "anon-1", SHOP),
        1,
        json!({ "user_id": "user-1" }),
    )
}

#[test]
fn a_user_who_never_came_with_a_cookie_is_listed_once() {
    let one = told(
        2,
        r#"names nobody, here or in any message of user "user-1": "Order Completed" can't be linked to any visit"#,
    );
    assert_eq!(unlinked(&apart()), [one]);
    let two = order(apart(), 2, json!({ "user_id": "user-1" }));
    let both = r#""Order Completed" and another conversion can't be linked to any visit"#;
    let [(request, message)] = &unlinked(&two)[..] else {
        panic!("it is listed once")
    };
    assert!(*request == 2 && message.ends_with(both), "{message}");
    let other = order(two, 3, json!({ "user_id": "user-2" }));
    assert_eq!(unlinked(&other).len(), 2);
}

#[test]
fn whatever_names_both_ids_makes_the_link_even_later() {
    assert!(unlinked(&apart().identify(5, both(), &json!({}))).is_empty());
    assert!(unlinked(&apart().alias(5, "anon-1", "user-1")).is_empty());
    assert!(unlinked(&order(apart(), 5, both())).is_empty());
    let through_another = apart()
        .identify(5, json!({ "user_id": "user-0", "cookie_id": "anon-1" }), &json!({}))
        .alias(6, "user-0", "user-1");
    assert!(unlinked(&through_another).is_empty());
}

#[test]
fn an_alias_of_nobody_who_was_seen_is_no_link() {
    assert_eq!(unlinked(&apart().alias(5, "anon-9", "user-1")).len(), 1);
}

#[test]
fn a_cookie_that_has_passed_on_was_a_link_all_the_same() {
    let shared = Story::default().page(0, "anon-1", SHOP).identify(1, both(), &json!({}));
    let passed_on = shared.identify(2, json!({ "user_id": "user-2", "cookie_id": "anon-1" }), &json!({}));
    assert!(unlinked(&order(passed_on, 3, json!({ "user_id": "user-1" }))).is_empty());
}

#[test]
fn without_any_page_view_there_is_nothing_to_link_to() {
    assert!(unlinked(&order(Story::default(), 0, json!({ "user_id": "user-1" }))).is_empty());
}

#[test]
fn a_user_whose_pages_a_server_sends_has_visits() {
    let page = |story: Story| {
        story.track(
            2,
            json!({ "user_id": "user-1" }),
            "Loaded a Page",
            &json!({ "url": SHOP }),
        )
    };
    assert!(unlinked(&page(apart())).is_empty());
}

#[test]
fn it_stands_where_its_request_does_and_can_be_switched_off() {
    let story = apart().alias(2, "anon-5", "anon-5");
    let places = |violations: Vec<RecordedViolation>| -> Vec<(u64, &'static str)> {
        violations
            .iter()
            .map(|violation| (violation.request, violation.rule))
            .collect()
    };
    assert_eq!(places(story.ledger().violations()), [(2, "ATT048"), (3, "ATT007")]);
    let mut config = LedgerConfig::default();
    config
        .rules
        .set(rules::explain("unlinked-conversion").unwrap(), Level::Off)
        .unwrap();
    assert_eq!(places(story.ledger_under(config).violations()), [(3, "ATT007")]);
}

#[test]
fn it_points_at_the_id_that_would_make_the_link_in_the_words_of_its_dialect() {
    let order = |call: &str| json!({ "messageId": call, "type": call, "userId": "user-1", "event": "Order Completed" });
    let batch = json!({ "batch": [order("identify"), order("track")] });
    for (path, body, pointer) in [
        (
            "/track",
            json!({ "user_id": "user-1", "event": "Order Completed" }),
            "/cookie_id",
        ),
        ("/v1/t", order("track"), "/anonymousId"),
        ("/v1/import", batch, "/batch/1/anonymousId"),
    ] {
        let ledger = Story::default().page(0, "anon-1", SHOP).post(1, path, &body).ledger();
        let found = ledger.violations();
        let pointers = found.iter().filter(|violation| violation.rule == "ATT048");
        let pointers: Vec<&str> = pointers.map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, [pointer], "{path}");
    }
}
