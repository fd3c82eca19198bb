//! What a page needs: permission, settings, pixels.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use segment_source::{SourceConfig, WriteKey, WriteKeys};

use crate::server::{Server, config};

#[tokio::test]
async fn a_page_of_any_origin_may_ask_and_read() {
    let server = Server::start(config()).await;
    let asks = "Origin: http://shop.example\r\nAccess-Control-Request-Method: POST\r\n";
    for path in ["/v1/t", "/v1/batch", "/v1/projects/wk-1/settings", "/v1/pixel/track"] {
        let answer = server.send("OPTIONS", path, asks, b"").await;
        assert_eq!(answer.status, 204, "{path}");
        assert!(
            answer.head.contains("access-control-allow-origin: *"),
            "{}",
            answer.head
        );
        assert!(
            answer.head.contains("access-control-allow-headers: authorization"),
            "{}",
            answer.head
        );
    }
    let answer = server.send("POST", "/v1/t", "Origin: null\r\n", b"{").await;
    assert!(
        answer.head.contains("access-control-allow-origin: *"),
        "{}",
        answer.head
    );
    let admin = server
        .send("GET", "/__admin/receipts", "Origin: http://shop.example\r\n", b"")
        .await;
    assert_eq!(admin.status, 403);
    assert!(!admin.head.contains("access-control"), "{}", admin.head);
    server.stop().await;
}

#[tokio::test]
async fn the_settings_lead_analytics_js_back_here_and_offer_nothing_to_load() {
    let write_keys = WriteKeys::only([(WriteKey::new("wk-1").unwrap(), 0)]);
    let server = Server::start(SourceConfig { write_keys, ..config() }).await;
    let head = format!(
        "GET /v1/projects/wk-1/settings HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        server.address
    );
    let answer = String::from_utf8(server.raw(head.as_bytes()).await).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let settings: serde_json::Value = serde_json::from_str(body).unwrap();
    let segment = &settings["integrations"]["Segment.io"];
    assert_eq!(segment["apiKey"], "wk-1");
    assert_eq!(segment["apiHost"], format!("{}/v1", server.address));
    assert_eq!(segment["protocol"], "http");
    // Anything beside it would have analytics.js load code from elsewhere before it sends.
    assert_eq!(settings["integrations"].as_object().unwrap().len(), 1);
    assert_eq!(settings["remotePlugins"], serde_json::json!([]));
    assert_eq!(server.get("/v1/projects/wk-2/settings").await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn a_pixel_is_a_call_and_an_image() {
    let mut server = Server::start(config()).await;
    let call = r#"{"writeKey":"wk-1","userId":"u","event":"Email Opened?>~"}"#;
    for data in [STANDARD.encode(call), URL_SAFE_NO_PAD.encode(call)] {
        let answer = server.get(&format!("/v1/pixel/track?data={data}")).await;
        assert_eq!(answer.status, 200);
        assert!(answer.head.contains("content-type: image/gif"), "{}", answer.head);
        assert!(answer.body.starts_with(b"GIF89a") && answer.body.ends_with(b";"));
        let event = server.accepted.try_next().unwrap().event();
        assert_eq!(event.event(), Some("Email Opened?>~"));
        assert_eq!(event.context().unwrap()["ip"], "127.0.0.1");
    }
    for unreadable in ["", "?data=%21", "?data=e30", "?other=1"] {
        let answer = server.get(&format!("/v1/pixel/track{unreadable}")).await;
        assert!(answer.body.starts_with(b"GIF89a"), "{unreadable}");
    }
    assert_eq!(server.get("/v1/pixel/purchase?data=e30").await.status, 404);
    assert_eq!(server.source.counts().rejected, 4);
    server.stop().await;
}

#[tokio::test]
async fn other_paths_and_methods_say_what_there_is() {
    let server = Server::start(config()).await;
    let answer = server.post("/v1/trakc", "{}").await;
    assert_eq!(answer.status, 404);
    assert!(answer.json()["message"].as_str().unwrap().contains("/v1/track"));
    let answer = server.get("/v1/track").await;
    assert_eq!(answer.status, 405);
    assert!(answer.head.contains("allow: post"), "{}", answer.head);
    assert_eq!(server.get("/__admin/health").await.json()["status"], "ok");
    let metrics = server.post("/v1/m", r#"{"series":[]}"#).await;
    assert_eq!((metrics.status, server.source.counts().received), (200, 0));
    server.stop().await;
}
