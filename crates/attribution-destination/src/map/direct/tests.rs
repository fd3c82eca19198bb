use jiff::Timestamp;

use super::{Scratch, Wanted, map};
use crate::settings::{ProjectId, Settings};

/// The body, unless the line is left to the specification.
fn body(line: &str) -> Option<String> {
    let settings = Settings::new(ProjectId::new("demo-project").unwrap());
    let mut out = b"before".to_vec();
    let wanted = Wanted {
        diagnostics: true,
        visitor: None,
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
        assert!(body(line).is_some(), "{line}");
        let spaced = line.replace("\":", "\": ").replace(",\"", ", \"");
        assert_eq!(body(&spaced), body(line), "blanks change nothing");
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        let indented = serde_json::to_string_pretty(&message).unwrap().replace("  ", "\t\r\n");
        assert_eq!(body(&indented), body(line), "blanks change nothing");
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
