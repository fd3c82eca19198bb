//! One visitor's way from an advertisement to a merged customer, and everything that is known at its end.

use attribution_ledger::AttributionReport;
use serde::Serialize;
use serde_json::json;

use crate::support::Story;

fn report() -> AttributionReport {
    let both = json!({ "user_id": "user-1", "cookie_id": "anon-1" });
    let pricing = "https://shop.example/pricing?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Sale";
    let landing = json!({ "url": pricing, "referrer": "https://www.google.com/", "name": "Pricing" });
    Story::default()
        .track(0, json!({ "cookie_id": "anon-1" }), "Viewed Pricing Page", &landing)
        .page(3, "anon-1", "https://shop.example/plans")
        .identify(
            5,
            both.clone(),
            &json!({ "name": "Ada Lovelace", "email": "ada@example.com", "id": "user-1" }),
        )
        .track(
            50,
            both,
            "Order Completed",
            &json!({ "revenue": 99.5, "currency": "EUR" }),
        )
        .track(55, json!({ "user_id": "user-1" }), "Viewed Invoice Page", &json!({}))
        .alias(60, "user-1", "customer-1")
        .ledger()
        .report()
}

fn check(name: &str, rows: &impl Serialize) {
    let _guard = test_support::snapshots("ledger");
    // Through text, because insta's own JSON shows how serde_json keeps the digits of a number.
    insta::assert_snapshot!(name, serde_json::to_string_pretty(rows).expect("rows are serialisable"));
}

#[test]
fn the_visits_of_a_customer() {
    check("story_visits", &report().visits);
}

#[test]
fn the_page_views_of_a_customer() {
    check("story_page_views", &report().page_views);
}

#[test]
fn the_identity_of_a_customer() {
    check("story_identities", &report().identities);
}

#[test]
fn the_conversions_of_a_customer() {
    check("story_conversions", &report().conversions);
}

#[test]
fn the_merge_of_a_customer() {
    check("story_merges", &report().merges);
}

#[test]
fn the_one_visitor_of_the_story() {
    check("story_visitors", &report().visitors);
}

#[test]
fn the_warnings_of_the_story() {
    check("story_violations", &report().violations);
}
