//! Who is who, from requests. The laws themselves are tested beside the code; here is what rows say of them.

use serde_json::json;

use crate::support::{Story, at};

#[test]
fn what_a_cookie_did_before_it_had_an_owner_becomes_the_owners() {
    let story = Story::default()
        .track(0, json!({ "cookie_id": "c" }), "Added To Cart", &json!({}))
        .track(
            1,
            json!({ "cookie_id": "c", "user_id": "u" }),
            "Order Completed",
            &json!({}),
        )
        .track(2, json!({ "cookie_id": "c" }), "Reviewed", &json!({}))
        .track(
            3,
            json!({ "cookie_id": "c", "user_id": "v" }),
            "Order Completed",
            &json!({}),
        )
        .track(4, json!({ "cookie_id": "c" }), "Reviewed", &json!({}));
    let conversions = story.ledger().conversions();
    let whose: Vec<&str> = conversions
        .iter()
        .map(|conversion| conversion.visitor.as_str())
        .collect();
    assert_eq!(whose, ["u", "u", "u", "v", "v"]);
}

#[test]
fn every_alias_with_both_ids_is_a_row_even_if_it_changes_nothing() {
    let story = Story::default()
        .alias(0, "a", "u")
        .alias(1, "a", "u")
        .alias(2, "u", "u")
        .post(3, "/alias", &json!({ "user_id": "u" }))
        .post(4, "/alias", &json!({ "previous_id": "b", "anonymous_id": "c" }));
    let merges = story.ledger().merges();
    let rows: Vec<_> = merges
        .iter()
        .map(|row| (row.from.as_str(), row.into.as_str(), row.at, row.request))
        .collect();
    assert_eq!(
        rows,
        [
            ("a", "u", at(0), 1),
            ("a", "u", at(1), 2),
            ("u", "u", at(2), 3),
            ("b", "c", at(4), 5)
        ]
    );
}

#[test]
fn visitors_count_what_they_did() {
    let story = Story::default()
        .page(0, "c", "https://shop.example/")
        .page(45, "c", "https://shop.example/")
        .track(
            46,
            json!({ "cookie_id": "c", "user_id": "u" }),
            "Order Completed",
            &json!({}),
        )
        .alias(50, "u", "customer")
        .page(55, "d", "https://shop.example/");
    let visitors = story.ledger().visitors();
    let rows: Vec<_> = visitors
        .iter()
        .map(|row| {
            (
                row.visitor.as_str(),
                row.page_views,
                row.visits,
                row.conversions,
                row.first_seen,
                row.last_seen,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [("customer", 2, 2, 1, at(0), at(50)), ("d", 1, 1, 0, at(55), at(55))]
    );
    assert_eq!(
        (visitors[0].user_ids.join(","), visitors[0].cookie_ids.join(",")),
        ("customer,u".into(), "c".into())
    );
}

#[test]
fn every_id_of_a_visitor_resolves_to_the_same_name_and_a_stranger_to_none() {
    let ledger = Story::default()
        .page(0, "c", "https://shop.example/")
        .alias(1, "c", "u")
        .alias(2, "u", "customer")
        .ledger();
    for id in ["c", "u", "customer"] {
        assert_eq!(ledger.resolve(id).as_deref(), Some("customer"), "{id}");
    }
    assert_eq!(ledger.resolve("nobody"), None);
    assert_eq!(ledger.resolve(""), None);
}

#[test]
fn a_number_and_its_digits_are_one_user() {
    let story = Story::default()
        .track(0, json!({ "user_id": 12345 }), "Signed Up", &json!({}))
        .track(1, json!({ "user_id": "12345" }), "Order Completed", &json!({}));
    assert_eq!(story.ledger().visitors().len(), 1);
}
