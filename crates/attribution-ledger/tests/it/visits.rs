//! How page views become visits.

use std::time::Duration;

use attribution_ledger::{EntryVerdict, Journal, Ledger, LedgerConfig, PageKind};
use serde_json::json;

use crate::support::{Story, at, request};

const HOME: &str = "https://shop.example/";
const GOOGLE: &str = "https://shop.example/pricing?utm_source=google&utm_medium=cpc&gclid=Cj0K#plans";

fn counts(story: &Story) -> Vec<u64> {
    story.ledger().visits().iter().map(|visit| visit.page_views).collect()
}

#[test]
fn thirty_minutes_without_a_page_view_end_a_visit() {
    let story = Story::default()
        .page(0, "c", HOME)
        .page(29, "c", HOME)
        .page(59, "c", HOME)
        .page(60, "c", HOME);
    assert_eq!(counts(&story), [2, 2]);
    let visits = story.ledger().visits();
    assert_eq!((visits[0].started_at, visits[0].ended_at), (at(0), at(29)));
    assert_eq!(
        (visits[1].started_at, visits[1].ended_at, visits[1].request),
        (at(59), at(60), 3)
    );
}

#[test]
fn midnight_ends_no_visit() {
    let minutes_to_midnight = 14 * 60;
    let story = Story::default()
        .page(minutes_to_midnight - 5, "c", HOME)
        .page(minutes_to_midnight + 5, "c", HOME);
    assert_eq!(counts(&story), [2]);
}

#[test]
fn another_campaign_begins_another_visit() {
    let story = Story::default()
        .page(0, "c", HOME)
        .page(1, "c", GOOGLE)
        .page(2, "c", HOME)
        .page(3, "c", GOOGLE)
        .page(4, "c", "https://shop.example/?utm_source=newsletter");
    assert_eq!(counts(&story), [1, 3, 1]);
}

#[test]
fn a_visit_is_described_by_its_landing_page() {
    let properties = json!({ "url": GOOGLE, "referrer": "https://www.google.com/", "name": "Pricing" });
    let story = Story::default()
        .track(0, json!({ "cookie_id": "c" }), "Viewed Pricing Page", &properties)
        .page(5, "c", HOME);
    let visit = &story.ledger().visits()[0];
    assert_eq!(visit.page.as_deref(), Some("https://shop.example/pricing"));
    assert_eq!(visit.url.as_deref(), Some(GOOGLE));
    assert_eq!(visit.name.as_deref(), Some("Pricing"));
    assert_eq!(visit.referrer.as_deref(), Some("https://www.google.com/"));
    assert_eq!(
        (visit.source.as_deref(), visit.medium.as_deref()),
        (Some("google"), Some("cpc"))
    );
    assert_eq!(
        (visit.campaign.as_deref(), visit.gclid.as_deref()),
        (None, Some("Cj0K"))
    );
}

#[test]
fn a_page_view_that_arrives_late_takes_its_place_by_its_own_time() {
    let late =
        json!({ "cookie_id": "c", "timestamp": at(10), "event": "Loaded a Page", "properties": { "url": GOOGLE } });
    let story = Story::default().page(12, "c", HOME).post(600, "/track", &late);
    let visits = story.ledger().visits();
    assert_eq!(visits.len(), 1);
    assert_eq!(
        (visits[0].started_at, visits[0].source.as_deref()),
        (at(10), Some("google"))
    );
}

#[test]
fn without_a_time_of_its_own_a_page_view_happened_when_it_was_received() {
    let story = Story::default().post(7, "/track", &json!({ "cookie_id": "c", "event": "Loaded a Page" }));
    assert_eq!(story.ledger().page_views()[0].at, at(7));
}

#[test]
fn two_browsers_of_one_person_have_visits_of_their_own() {
    let story = Story::default()
        .identify(0, json!({ "user_id": "u", "cookie_id": "phone" }), &json!({}))
        .identify(0, json!({ "user_id": "u", "cookie_id": "laptop" }), &json!({}))
        .page(1, "phone", HOME)
        .page(2, "laptop", HOME)
        .page(3, "phone", HOME);
    assert_eq!(counts(&story), [2, 1]);
    assert!(story.ledger().visits().iter().all(|visit| visit.visitor == "u"));
}

#[test]
fn a_shared_cookie_has_a_visit_for_each_of_its_holders() {
    let story = Story::default()
        .page(0, "c", HOME)
        .identify(1, json!({ "user_id": "u", "cookie_id": "c" }), &json!({}))
        .page(2, "c", HOME)
        .identify(3, json!({ "user_id": "v", "cookie_id": "c" }), &json!({}))
        .page(4, "c", HOME);
    let visits = story.ledger().visits();
    let whose: Vec<_> = visits
        .iter()
        .map(|visit| (visit.visitor.as_str(), visit.page_views))
        .collect();
    assert_eq!(whose, [("u", 2), ("v", 1)]);
}

#[test]
fn a_screen_is_a_page_view_of_its_kind() {
    let story = Story::default().track(
        0,
        json!({ "cookie_id": "c" }),
        "Viewed Home Screen",
        &json!({ "name": "Home" }),
    );
    let ledger = story.ledger();
    let view = &ledger.page_views()[0];
    assert_eq!(
        (view.kind, view.name.as_deref(), view.url.as_deref()),
        (PageKind::Screen, Some("Home"), None)
    );
    assert_eq!(ledger.visits()[0].name.as_deref(), Some("Home"));
    assert!(ledger.conversions().is_empty());
}

#[test]
fn the_gap_is_a_setting() {
    let mut journal = Journal::new();
    for minutes in [0, 5] {
        let body = r#"{"cookie_id":"c","event":"Loaded a Page"}"#;
        journal.append(request(minutes, "/track", body), EntryVerdict::Recorded, 200);
    }
    let visits = |gap: Duration| {
        Ledger::replay(
            LedgerConfig {
                visit_gap: gap,
                ..LedgerConfig::default()
            },
            journal.entries(),
        )
        .visits()
        .len()
    };
    assert_eq!(visits(Duration::from_secs(300)), 2);
    assert_eq!(visits(Duration::from_secs(301)), 1);
    assert_eq!(visits(Duration::MAX), 1);
    assert_eq!(visits(Duration::ZERO), 2);
}
