//! The document of the API, held against what is really answered.

use std::fmt::Write as _;

use attribution_mock::Mock;
use expectation::Section;
use serde_json::json;
use test_support::Document;

use crate::peer::{Answer, CONVERSION, DENIED, get, join, mock, post, post_text, request};

/// The document as the server serves it.
pub(crate) async fn served() -> Document {
    let answer = join(&mock()).answer(&get("/__admin/openapi.json")).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json"))
    );
    Document::new(answer.json())
}

/// Holds an answer against what the document says of it; the path as the document writes it.
pub(crate) fn check(document: &Document, method: &str, path: &str, answer: &Answer) {
    document.check(method, path, answer.status, answer.header("content-type"), &answer.body);
}

/// A request to this path, which the document writes as `documented`, and whether its answer is as described.
async fn ask(document: &Document, mock: &Mock, documented: &str, request: &str) -> u16 {
    let answer = join(mock).answer(request).await;
    let method = request.split(' ').next().unwrap_or_default();
    check(document, method, documented, &answer);
    answer.status
}

/// Sends something of everything.
async fn fill(document: &Document, mock: &Mock) {
    let page = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00Z","event":"Viewed Pricing Page","properties":{"url":"https://shop.example/pricing?utm_source=google","referrer":"https://www.google.com/"}}"#;
    let paid = CONVERSION.replace('}', r#","properties":{"revenue":99.90,"currency":"USD"}}"#);
    let named = r#"{"user_id":"user-1","traits":{"email":"ada@example.com","name":"Ada"}}"#;
    let merged = r#"{"user_id":"user-1","previous_id":"anonymous-1"}"#;
    for (path, body, status) in [
        ("/track", page, 200),
        ("/track", paid.as_str(), 200),
        ("/identify", named, 200),
        ("/alias", merged, 200),
        ("/track", DENIED, 400),
        ("/v1/t", "{}", 400),
        ("/v1/import", r#"{"batch":[]}"#, 400),
    ] {
        assert_eq!(
            ask(document, mock, path, &post(path, body)).await,
            status,
            "{path} {body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_senders_are_answered_is_described() {
    let (document, mock) = (served().await, mock());
    fill(&document, &mock).await;
    let unauthenticated = request("POST /track", &["Content-Type: application/json"], CONVERSION);
    let plain = post("/track", CONVERSION).replace("application/json", "text/csv");
    let encoded = post("/track", CONVERSION).replace("Content-Length", "Content-Encoding: zstd\r\nContent-Length");
    let nameless = post("/track", CONVERSION).replace("Content-Length", "Harness-Namespace: a b\r\nContent-Length");
    let script = r#"{"projectId":"demo-project","type":"track","userId":"user-1","event":"E","messageId":"m-1","timestamp":"2024-01-15T10:00:00.000Z","anonymousId":"a-1","context":{}}"#;
    for (path, request, status) in [
        ("/track", unauthenticated.as_str(), 401),
        ("/track", &plain, 415),
        ("/track", &encoded, 415),
        ("/track", &nameless, 400),
        ("/track", &post("/track", &" ".repeat(500_001)), 413),
        ("/track", &request("OPTIONS /track", &[], ""), 204),
        ("/t", &post_text("/t", script), 200),
        ("/check_auth", &post("/check_auth", ""), 200),
        ("/check_auth", &request("POST /check_auth", &[], ""), 401),
    ] {
        assert_eq!(ask(&document, &mock, path, request).await, status, "{request}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_admin_api_answers_is_described() {
    let (document, mock) = (served().await, mock());
    fill(&document, &mock).await;
    let named = CONVERSION.replace("user-1", "user-2");
    let named = post("/track", &named).replace("Content-Length", "Harness-Namespace: mine\r\nContent-Length");
    ask(&document, &mock, "/track", &named).await;
    for fault in [
        r#"{"path":"/track","respond":503,"retry_after":30,"body":"no","times":2}"#,
        r#"{"respond":503,"retry_after":"Mon, 15 Jan 2024 10:00:00 GMT","times":"always"}"#,
        r#"{"delay":"1m30s"}"#,
        r#"{"hang":true}"#,
        r#"{"close":"after"}"#,
    ] {
        let add = request("POST /__admin/faults", &[], fault);
        assert_eq!(ask(&document, &mock, "/__admin/faults", &add).await, 201);
    }
    let paths = document.json()["paths"].as_object().expect("paths");
    let reads = paths
        .iter()
        .filter(|(path, item)| item.get("get").is_some() && !path.contains('{') && *path != "/__admin/events");
    for (path, _) in reads {
        let answer = join(&mock).answer(&get(path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            !answer.body.contains(r#""total":0"#),
            "nothing is known of {path}: {}",
            answer.body
        );
        check(&document, "GET", path, &answer);
        let outside = get(path).replace("Host: localhost", "Host: elsewhere.example");
        assert_eq!(ask(&document, &mock, path, &outside).await, 403, "{path}");
    }
    for (query, status) in [("?project=nobody", 404), ("?namespace=%20", 400)] {
        let read = get(&format!("/__admin/visits{query}"));
        assert_eq!(ask(&document, &mock, "/__admin/visits", &read).await, status, "{query}");
    }
    for (id, status) in [("1", 200), ("1", 404), ("first", 404)] {
        let remove = request(&format!("DELETE /__admin/faults/{id}"), &[], "");
        assert_eq!(
            ask(&document, &mock, "/__admin/faults/{id}", &remove).await,
            status,
            "{id}"
        );
    }
    let broken = request("POST /__admin/faults", &[], "{}");
    assert_eq!(ask(&document, &mock, "/__admin/faults", &broken).await, 400);
    let reset = request("POST /__admin/reset", &[], "");
    assert_eq!(ask(&document, &mock, "/__admin/reset", &reset).await, 200);
}

#[tokio::test(start_paused = true)]
async fn what_is_answered_of_one_thing_or_some_is_described() {
    let (document, mock) = (served().await, mock());
    fill(&document, &mock).await;
    for (documented, path, status) in [
        ("/__admin/requests/{number}", "/__admin/requests/5", 200),
        ("/__admin/requests/{number}", "/__admin/requests/500", 404),
        ("/__admin/requests/{number}/body", "/__admin/requests/1/body", 200),
        ("/__admin/visitors/{id}", "/__admin/visitors/anonymous-1", 200),
        ("/__admin/visitors/{id}", "/__admin/visitors/nobody", 404),
        (
            "/__admin/requests",
            "/__admin/requests?limit=1&kind=track&verdict=recorded",
            200,
        ),
        ("/__admin/requests", "/__admin/requests?limit=0", 400),
    ] {
        assert_eq!(ask(&document, &mock, documented, &get(path)).await, status, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_said_of_expectations_is_described() {
    let (document, mock) = (served().await, mock());
    fill(&document, &mock).await;
    let unmet = r#"{"conversions": [{"event": "Another"}], "merges": {"count": 5}}"#;
    let long = " ".repeat(300_000);
    for path in ["/__admin/verify", "/__admin/wait"] {
        for (query, body, status) in [
            ("", r#"{"conversions": {"count": 1}}"#, 200),
            ("", unmet, 200),
            ("?fail_with=422", unmet, 422),
            ("?fail_with=1", unmet, 400),
            ("", r#"{"conversion": {}}"#, 400),
            ("", "{", 400),
            ("", &long, 413),
            ("?project=nobody", unmet, 404),
        ] {
            let asked = request(&format!("POST {path}{query}"), &[], body);
            assert_eq!(ask(&document, &mock, path, &asked).await, status, "{path}{query}");
        }
    }
}

#[tokio::test]
async fn every_key_that_can_be_expected_of_a_row_is_described() {
    let document = served().await;
    let mut missing = String::new();
    for section in Section::RECORDED {
        let list = document.response("GET", &format!("/__admin/{section}"), 200);
        let row = &list["content"]["application/json"]["schema"]["properties"][section.as_str()]["items"];
        let described = document.properties(row);
        for key in section
            .keys()
            .iter()
            .filter(|key| !described.iter().any(|known| known == *key))
        {
            writeln!(missing, "{section}: {key}").expect("text takes all");
        }
    }
    assert_eq!(missing, "");
}

#[tokio::test]
async fn the_document_is_of_this_version() {
    let document = served().await;
    assert_eq!(document.json()["info"]["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(document.json()["openapi"], json!("3.1.0"));
}
