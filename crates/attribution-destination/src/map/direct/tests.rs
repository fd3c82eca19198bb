use jiff::Timestamp;

use super::{Scratch, Wanted, map};
use crate::settings::{Dialect, ProjectId, Settings};

/// The classic body, unless the line is left to the specification.
fn body(line: &str) -> Option<String> {
    body_in(Dialect::Classic, line)
}

/// The item of a batch, unless the line is left to the specification.
fn item(line: &str) -> Option<String> {
    let body = body_in(Dialect::Import, line)?;
    let item = body
        .strip_prefix(r#"{"batch":["#)
        .and_then(|item| item.strip_suffix("]}"));
    Some(item.unwrap().to_owned())
}

fn body_in(dialect: Dialect, line: &str) -> Option<String> {
    let settings = Settings {
        dialect,
        ..Settings::new(ProjectId::new("demo-project").unwrap())
    };
    let mut out = b"before".to_vec();
    let wanted = Wanted {
        diagnostics: true,
        ..Wanted::default()
    };
    let mut scratch = Scratch::default();
    let direct = map(
        line.as_bytes(),
        &settings,
        Timestamp::UNIX_EPOCH,
        wanted,
        &mut scratch,
        &mut out,
    );
    let body = out.strip_prefix(b"before").unwrap();
    assert!(direct.is_some() || body.is_empty(), "{line}");
    direct.map(|_| String::from_utf8(body.to_vec()).unwrap())
}

#[test]
fn the_messages_of_a_shop_need_no_specification() {
    for line in include_str!("../../../benches/messages.ndjson").lines() {
        let spaced = line.replace("\":", "\": ").replace(",\"", ", \"");
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        let indented = serde_json::to_string_pretty(&message).unwrap().replace("  ", "\t\r\n");
        for dialect in [Dialect::Classic, Dialect::Import] {
            let body = |line| body_in(dialect, line);
            assert!(body(line).is_some(), "{line}");
            assert_eq!(body(&spaced), body(line), "blanks change nothing");
            assert_eq!(body(&indented), body(line), "blanks change nothing");
        }
    }
}

#[test]
fn what_libraries_write_in_their_own_way_needs_none_either() {
    for line in [
        r#"{"type":"track","userId":"u","event":"caf\u00e9 \ud83d\ude00","context":{"app":{}},"integrations":{"All":true}}"#,
        r#"{"type":"page","userId":"u","properties":{"url":"https:\/\/shop.example\/"},"integrations":{"Segment.io":true}}"#,
        r#"{"type":"identify","anonymousId":"a","userId":null,"traits":{"born":"1990-01-02"},"timestamp":7}"#,
        r#"{"type":"track","userId":"u","event":"x","integrations":{"All":false,"Attribution":true},"channel":"web"}"#,
        r#"{"type":"alias","userId":"u","from":"anon-1","timestamp":"2024-01-15"}"#,
    ] {
        assert!(body(line).is_some(), "{line}");
    }
}

#[test]
fn what_is_peculiar_is_left_to_the_specification() {
    for line in [
        "",
        "[]",
        "{}",
        r#"{"type":"group","userId":"u","groupId":"g"}"#,
        r#"{"type":"track","userId":"u","event":"x","event":"y"}"#,
        r#"{"type":"track","user\u0049d":"u","event":"x"}"#,
        r#"{"type":"track","userId":"u","event":"x","options":{}}"#,
        r#"{"type":"track","userId":"u","event":"x","integrations":{"Attribution":false}}"#,
        r#"{"type":"track","userId":"u","event":"x","integrations":{"All":false}}"#,
        r#"{"type":"track","userId":"u","event":"x","integrations":{"attribution":true}}"#,
        r#"{"type":"track","userId":"u","event":"x","context":{"A-ll":false}}"#,
        r#"{"type":"track","userId":"u","event":"x","context":{"providers":{}}}"#,
        r#"{"type":"track","userId":"u","event":"x","properties":{"$serde_json::private::Number":"1"}}"#,
        r#"{"type":"track","userId":"u","event":"x","properties":{"a":"\u0032014-10-12"}}"#,
        r#"{"type":"track","userId":"u","event":"x","properties":{"a":"2014-10-12","a":1}}"#,
        r#"{"type":"track","userId":"u","event":"x","timestamp":1705312800}"#,
        r#"{"type":"track","userId":"u","event":"x","timestamp":"soon"}"#,
        r#"{"type":"track","userId":"u","event":"Viewed the Pricing Page"}"#,
        r#"{"type":"track","userId":"u","event":"x","channel":"iphone"}"#,
        r#"{"type":"page","userId":"u","name":"2024-01-15","properties":{"url":"https://shop.example/"}}"#,
        r#"{"type":"page","userId":"u","properties":{"url":"/pricing"}}"#,
        r#"{"type":"page","userId":"u","properties":{"url":"https://a.b/"},"context":{"campaign":{"source":"x"}}}"#,
        r#"{"type":"track","userId":"u","event":"x"} {}"#,
        r#"{"type":"track","userId":"u","event":"x","properties":{"a":01}}"#,
        r#"{"type":"track","userId":"u","event":"x","properties":{"a":"\ud83d"}}"#,
    ] {
        assert_eq!(body(line), None, "{line}");
    }
}

#[test]
fn an_item_is_the_message_but_for_what_the_dialect_changes() {
    for (members, expected) in [
        (
            r#""anonymousId" : null , "userId":"u","x": [1, 2]"#,
            r#""userId":"u","x":[1,2]"#,
        ),
        (
            r#""userId":"u","context":{"a":1,"traits":{"anonymousId":"a","b":2},"c":3}"#,
            r#""userId":"u","context":{"a":1,"traits":{"b":2},"c":3},"traits":{"b":2}"#,
        ),
        (
            r#""userId":"u", "traits" : {"a":1 , "anonymousId" : "x" } ,"timestamp":null,"originalTimestamp":"o""#,
            r#""userId":"u","traits":{"a":1},"timestamp":"o","originalTimestamp":"o""#,
        ),
        (
            r#""userId":"u","timestamp":"","traits":null,"context":{"traits":{}}"#,
            r#""userId":"u","traits":{},"context":{"traits":{}}"#,
        ),
        (
            r#""userId":"u","originalTimestamp":"2024-01-15","traits":{"anonymousId":"a"}"#,
            r#""userId":"u","originalTimestamp":"2024-01-15","traits":{},"timestamp":"2024-01-15""#,
        ),
        (
            r#""userId":"u","messageId":null,"version":"""#,
            r#""userId":"u","version":"""#,
        ),
    ] {
        let line = format!(r#"{{"type":"identify",{members}}}"#);
        assert_eq!(item(&line), Some(format!(r#"{{"type":"identify",{expected}}}"#)));
    }
}

#[test]
fn what_may_be_another_item_to_javascript_is_left_to_the_specification() {
    for members in [
        r#""traits":{"anonymousId":0.0}"#,
        r#""traits":{"anonymousId":"a","anonymousId":""}"#,
        r#""traits":[]"#,
        r#""context":{"traits":"x"}"#,
        r#""context":{"ATTRIBUTION":false}"#,
        r#""sentAt":1,"sentAt":2"#,
        r#""integrations":{"Attribution":true}"#,
        r#""integrations":{"ATTRIBUTION":false}"#,
        r#""options":{}"#,
    ] {
        let line = format!(r#"{{"type":"identify","userId":"u",{members}}}"#);
        assert_eq!(item(&line), None, "{line}");
    }
}
