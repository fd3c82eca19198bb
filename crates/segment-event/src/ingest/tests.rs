use serde_json::{Value, json};

use crate::event::Event;
use crate::kind::Kind;
use crate::rejection::Rejection;

fn refused(message: &Value) -> Vec<Rejection> {
    Event::ingest(message.clone()).map_or_else(|rejections| rejections, |_| Vec::new())
}

fn codes(message: &Value) -> Vec<String> {
    refused(message)
        .iter()
        .map(|rejection| format!("{} {}", rejection.code, rejection.pointer))
        .collect()
}

/// A message that ingest takes, with these members put in.
fn valid_with(kind: Kind, members: &Value) -> Value {
    let mut message = json!({"type": kind, "userId": "user-1"});
    match kind {
        Kind::Track => message["event"] = json!("Order Completed"),
        Kind::Group => message["groupId"] = json!("account-1"),
        Kind::Identify | Kind::Page | Kind::Screen | Kind::Alias => {}
    }
    for (name, value) in members.as_object().unwrap() {
        message[name] = value.clone();
    }
    message
}

#[test]
fn the_smallest_message_of_each_kind_is_taken() {
    for kind in Kind::ALL {
        let event = Event::ingest(valid_with(kind, &json!({}))).unwrap();
        assert_eq!(event.kind(), kind);
    }
}

#[test]
fn null_is_as_good_as_absent_for_every_optional_field() {
    let nulls = json!({"anonymousId": null, "name": null, "category": null, "properties": null, "traits": null,
        "context": null, "integrations": null, "timestamp": null, "messageId": null, "channel": null});
    for kind in Kind::ALL {
        assert_eq!(codes(&valid_with(kind, &nulls)), [""; 0], "{kind}");
    }
}

#[test]
fn what_is_no_object_has_one_rejection_for_the_whole_message() {
    for message in [json!(null), json!([]), json!("track"), json!(7), json!(true)] {
        assert_eq!(codes(&message), ["bad_request "]);
        assert_eq!(Event::unchecked(message.clone()).unwrap_err(), refused(&message));
    }
}

#[test]
fn a_type_is_one_of_six_in_lower_case() {
    for wrong in [
        json!(null),
        json!("Track"),
        json!("track "),
        json!(""),
        json!("purchase"),
        json!(1),
        json!(["track"]),
    ] {
        let message = json!({"type": wrong, "userId": "user-1", "event": "Order Completed"});
        assert_eq!(codes(&message), ["type_invalid /type"]);
        assert_eq!(Event::unchecked(message.clone()).unwrap_err(), refused(&message));
    }
}

#[test]
fn every_identifying_field_is_a_non_empty_string_where_it_is_given() {
    for wrong in [json!(""), json!(42), json!(false), json!([]), json!({})] {
        for kind in Kind::ALL {
            assert_eq!(
                codes(&valid_with(kind, &json!({"userId": wrong}))),
                ["id_not_string /userId"],
                "{kind}"
            );
            assert_eq!(
                codes(&valid_with(kind, &json!({"anonymousId": wrong}))),
                ["id_not_string /anonymousId"],
                "{kind}"
            );
        }
        assert_eq!(
            codes(&valid_with(Kind::Group, &json!({"groupId": wrong}))),
            ["id_not_string /groupId"]
        );
        assert_eq!(
            codes(&json!({"type": "alias", "userId": null, "to": wrong})),
            ["id_not_string /to"]
        );
    }
}

#[test]
fn somebody_must_be_named() {
    let cases = [
        (json!({"type": "page"}), vec!["no_user_anon_id /userId"]),
        (
            json!({"type": "page", "userId": null, "anonymousId": null}),
            vec!["no_user_anon_id /userId"],
        ),
        (
            json!({"type": "page", "user_id": "user-1"}),
            vec!["no_user_anon_id /userId"],
        ),
        (json!({"type": "page", "anonymousId": "anon-1"}), vec![]),
        (
            json!({"type": "group"}),
            vec!["no_user_anon_id /userId", "id_required /groupId"],
        ),
        (json!({"type": "alias"}), vec!["id_required /userId"]),
        (
            json!({"type": "alias", "anonymousId": "anon-1", "previousId": "anon-1"}),
            vec!["id_required /userId"],
        ),
        (json!({"type": "alias", "from": "anon-1", "to": "user-1"}), vec![]),
        (json!({"type": "alias", "userId": "user-1", "to": 7}), vec![]),
    ];
    for (message, expected) in cases {
        assert_eq!(codes(&message), expected, "{message}");
    }
}

#[test]
fn a_track_needs_a_name_that_is_a_string() {
    let cases = [
        (json!(null), "event_not_defined /event"),
        (json!(""), "event_not_defined /event"),
        (json!(7), "event_not_string /event"),
        (json!({"name": "Order Completed"}), "event_not_string /event"),
    ];
    for (event, expected) in cases {
        assert_eq!(
            codes(&valid_with(Kind::Track, &json!({"event": event}))),
            [expected],
            "{event}"
        );
        assert_eq!(
            codes(&valid_with(Kind::Page, &json!({"event": event}))),
            [""; 0],
            "{event}"
        );
    }
    assert_eq!(
        codes(&json!({"type": "track", "userId": "user-1"})),
        ["event_not_defined /event"]
    );
}

#[test]
fn pages_and_screens_have_names_and_categories_of_text() {
    for wrong in [json!(""), json!(7), json!(false), json!([])] {
        let members = json!({"name": wrong, "category": wrong});
        for kind in Kind::ALL {
            let expected: &[&str] = match kind {
                Kind::Page | Kind::Screen => &["name_not_string /name", "category_not_string /category"],
                Kind::Identify | Kind::Track | Kind::Group | Kind::Alias => &[],
            };
            assert_eq!(codes(&valid_with(kind, &members)), expected, "{kind}");
        }
    }
}

#[test]
fn what_holds_members_is_an_object_in_every_kind() {
    for wrong in [json!([]), json!("{}"), json!(0), json!(false)] {
        let members = json!({"properties": wrong, "traits": wrong, "context": wrong, "integrations": wrong});
        let expected = [
            "properties_not_object /properties",
            "traits_not_object /traits",
            "bad_request /context",
            "bad_request /integrations",
        ];
        for kind in Kind::ALL {
            assert_eq!(codes(&valid_with(kind, &members)), expected, "{kind}");
        }
    }
}

#[test]
fn a_timestamp_of_a_type_that_nobody_can_read_matters_where_the_timestamp_does() {
    for wrong in [json!(true), json!([]), json!({"seconds": 1})] {
        for kind in Kind::ALL {
            let expected: &[&str] = match kind {
                Kind::Track | Kind::Page | Kind::Screen => &["timestamp_invalid /timestamp"],
                Kind::Identify | Kind::Group | Kind::Alias => &[],
            };
            assert_eq!(
                codes(&valid_with(kind, &json!({"timestamp": wrong}))),
                expected,
                "{kind}"
            );
        }
    }
    for text in [json!("yesterday"), json!(""), json!(-5), json!(1_400_000_000.123)] {
        assert_eq!(codes(&valid_with(Kind::Page, &json!({"timestamp": text}))), [""; 0]);
    }
}

#[test]
fn a_message_id_has_at_most_a_hundred_characters() {
    assert_eq!(
        codes(&valid_with(Kind::Page, &json!({"messageId": "ü".repeat(100)}))),
        [""; 0]
    );
    assert_eq!(
        codes(&valid_with(Kind::Page, &json!({"messageId": "ü".repeat(101)}))),
        ["bad_request /messageId"]
    );
    assert_eq!(
        codes(&valid_with(Kind::Page, &json!({"messageId": 7}))),
        ["bad_request /messageId"]
    );
}

#[test]
fn all_rejections_come_at_once() {
    let message = json!({"type": "track", "userId": 42, "event": 7, "properties": [], "timestamp": false});
    let expected = [
        "id_not_string /userId",
        "event_not_string /event",
        "properties_not_object /properties",
        "timestamp_invalid /timestamp",
    ];
    assert_eq!(codes(&message), expected);
}

#[test]
fn a_wrong_type_hides_nothing_that_can_be_decided_without_it() {
    let expected = [
        "type_invalid /type",
        "no_user_anon_id /userId",
        "traits_not_object /traits",
    ];
    assert_eq!(codes(&json!({"type": "purchase", "traits": 7, "event": 7})), expected);
    assert_eq!(codes(&json!({"to": "user-1"})), ["type_invalid /type"]);
}

#[test]
fn a_type_in_the_wrong_case_is_judged_as_the_kind_it_means() {
    let expected = [
        "type_invalid /type",
        "no_user_anon_id /userId",
        "event_not_defined /event",
    ];
    assert_eq!(codes(&json!({"type": "TRACK"})), expected);
    assert_eq!(
        codes(&json!({"type": "Alias"})),
        ["type_invalid /type", "id_required /userId"]
    );
}

#[test]
fn a_rejection_says_what_to_write_instead() {
    let cases = [
        (
            json!({"type": "Page", "userId": "u"}),
            r#"type "Page" is not known: write "page""#,
        ),
        (
            json!({"Type": "page", "userId": "u"}),
            r#"type is missing ("Type" is not read, the name is type): write one of "identify", "track", "page", "screen", "group", "alias""#,
        ),
        (
            json!({"type": "page", "userId": 42}),
            r#"userId must be a non-empty string, not the number 42: write "42""#,
        ),
        (
            json!({"type": "page", "user_id": "u"}),
            r#"neither userId nor anonymousId is given ("user_id" is not read, the name is userId): give at least one of them as a non-empty string"#,
        ),
        (
            json!({"type": "track", "userId": "u", "event": null, "Event": "Signed Up"}),
            r#"a track needs event ("Event" is not read, the name is event): write the name of what was done, such as "Order Completed""#,
        ),
        (
            json!({"type": "page", "userId": "u", "timestamp": {"$date": 0}}),
            r#"timestamp must be a date-time, not an object: write it as "2024-01-15T10:00:00Z", or leave it out for now"#,
        ),
        (
            json!("x".repeat(1000)),
            &format!(
                r#"a message must be an object such as {{"type": "track", …}}, not the string "{}…""#,
                "x".repeat(60)
            ),
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(refused(&message)[0].message, expected);
    }
}
