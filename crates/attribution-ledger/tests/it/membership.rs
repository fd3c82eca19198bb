//! Whom Engage tells of, and whether anybody has heard of them: ATT050, which is off unless it is turned on.

use attribution_ledger::{LedgerConfig, Level, rules};
use serde_json::{Value, json};

use crate::support::Story;

const RULE: &str = "membership-without-identity";

/// An identify of Engage's: whoever has these ids is in the audience `vip`.
fn member(ids: &Value) -> Value {
    let personas = json!({ "computation_class": "audience", "computation_key": "vip" });
    let mut body = json!({ "traits": { "vip": true }, "context": { "personas": personas } });
    for (name, id) in ids.as_object().expect("ids by their names") {
        body[name] = id.clone();
    }
    body
}

fn enters(story: Story, ids: &Value) -> Story {
    story.post(0, "/identify", &member(ids))
}

/// The requests that are flagged, each with what is said.
fn flagged(story: &Story) -> Vec<(u64, String)> {
    let mut config = LedgerConfig::default();
    let rule = rules::explain(RULE).expect("there is such a rule");
    config.rules.set(rule, Level::Warn).expect("every rule can warn");
    let violations = story.ledger_under(config).violations().into_iter();
    let flagged = violations.filter(|violation| violation.name == RULE);
    flagged
        .map(|violation| {
            (
                violation.request,
                format!("{} {}", violation.pointer, violation.message),
            )
        })
        .collect()
}

#[test]
fn it_is_off_unless_it_is_turned_on() {
    let story = enters(Story::default(), &json!({ "user_id": "user-1" }));
    assert!(story.ledger().violations().is_empty());
    let expected = r#"/traits/vip is the first that is heard of user_id "user-1""#;
    assert_eq!(flagged(&story), [(1, expected.to_owned())]);
}

#[test]
fn whoever_has_done_anything_before_is_known() {
    let user = json!({ "user_id": "user-1" });
    let cookie = json!({ "cookie_id": "anon-1" });
    let both = json!({ "user_id": "user-1", "cookie_id": "anon-1" });
    let known: [(Story, &Value); 6] = [
        (Story::default().identify(0, both.clone(), &json!({})), &user),
        (Story::default().identify(0, both.clone(), &json!({})), &cookie),
        (Story::default().page(0, "anon-1", "https://shop.example/"), &cookie),
        (Story::default().page(0, "anon-1", "https://shop.example/"), &both),
        (Story::default().track(0, user.clone(), "sign up", &json!({})), &user),
        (Story::default().alias(0, "anon-1", "user-1"), &cookie),
    ];
    for (number, (story, member)) in known.into_iter().enumerate() {
        assert_eq!(flagged(&enters(story, member)), [], "{number}");
    }
}

#[test]
fn a_page_of_a_cookie_does_not_make_a_user_known_who_has_never_come_with_it() {
    let story = Story::default().page(0, "anon-1", "https://shop.example/");
    assert_eq!(flagged(&enters(story, &json!({ "user_id": "user-1" }))).len(), 1);
}

#[test]
fn it_is_said_once_of_a_visitor_however_many_ids_engage_tells() {
    let mut story = Story::default();
    for cookie in ["anon-1", "anon-2"] {
        story = enters(story, &json!({ "user_id": "user-1", "cookie_id": cookie }));
    }
    let expected = r#"/traits/vip is the first that is heard of user_id "user-1" and cookie_id "anon-1""#;
    assert_eq!(flagged(&story), [(1, expected.to_owned())]);
}

#[test]
fn only_a_message_of_engage_about_its_computation_is_looked_at() {
    let user = json!({ "user_id": "user-1" });
    let mut without_key = member(&user);
    without_key["context"]["personas"] = json!({ "computation_class": "audience" });
    let mut without_trait = member(&user);
    without_trait["traits"] = json!({ "other": true });
    let mut of_any_sender = member(&user);
    of_any_sender["context"] = json!({});
    for body in [without_key, without_trait, of_any_sender] {
        assert_eq!(flagged(&Story::default().post(0, "/identify", &body)), [], "{body}");
    }
}

#[test]
fn a_track_of_engage_is_looked_at_by_its_property() {
    let mut body = member(&json!({ "userId": "user-1" }));
    body["event"] = json!("Audience Entered");
    body["type"] = json!("track");
    body["messageId"] = json!("msg-1");
    body["properties"] = json!({ "audience_key": "vip", "vip": true });
    let expected = r#"/properties/vip is the first that is heard of userId "user-1""#;
    let story = Story::default().post(0, "/v1/t", &body).post(0, "/v1/t", &body);
    assert_eq!(flagged(&story), [(1, expected.to_owned())]);
}
