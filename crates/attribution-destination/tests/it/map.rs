//! The requests of the classic dialect, to the byte: every fixture, and what no fixture can hold.

use attribution_destination::{MapError, Mapped, Prepared, ProjectId, Settings, map, prepare};
use jiff::Timestamp;
use segment_event::Event;
use serde_json::{Value, json};

fn settings() -> Settings {
    Settings::new(ProjectId::new("demo-project").unwrap())
}

fn mapped(message: Value) -> Result<Mapped, MapError> {
    map(&Event::unchecked(message).unwrap(), &settings(), Timestamp::UNIX_EPOCH)
}

fn body(message: Value) -> String {
    String::from_utf8(mapped(message).unwrap().request.body.to_vec()).unwrap()
}

fn error(message: Value) -> MapError {
    mapped(message).unwrap_err()
}

fn codes(mapped: &Mapped) -> Vec<&str> {
    mapped.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .map(|list| list.iter().map(|code| code.as_str().unwrap()).collect())
        .unwrap_or_default()
}

#[test]
fn every_accepted_fixture_is_produced_to_the_byte() {
    for fixture in test_support::fixtures("wire/classic/accepted", "json") {
        let (name, file) = (&fixture.name, fixture.json());
        let event = Event::ingest(file["event"].clone()).unwrap_or_else(|rejections| panic!("{name}: {rejections:?}"));
        let now = file["now"].as_str().unwrap_or("2024-01-15T10:00:00Z").parse().unwrap();
        let settings = Settings {
            screens: file["options"]["screens"] == true,
            ..settings()
        };
        let Prepared::Send(mapped) = prepare(&event, &settings, now) else {
            panic!("{name}: not sent")
        };

        let request = &file["request"];
        assert_eq!(mapped.request.method().as_str(), request["method"], "{name}");
        assert_eq!(mapped.request.path, request["path"], "{name}");
        assert_eq!(
            str::from_utf8(&mapped.request.body).unwrap(),
            request["body"].to_string(),
            "{name}"
        );
        assert_eq!(
            codes(&mapped),
            texts(&file["diagnostics"]),
            "{name}: {:#?}",
            mapped.diagnostics
        );
    }
}

#[test]
fn the_session_id_is_the_cookie_whatever_it_is() {
    for session in [json!(17), json!(""), json!(null), json!(false), json!(["2014-10-12"])] {
        let message = json!({"type": "identify", "userId": "user-1", "anonymousId": "", "sessionId": session});
        let written = session.to_string().replace("2014-10-12", "2014-10-12T00:00:00.000Z");
        assert!(
            body(message).contains(&format!(r#""cookie_id":{written},"#)),
            "{session}"
        );
    }
}

#[test]
fn without_ingest_values_of_other_types_pass_as_they_are() {
    let message = json!({
        "type": "track", "userId": 42, "anonymousId": {"a": 1}, "event": ["x"],
        "properties": "2014-10-12", "context": [1], "timestamp": 0,
    });
    assert_eq!(
        body(message),
        concat!(
            r#"{"user_id":42,"timestamp":"1970-01-01T00:00:00.000Z","cookie_id":{"a":1},"#,
            r#""properties":"2014-10-12T00:00:00.000Z","context":[1],"event":["x"]}"#
        )
    );
    let identify = json!({"type": "identify", "userId": 42, "traits": {"id": 1, "a": 2}});
    assert_eq!(
        body(identify),
        r#"{"user_id":42,"traits":{"id":42,"a":2},"context":{}}"#
    );
    assert_eq!(
        body(json!({"type": "identify", "userId": ""})),
        r#"{"user_id":"","traits":{},"context":{}}"#
    );
    assert_eq!(body(json!({"type": "alias"})), "{}");
    assert_eq!(
        body(json!({"type": "alias", "previousId": "", "from": 7, "userId": 0})),
        r#"{"previous_id":7}"#
    );
}

#[test]
fn a_number_or_a_truth_value_can_name_a_page_and_an_object_cannot() {
    let event = |name: Value| {
        body(json!({"type": "page", "name": name}))
            .split_once(r#""event":"#)
            .unwrap()
            .1
            .to_owned()
    };
    assert_eq!(event(json!(404)), r#""Viewed 404 Page"}"#);
    assert_eq!(event(json!(true)), r#""Viewed true Page"}"#);
    for nothing in [json!(0), json!(""), json!(false), json!(null)] {
        assert_eq!(event(nothing), r#""Loaded a Page"}"#);
    }
    let error = error(json!({"type": "page", "name": {"en": "Pricing"}}));
    assert_eq!((error.code, error.pointer.as_str()), ("name_not_string", "/name"));
    assert!(error.message.contains("write a string"), "{}", error.message);
}

#[test]
fn an_unreadable_timestamp_is_an_error_where_a_timestamp_is_sent() {
    for kind in ["track", "page", "screen"] {
        let error = error(json!({"type": kind, "userId": "user-1", "event": "x", "timestamp": "Oct 12, 2014"}));
        assert_eq!(
            (error.code, error.pointer.as_str()),
            ("timestamp_invalid", "/timestamp")
        );
        assert!(error.message.contains(r#""Oct 12, 2014""#) && error.message.contains("2024-01-15T10:00:00Z"));
    }
    for kind in ["identify", "alias"] {
        assert!(mapped(json!({"type": kind, "userId": "user-1", "timestamp": "Oct 12, 2014"})).is_ok());
    }
}

#[test]
fn a_group_has_no_request() {
    let error = error(json!({"type": "group", "userId": "user-1", "groupId": "group-1"}));
    assert_eq!(
        (error.code, error.pointer.as_str()),
        ("unsupported_event_type", "/type")
    );
    let serialised = serde_json::to_string(&error).unwrap();
    assert!(
        serialised.starts_with(r#"{"code":"unsupported_event_type","pointer":"/type","message":""#),
        "{serialised}"
    );
}
