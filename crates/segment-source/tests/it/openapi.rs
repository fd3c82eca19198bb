//! The document of the API, held against what is really answered.

use segment_source::{Limits, SourceConfig};
use serde_json::json;
use test_support::Document;

use crate::server::{Answer, BASIC, Server, config};

const CALL: &str = r#"{"userId":"u","event":"e","messageId":"m-1"}"#;

async fn served(server: &Server) -> Document {
    Document::new(server.get("/__admin/openapi.json").await.json())
}

/// Holds an answer of this status against what the document says of it; the path as the document writes it.
fn check(document: &Document, method: &str, path: &str, status: u16, answer: &Answer) {
    let body = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, status, "{method} {path}: {body}");
    document.check(method, path, status, answer.header("content-type"), &body);
}

#[tokio::test]
async fn what_senders_are_answered_is_described() {
    let strict = SourceConfig {
        strict: true,
        ..config()
    };
    let server = Server::start(strict).await;
    let document = served(&server).await;
    for (path, body, status) in [
        ("/v1/track", CALL, 200),
        ("/v1/t", CALL, 200),
        ("/v1/track", "{", 400),
        ("/v1/track", "{}", 400),
        ("/v1/batch", r#"{"batch":[{"type":"page","userId":"u"},7]}"#, 400),
        ("/v1/m", r#"{"series":[]}"#, 200),
    ] {
        let answer = server.post(path, body).await;
        check(&document, "POST", path, status, &answer);
    }
    for (method, data, status) in [
        ("page", "eyJ1c2VySWQiOiJ1In0=", 200),
        ("page", "%", 400),
        ("click", "", 404),
    ] {
        let path = format!("/v1/pixel/{method}?data={data}");
        let answer = server.send("GET", &path, BASIC, b"").await;
        check(&document, "GET", "/v1/pixel/{method}", status, &answer);
    }
    let settings = "/v1/projects/{key}/settings";
    let answer = server.get(&settings.replace("{key}", "wk-1")).await;
    check(&document, "GET", settings, 200, &answer);
    for path in ["/v1/track", "/v1/pixel/{method}", settings] {
        let asked = path.replace("{method}", "page").replace("{key}", "wk-1");
        let answer = server.send("OPTIONS", &asked, "", b"").await;
        check(&document, "OPTIONS", path, 204, &answer);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_full_queue_is_described_with_its_headers() {
    let limits = Limits {
        queue_events: 1,
        batch_events: 1,
        ..Limits::default()
    };
    let server = Server::start(SourceConfig { limits, ..config() }).await;
    let document = served(&server).await;
    assert_eq!(server.post("/v1/track", CALL).await.status, 200);
    let answer = server.post("/v1/track", CALL).await;
    check(&document, "POST", "/v1/track", 429, &answer);
    let described = document.response("POST", "/v1/track", 429)["headers"]
        .as_object()
        .unwrap();
    assert_eq!(described.len(), 2);
    for (name, _) in described {
        assert_eq!(
            answer.header(&name.to_lowercase()),
            Some("1"),
            "{name}: {}",
            answer.head
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn what_the_admin_api_answers_is_described() {
    let server = Server::start(config()).await;
    let document = served(&server).await;
    let batch = json!({"batch": [
        {"type": "track", "userId": "u", "event": "good", "messageId": "m-1"},
        {"type": "track", "userId": "u", "event": "good", "messageId": "m-1"},
        {"type": "page", "anonymousId": ""},
    ]});
    server.post("/v1/batch", &batch.to_string()).await;
    let too_many = json!({"batch": vec![json!({}); 2_501]});
    server.post("/v1/batch", &too_many.to_string()).await;
    for (path, query, status) in [
        ("/__admin/health", "", 200),
        ("/__admin/openapi.json", "", 200),
        ("/__admin/receipts", "", 200),
        ("/__admin/receipts", "?after=1&limit=1", 200),
        ("/__admin/receipts", "?limit=0", 400),
        ("/__admin/messages", "?message_id=m-1", 200),
        ("/__admin/messages", "?message_id=m-2", 200),
        ("/__admin/messages", "", 400),
    ] {
        let answer = server.get(&format!("{path}{query}")).await;
        check(&document, "GET", path, status, &answer);
        check(&document, "GET", path, 403, &server.get_from_elsewhere(path).await);
    }
    let verdicts = server.verdicts().await;
    assert_eq!(verdicts.len(), 4, "each kind of receipt is among them: {verdicts:?}");
    server.stop().await;
}
