//! What attribution.js posts from a page, over real HTTP.

use attribution_ledger::{BrowserRoute, EntryVerdict, Ledger};
use attribution_mock::{Mock, MockConfig, MockServer, Projects, Strictness};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::peer::{AUTHORIZATION, Peer, config, get, join, mock, post, post_text, request};

fn message(call: &str) -> Value {
    json!({
        "projectId": "demo-project", "messageId": "msg-1", "timestamp": "2024-01-15T10:00:00.000Z", "type": call,
        "sentAt": "2024-01-15T10:00:01.000Z", "anonymousId": "anon-1", "userId": "user-1", "event": "Order Completed",
        "previousId": "anon-1", "groupId": "g", "name": "Home", "properties": { "url": "https://shop.example/" },
    })
}

/// The call that a path takes by its last word.
fn call_of(path: &str) -> &'static str {
    match path.rsplit('/').next() {
        Some("t" | "track") => "track",
        Some("p") => "page",
        Some("i" | "identify") => "identify",
        Some("g") => "group",
        Some("a" | "alias") => "alias",
        other => panic!("{other:?} is no call"),
    }
}

fn counts(mock: &Mock) -> [usize; 4] {
    let report = mock.report();
    [
        report.page_views.len(),
        report.conversions.len(),
        report.identities.len(),
        report.merges.len(),
    ]
}

async fn code(mock: &Mock, request: &str) -> (u16, String) {
    let answer = join(mock).answer(request).await;
    (answer.status, answer.code())
}

#[tokio::test(start_paused = true)]
async fn each_call_has_its_path_in_every_build() {
    for route in BrowserRoute::ALL {
        let (mock, call) = (mock(), call_of(route.path()));
        let answer = join(&mock)
            .answer(&post_text(route.path(), &message(call).to_string()))
            .await;
        assert_eq!(answer.status, 200, "{}: {}", route.path(), answer.body);
        let expected = match call {
            "page" => [1, 0, 0, 0],
            "track" => [0, 1, 0, 0],
            "identify" => [0, 0, 1, 0],
            "alias" => [0, 0, 0, 1],
            _ => [0; 4],
        };
        assert_eq!(counts(&mock), expected, "{}", route.path());
        let entry = &mock.entries()[0];
        assert!(entry.request.browser && entry.verdict == EntryVerdict::Recorded);
        assert_eq!(mock.violations(), [], "{}", route.path());
        let replay = Ledger::replay(mock.config().ledger, &mock.entries());
        assert_eq!(replay.report(), mock.report());
    }
}

#[tokio::test]
async fn a_page_is_heard_over_a_socket() {
    let server = MockServer::start().await.unwrap();
    let mut peer = Peer::new(TcpStream::connect(server.address()).await.unwrap());
    let headers = ["Content-Type: text/plain;charset=UTF-8", "Origin: https://shop.example"];
    let sent = request("POST /v1/p", &headers, &message("page").to_string());
    let answer = peer.answer(&sent).await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (200, Some("*"))
    );
    assert_eq!(server.visits()[0].page.as_deref(), Some("https://shop.example/"));
}

#[tokio::test(start_paused = true)]
async fn the_oldest_builds_post_pages_where_tracks_go() {
    let mock = mock();
    let page = message("page").to_string();
    assert_eq!(join(&mock).answer(&post_text("/track", &page)).await.status, 200);
    assert_eq!(counts(&mock), [1, 0, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn the_same_path_is_another_dialect_s_with_an_authorization() {
    let mock = mock();
    let body = message("track").to_string();
    assert_eq!(join(&mock).answer(&post("/v1/t", &body)).await.status, 200);
    let entry = &mock.entries()[0];
    assert!(!entry.request.browser);
    let rules: Vec<_> = mock
        .violations()
        .iter()
        .map(|row| (row.rule, row.pointer.clone()))
        .collect();
    let unknown =
        ["/projectId", "/sentAt", "/previousId", "/groupId", "/name"].map(|field| ("ATT009", field.to_owned()));
    assert_eq!(rules, unknown);
}

#[tokio::test(start_paused = true)]
async fn the_project_may_stand_in_the_body_or_in_the_query() {
    for (path, key, value) in [
        ("/v1/t", "projectId", json!("demo-project")),
        ("/track", "project_id", json!("demo-project")),
        ("/t?project_id=demo-project", "colour", json!("red")),
        ("/track?a=1&project_id=demo%2Dproject", "projectId", Value::Null),
    ] {
        let mut body = message("track");
        body.as_object_mut().unwrap().remove("projectId");
        body[key] = value;
        let mock = mock();
        let answer = join(&mock).answer(&post_text(path, &body.to_string())).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_eq!(mock.conversions().len(), 1);
        assert!(!mock.entries()[0].request.path.contains('?'), "the query is not kept");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stranger_is_told_why_and_journaled_without_its_body() {
    let mock = mock();
    let mut peer = join(&mock);
    let with_encoding = |body: &str| {
        let headers = ["Content-Type: text/plain", "Content-Encoding: rot13"];
        request("POST /v1/t", &headers, body)
    };
    for (request, expected) in [
        (post_text("/v1/t", r#"{"projectId":"other"}"#), (401, "wrong_project")),
        (post_text("/track?project_id=other", "{}"), (401, "wrong_project")),
        (post_text("/v1/t", r#"{"event":"E"}"#), (401, "project_id_missing")),
        (
            post_text("/t", r#"{"projectId":"demo-project","#),
            (401, "project_id_missing"),
        ),
        (with_encoding("{}"), (415, "unsupported_content_encoding")),
        (
            request("POST /t", &[AUTHORIZATION], "{}"),
            (415, "unsupported_content_type"),
        ),
        (post_text("/v1/t", &"x".repeat(500_001)), (413, "body_too_large")),
    ] {
        let answer = peer.answer(&request).await;
        assert_eq!((answer.status, answer.code().as_str()), expected, "{request:.200}");
        assert_eq!(answer.status == 401, answer.header("www-authenticate").is_some());
    }
    let entries = mock.entries();
    assert_eq!(entries.len(), 7);
    for entry in entries {
        assert!(
            entry.request.browser && entry.verdict == EntryVerdict::Ignored,
            "{entry:?}"
        );
        assert!(
            entry.request.body.is_empty() && entry.request.encoding.is_none(),
            "{entry:?}"
        );
    }
    assert_eq!(mock.violations(), []);
}

#[tokio::test(start_paused = true)]
async fn a_stranger_uses_up_no_fault() {
    let mock = mock();
    let _outage = mock.install(attribution_mock::Fault::respond(503).times(1)).unwrap();
    assert_eq!(code(&mock, &post_text("/v1/t", "{}")).await.0, 401);
    let body = message("track").to_string();
    assert_eq!(join(&mock).answer(&post_text("/v1/t", &body)).await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn text_on_a_path_where_no_page_posts_is_a_request_without_credentials() {
    let mock = mock();
    let body = message("screen").to_string();
    for path in ["/v1/s", "/v1/import"] {
        assert_eq!(
            code(&mock, &post_text(path, &body)).await,
            (401, "authorization_missing".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn json_without_an_authorization_is_no_page() {
    let mock = mock();
    let body = message("track").to_string();
    let sent = request("POST /v1/t", &["Content-Type: application/json"], &body);
    assert_eq!(code(&mock, &sent).await, (401, "authorization_missing".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_project_id_is_shown_nowhere() {
    let secret = "top-secret-id";
    for strictness in [Strictness::Strict, Strictness::Lenient] {
        let mock = Mock::new(MockConfig {
            projects: Projects::only(secret),
            strictness,
            ..config()
        });
        let mut good = message("track");
        good["projectId"] = json!(secret);
        let mut twice = good.clone();
        twice["project_id"] = json!(secret);
        twice["context"] = json!([{ "projectId": secret }]);
        let in_query = format!("/track?project_id={secret}");
        for (path, body, status) in [
            ("/v1/t", good.to_string(), 200),
            ("/track", twice.to_string(), 200),
            ("/v1/p", good.to_string(), 400),
            (&in_query, format!(r#"{{"projectId":"{secret}","#), 400),
            (&in_query, format!(r#"[{{"projectId":"{secret}"}}]"#), 400),
            ("/t", format!(r#"{{"projectId":"{secret}","#), 401),
        ] {
            let answer = join(&mock).answer(&post_text(path, &body)).await;
            // A lenient server takes what it can read, by the path.
            let status = if strictness == Strictness::Lenient && path == "/v1/p" {
                200
            } else {
                status
            };
            assert_eq!(answer.status, status, "{path} {body}");
            assert!(!answer.raw.contains(secret), "{}", answer.raw);
        }
        for path in ["requests", "violations", "report"] {
            let answer = join(&mock).answer(&get(&format!("/__admin/{path}"))).await;
            assert!(answer.status == 200 && !answer.raw.contains(secret), "{}", answer.raw);
        }
        assert_eq!(mock.requests()[0].body["projectId"], "[redacted]");
        assert_eq!(
            &*mock.entries()[0].request.body,
            good.to_string().as_bytes(),
            "kept as it came"
        );
        assert!(!format!("{mock:?}").contains(secret));
    }
}
