//! What a careful sender does and no rule may speak of, close to where one does.

use attribution_ledger::Ledger;
use serde_json::{Value, json};

use crate::support::{Story, at};

/// The rules that are broken.
fn broken(ledger: &Ledger) -> Vec<&'static str> {
    ledger.violations().iter().map(|violation| violation.rule).collect()
}

fn silent(path: &str, body: &Value) {
    let found = Story::default().post(0, path, body).ledger().violations();
    assert!(found.is_empty(), "{body}: {found:?}");
}

fn track(event: &str, properties: &Value) -> Value {
    json!({ "user_id": "user-1", "timestamp": at(0), "event": event, "properties": properties, "context": {} })
}

fn page(url: &str, context: &Value) -> Value {
    json!({
        "cookie_id": "anon-1", "timestamp": at(0), "event": "Viewed Pricing Page",
        "properties": { "url": url, "name": "Pricing" }, "context": context,
    })
}

#[test]
fn a_campaign_that_stands_in_the_url_is_fine_in_any_spelling() {
    let campaign = json!({ "campaign": { "name": "Spring Sale", "source": "google", "id": "7" } });
    for query in [
        "utm_campaign=Spring+Sale&utm_source=google",
        "UTM_Source=Google&utm_campaign=spring%20sale&utm_medium=cpc",
        "ref=1?utm_source=google&utm_campaign=Spring+Sale",
    ] {
        silent("/track", &page(&format!("https://shop.example/?{query}"), &campaign));
    }
    silent("/track", &page("https://shop.example/", &json!({ "campaign": {} })));
    silent(
        "/track",
        &page("https://shop.example/", &json!({ "campaign": { "source": "" } })),
    );
}

#[test]
fn a_page_may_name_the_page_before_it_and_a_visitor_may_come_again_from_the_same_place() {
    let (search, home) = ("https://www.google.com/", "https://shop.example/");
    let pricing = "https://shop.example/pricing";
    let mut story = Story::default();
    for (minutes, url, referrer) in [
        (0, home, search),
        (0, home, search),
        (1, pricing, home),
        (31, pricing, search),
    ] {
        let properties = json!({ "url": url, "referrer": referrer });
        story = story.track(minutes, json!({ "cookie_id": "anon-1" }), "Loaded a Page", &properties);
    }
    assert_eq!(broken(&story.ledger()), [""; 0]);
}

#[test]
fn the_campaign_of_a_track_or_a_screen_is_nobodys_landing() {
    let campaign = json!({ "campaign": { "source": "google" } });
    let mut order = track(
        "Order Completed",
        &json!({ "url": "https://shop.example/", "revenue": 5 }),
    );
    order["context"] = campaign.clone();
    silent("/track", &order);
    let screen = json!({
        "messageId": "m", "type": "screen", "userId": "u", "timestamp": at(0), "name": "Home", "context": campaign,
    });
    silent("/v1/s", &screen);
}

#[test]
fn a_server_may_send_tracks_as_its_library_does_and_pages_with_the_visitors_circumstances() {
    let library = json!({ "name": "@segment/analytics-node", "version": "2.2.0" });
    let mut order = track("Order Completed", &json!({ "revenue": 5 }));
    order["context"] = json!({ "library": library });
    silent("/track", &order);
    let context = json!({ "library": library, "ip": "203.0.113.7", "userAgent": "Mozilla/5.0" });
    silent("/track", &page("https://shop.example/", &context));
    let browser = json!({ "library": { "name": "analytics.js", "version": "next-1.70.0" } });
    silent("/track", &page("https://shop.example/", &browser));
}

#[test]
fn money_in_its_place_is_fine() {
    for (event, properties) in [
        ("Order Completed", json!({ "revenue": 99.9, "total": 120, "value": 1 })),
        ("Order Completed", json!({})),
        ("Order refund", json!({ "revenue": -20.5 })),
        ("sign up", json!({ "revenue": 0 })),
        ("sign up", json!({ "revenue": null })),
        ("Product Viewed", json!({ "value": 20, "total": "3" })),
    ] {
        silent("/track", &track(event, &properties));
    }
    // A page's properties are not a conversion's.
    let url = "https://shop.example/";
    let priced = json!({ "url": url, "name": "Pricing", "revenue": "$5" });
    let body = json!({ "cookie_id": "c", "timestamp": at(0), "event": "Viewed Pricing Page", "properties": priced });
    silent("/track", &body);
}

#[test]
fn what_engage_writes_is_fine() {
    for (class, value) in [
        ("audience", json!(true)),
        ("journey_step", json!(false)),
        ("trait", json!("true")),
        ("computed_trait", json!(12)),
    ] {
        let personas = json!({ "computation_class": class, "computation_key": "vip", "computation_id": "aud_1" });
        let body =
            json!({ "user_id": "u", "traits": { "vip": value, "id": "u" }, "context": { "personas": personas } });
        silent("/identify", &body);
    }
}

#[test]
fn engage_may_write_to_every_anonymous_id_of_a_profile() {
    let mut story = Story::default();
    for number in 0..20 {
        let personas = json!({ "computation_class": "audience", "computation_key": "vip" });
        let body = json!({
            "user_id": "u", "cookie_id": format!("c-{number}"), "traits": { "vip": true }, "context": { "personas": personas },
        });
        story = story.post(0, "/identify", &body);
    }
    assert_eq!(broken(&story.ledger()), [""; 0]);
}

/// The rules that an event breaks whose time lies so many seconds after its receipt.
fn at_seconds(seconds: i64) -> Vec<&'static str> {
    let time = at(0) + jiff::SignedDuration::from_secs(seconds);
    let body = json!({ "user_id": "u", "timestamp": time, "event": "A" });
    broken(&Story::default().post(0, "/track", &body).ledger())
}

#[test]
fn a_time_may_be_an_hour_ahead_and_ten_years_back() {
    const TEN_YEARS: i64 = 10 * 8_766 * 3_600;
    assert_eq!(at_seconds(3_600), [""; 0]);
    assert_eq!(at_seconds(3_601), ["ATT038"]);
    assert_eq!(at_seconds(-TEN_YEARS), [""; 0]);
    assert_eq!(at_seconds(-TEN_YEARS - 1), ["ATT039"]);
}

#[test]
fn a_message_may_be_under_way_for_ten_minutes() {
    let sent = |minutes: i64| {
        let message = json!({
            "messageId": "m", "type": "track", "userId": "u", "event": "A", "timestamp": at(0),
            "sentAt": at(minutes), "receivedAt": at(0),
        });
        let batch = json!({ "batch": [message] });
        broken(&Story::default().post(0, "/v1/import", &batch).ledger())
    };
    for (minutes, rules) in [(-10, &[][..]), (10, &[]), (-11, &["ATT037"]), (11, &["ATT037"])] {
        assert_eq!(sent(minutes), rules, "{minutes}");
    }
}
