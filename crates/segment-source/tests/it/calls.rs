//! What becomes of calls that are right.

use segment_event::Kind;
use segment_source::{SourceConfig, WriteKey, WriteKeys};
use serde_json::{Value, json};

use crate::server::{BASIC, SUCCESS, Server, config};

/// The smallest message of each kind.
const CALLS: [(&str, &str, Kind); 6] = [
    ("identify", r#"{"userId":"u"}"#, Kind::Identify),
    ("track", r#"{"userId":"u","event":"sign up"}"#, Kind::Track),
    ("page", r#"{"anonymousId":"a"}"#, Kind::Page),
    ("screen", r#"{"anonymousId":"a"}"#, Kind::Screen),
    ("group", r#"{"userId":"u","groupId":"g"}"#, Kind::Group),
    ("alias", r#"{"userId":"u","previousId":"a"}"#, Kind::Alias),
];

#[tokio::test]
async fn every_call_by_its_name_and_by_its_letter_comes_out_as_an_event() {
    let mut server = Server::start(config()).await;
    for (name, body, kind) in CALLS {
        for path in [format!("/v1/{name}"), format!("/v1/{}", &name[..1])] {
            let answer = server.post(&path, body).await;
            assert_eq!((answer.status, &*answer.body), (200, SUCCESS), "{path}");
            let accepted = server.accepted.try_next().unwrap();
            assert_eq!(accepted.event().kind(), kind, "{path}");
            for given in ["messageId", "timestamp", "receivedAt"] {
                assert!(accepted.event().get(given).unwrap().is_string(), "{given} {path}");
            }
        }
    }
    assert_eq!(server.source.counts().accepted, 12);
    server.stop().await;
}

#[tokio::test]
async fn a_batch_is_its_items_with_what_it_says_for_all_of_them() {
    let mut server = Server::start(config()).await;
    let body = json!({
        "context": {"library": {"name": "ruby", "version": "2"}, "ip": "198.51.100.1"},
        "integrations": {"All": false},
        "sentAt": "2024-01-15T10:00:00Z",
        "batch": [
            {"type": "page", "anonymousId": "a", "context": {"library": {"version": "3"}}},
            {"type": "track", "userId": "u", "event": "x", "integrations": {"All": true}},
        ],
    });
    for path in ["/v1/batch", "/v1/import", "/v1/b"] {
        assert_eq!(server.post(path, &body.to_string()).await.status, 200);
        let page = server.accepted.try_next().unwrap().event();
        let library = json!({"version": "3", "name": "ruby"});
        assert_eq!(page.context().unwrap()["library"], library);
        assert_eq!(page.context().unwrap()["ip"], "198.51.100.1");
        assert_eq!(page.get("integrations"), Some(&json!({"All": false})));
        assert_eq!(page.get("sentAt"), Some(&json!("2024-01-15T10:00:00Z")));
        let track = server.accepted.try_next().unwrap().event();
        assert_eq!(track.get("integrations"), Some(&json!({"All": true})));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_may_be_compressed_and_may_call_itself_text() {
    use std::io::Write as _;
    let mut server = Server::start(config()).await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(br#"{"userId":"u","event":"compressed"}"#).unwrap();
    let headers = format!("{BASIC}Content-Encoding: gzip\r\nContent-Type: application/json\r\n");
    let answer = server
        .send("POST", "/v1/track", &headers, &gzip.finish().unwrap())
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(server.accepted.try_next().unwrap().event().event(), Some("compressed"));
    let text = br#"{"userId":"u","event":"text","writeKey":"wk-1"}"#;
    server.send("POST", "/v1/t", "Content-Type: text/plain\r\n", text).await;
    let event = server.accepted.try_next().unwrap().event();
    assert_eq!((event.event(), event.get("writeKey")), (Some("text"), None));
    assert_eq!(event.context().unwrap()["ip"], "127.0.0.1", "text is what pages send");
    server.stop().await;
}

#[tokio::test]
async fn a_write_key_is_known_by_any_of_three_ways_and_leads_to_its_route() {
    let key = |text| WriteKey::new(text).unwrap();
    let write_keys = WriteKeys::only([(key("wk-1"), 1), (key("wk-2"), 2)]);
    let mut server = Server::start(SourceConfig { write_keys, ..config() }).await;
    let send = async |headers: &str, body: &str| server.send("POST", "/v1/page", headers, body.as_bytes()).await.status;
    let in_body = r#"{"userId":"u","writeKey":"wk-2"}"#;
    assert_eq!(send(BASIC, r#"{"userId":"u"}"#).await, 200);
    assert_eq!(send("", in_body).await, 200);
    assert_eq!(send("Authorization: Bearer token\r\n", in_body).await, 200);
    assert_eq!(send(BASIC, in_body).await, 200);
    for nobody in [
        ("", r#"{"userId":"u"}"#),
        ("", r#"{"userId":"u","writeKey":"wk-3"}"#),
        ("Authorization: Basic !\r\n", r#"{"userId":"u"}"#),
        ("Authorization: Basic d2stMw==\r\n", in_body),
    ] {
        assert_eq!(send(nobody.0, nobody.1).await, 200, "Segment tells nobody");
    }
    let routes: Vec<usize> = std::iter::from_fn(|| server.accepted.try_next())
        .map(|accepted| accepted.route)
        .collect();
    assert_eq!(routes, [1, 2, 2, 1], "the header's key holds before the body's");
    let unknown = "rejected unknown_source /writeKey";
    assert_eq!(server.verdicts().await[4..], [unknown; 4]);
    let listed = server.get("/__admin/receipts").await;
    assert!(!String::from_utf8_lossy(&listed.body).contains("wk-"));
    server.stop().await;
}

#[tokio::test]
async fn an_address_is_filled_in_for_a_page_and_for_nobody_else_who_does_not_ask() {
    let mut server = Server::start(config()).await;
    let mut ip = async |path: &str, headers: &str, body: &str| {
        server.send("POST", path, headers, body.as_bytes()).await;
        let event = server.accepted.try_next().unwrap().event();
        event.context().and_then(|context| context.get("ip")).cloned()
    };
    let plain = r#"{"userId":"u"}"#;
    assert_eq!(ip("/v1/page", BASIC, plain).await, None);
    let local = Some(Value::from("127.0.0.1"));
    assert_eq!(ip("/v1/p", BASIC, plain).await, local);
    let page = format!("{BASIC}Origin: http://shop.example\r\n");
    assert_eq!(ip("/v1/page", &page, plain).await, local);
    assert_eq!(
        ip("/v1/page", BASIC, r#"{"userId":"u","context":{"direct":true}}"#).await,
        local
    );
    server.stop().await;
}
