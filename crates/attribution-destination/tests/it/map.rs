//! The requests of every dialect, to the byte: every fixture, and what no fixture can hold.

use attribution_destination::{
    Dialect, Invalid, MapError, Mapped, Prepared, PreviousId, ProjectId, Settings, map, prepare,
};
use jiff::Timestamp;
use segment_event::Event;
use serde_json::{Value, json};
use test_support::{Fixture, fixtures};

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

/// Every fixture in the folders of this name, with the settings that it is about.
fn with_settings(dialects: &[Dialect], folder: &str) -> Vec<(Settings, Fixture, Value)> {
    let of_dialect = |dialect: &Dialect| {
        let fixtures = fixtures(&format!("wire/{dialect}/{folder}"), "json").into_iter();
        let dialect = *dialect;
        fixtures.map(move |fixture| {
            let file = fixture.json();
            let previous_id = file["options"]["previous_id"]
                .as_str()
                .map(|name| name.parse().unwrap());
            let settings = Settings {
                dialect,
                screens: file["options"]["screens"] == true,
                previous_id: previous_id.unwrap_or(PreviousId::Mapped),
                ..settings()
            };
            (settings, fixture, file)
        })
    };
    dialects.iter().flat_map(of_dialect).collect()
}

#[test]
fn every_accepted_fixture_is_produced_to_the_byte() {
    for (settings, fixture, file) in with_settings(Dialect::ALL, "accepted") {
        let name = format!("{}: {}", settings.dialect, fixture.name);
        let event = Event::ingest(file["event"].clone()).unwrap_or_else(|rejections| panic!("{name}: {rejections:?}"));
        let now = file["now"].as_str().unwrap_or("2024-01-15T10:00:00Z").parse().unwrap();
        let Prepared::Send(mapped) = prepare(&event, &settings, now) else {
            panic!("{name}: not sent")
        };

        let request = &file["request"];
        assert_eq!(mapped.request.method().as_str(), request["method"], "{name}");
        assert_eq!(mapped.request.path, request["path"], "{name}");
        assert!(settings.dialect.paths().contains(&mapped.request.path), "{name}");
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
fn every_unmapped_fixture_is_refused_at_its_place_with_what_to_write() {
    for (settings, fixture, file) in with_settings(&[Dialect::Actions, Dialect::Import], "unmapped") {
        let name = format!("{}: {}", settings.dialect, fixture.name);
        let event = Event::unchecked(file["event"].clone()).map_err(Invalid::Rejected);
        let invalid = event.and_then(|event| match prepare(&event, &settings, Timestamp::UNIX_EPOCH) {
            Prepared::Invalid(invalid) => Err(invalid),
            prepared => Ok(prepared),
        });
        let invalid = invalid.expect_err(&name);
        let [error] = *invalid.errors() else {
            panic!("{name}: {invalid}")
        };
        assert_eq!(error.code, file["error"]["code"], "{name}");
        assert_eq!(error.pointer, file["error"]["pointer"], "{name}");
        assert!(error.message.contains("write "), "{name}: {}", error.message);
    }
}

#[test]
fn what_the_default_preset_does_not_map_is_not_validated_either() {
    let alias = json!({"type": "alias", "messageId": "m-1", "userId": "user-1", "previousId": {"id": "anon-1"}});
    let mapped = |previous_id| {
        let settings = Settings {
            dialect: Dialect::Actions,
            previous_id,
            ..settings()
        };
        map(
            &Event::unchecked(alias.clone()).unwrap(),
            &settings,
            Timestamp::UNIX_EPOCH,
        )
    };
    assert_eq!(mapped(PreviousId::Mapped).unwrap_err().pointer, "/previousId");
    assert!(mapped(PreviousId::Preset).is_ok());
}

#[test]
fn the_legacy_name_that_actions_does_not_read_is_named() {
    let settings = Settings {
        dialect: Dialect::Actions,
        ..settings()
    };
    let alias = json!({"type": "alias", "messageId": "m-1", "from": "anon-1", "to": "user-1"});
    let error = map(&Event::ingest(alias).unwrap(), &settings, Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(
        error.message,
        r#"an alias needs userId (the legacy "to" is not read); write a string such as "user-1""#
    );
}

#[test]
fn every_shape_of_traits_and_time_is_imported_as_it_is() {
    let settings = Settings {
        dialect: Dialect::Import,
        ..settings()
    };
    for odd in [json!(false), json!(0), json!([]), json!("text"), json!(7)] {
        let message = json!({"type": "identify", "traits": odd, "timestamp": odd, "context": {"traits": {"a": 1}}});
        let event = Event::unchecked(message.clone()).unwrap();
        let request = map(&event, &settings, Timestamp::UNIX_EPOCH).unwrap().request;
        assert_eq!(request.body, format!(r#"{{"batch":[{message}]}}"#), "{odd}");
        let lifted = json!({"type": "identify", "context": {"traits": odd}, "originalTimestamp": odd});
        let event = Event::unchecked(lifted).unwrap();
        let request = map(&event, &settings, Timestamp::UNIX_EPOCH).unwrap().request;
        let item = format!(
            r#"{{"type":"identify","context":{{"traits":{odd}}},"originalTimestamp":{odd},"traits":{odd},"timestamp":{odd}}}"#
        );
        assert_eq!(request.items(), Some(item.as_bytes()));
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
