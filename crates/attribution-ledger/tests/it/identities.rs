//! What is known of a person.

use serde_json::{Value, json};

use crate::support::{Story, at};

#[test]
fn traits_are_laid_over_one_another_in_the_order_of_arrival() {
    let ids = json!({ "user_id": "u" });
    let story = Story::default()
        .identify(0, ids.clone(), &json!({ "email": "old@example.com", "plan": "free" }))
        .identify(
            1,
            ids,
            &json!({ "email": "new@example.com", "firstName": "Ada", "lastName": "Lovelace" }),
        );
    let identities = story.ledger().identities();
    assert_eq!(identities.len(), 1);
    let identity = &identities[0];
    assert_eq!(
        Value::Object(identity.traits.clone()),
        json!({ "email": "new@example.com", "plan": "free", "firstName": "Ada", "lastName": "Lovelace" })
    );
    assert_eq!(identity.email.as_deref(), Some("new@example.com"));
    assert_eq!(identity.name.as_deref(), Some("Ada Lovelace"));
    let history: Vec<_> = identity
        .history
        .iter()
        .map(|change| (change.at, change.request))
        .collect();
    assert_eq!(history, [(at(0), 1), (at(1), 2)]);
}

#[test]
fn merged_users_share_one_identity() {
    let story = Story::default()
        .identify(
            0,
            json!({ "user_id": "user-1" }),
            &json!({ "plan": "free", "id": "user-1" }),
        )
        .identify(
            1,
            json!({ "user_id": "customer-1" }),
            &json!({ "plan": "pro", "id": "customer-1" }),
        )
        .alias(2, "user-1", "customer-1");
    let identities = story.ledger().identities();
    assert_eq!(identities.len(), 1);
    assert_eq!(identities[0].visitor, "customer-1");
    assert_eq!(identities[0].user_ids, ["customer-1", "user-1"]);
    assert_eq!(
        Value::Object(identities[0].traits.clone()),
        json!({ "plan": "pro", "id": "customer-1" })
    );
}

#[test]
fn an_anonymous_visitor_with_traits_is_an_identity_without_a_user() {
    let story = Story::default().identify(0, json!({ "cookie_id": "c" }), &json!({ "plan": "free" }));
    let identity = &story.ledger().identities()[0];
    assert_eq!((identity.visitor.as_str(), identity.user_id.as_deref()), ("c", None));
    assert_eq!(identity.cookie_ids, ["c"]);
}

#[test]
fn who_was_never_identified_has_no_identity() {
    let story = Story::default()
        .page(0, "c", "https://shop.example/")
        .alias(1, "c", "u");
    assert!(story.ledger().identities().is_empty());
    assert_eq!(story.ledger().visitors()[0].visitor, "u");
}

#[test]
fn a_conversion_is_an_event_with_what_it_is_worth() {
    let story = Story::default()
        .track(
            0,
            json!({ "user_id": "u" }),
            "Order Completed",
            &json!({ "revenue": "$1,000.50", "currency": "EUR" }),
        )
        .track(
            1,
            json!({ "user_id": "u" }),
            "Order Refunded",
            &json!({ "Revenue": -99.90, "total": 5 }),
        )
        .track(
            2,
            json!({ "user_id": "u" }),
            "Signed Up",
            &json!({ "total": 5, "value": 7 }),
        );
    let conversions = story.ledger().conversions();
    let worth: Vec<_> = conversions
        .iter()
        .map(|conversion| {
            (
                conversion.revenue.as_ref().map(ToString::to_string),
                conversion.currency.as_deref(),
            )
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        worth,
        [(text("1000.50"), Some("EUR")), (text("-99.9"), None), (None, None)]
    );
}
