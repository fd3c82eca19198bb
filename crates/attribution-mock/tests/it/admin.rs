use std::fmt::Write as _;

use attribution_mock::Mock;
use serde_json::{Value, json};

use crate::peer::{Answer, CONVERSION, DENIED, get, join, mock, post, request};

async fn read(mock: &Mock, path: &str) -> Value {
    let answer = join(mock).answer(&get(path)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.raw);
    answer.json()
}

async fn add(mock: &Mock, fault: &str) -> Answer {
    join(mock).answer(&request("POST /__admin/faults", &[], fault)).await
}

#[tokio::test(start_paused = true)]
async fn every_list_is_an_object_with_the_list_under_its_own_name() {
    let mock = mock();
    join(&mock).answer(&post("/track", CONVERSION)).await;
    for name in [
        "requests",
        "page_views",
        "visits",
        "identities",
        "conversions",
        "merges",
        "visitors",
        "violations",
        "faults",
    ] {
        let body = read(&mock, &format!("/__admin/{name}")).await;
        let keys: Vec<_> = body.as_object().expect("an object").keys().collect();
        assert_eq!(
            keys,
            if name == "faults" {
                vec![name]
            } else {
                vec![name, "total"]
            }
        );
        assert!(body[name].is_array(), "{name}");
    }
    let report = read(&mock, "/__admin/report").await;
    assert_eq!(
        report["conversions"],
        read(&mock, "/__admin/conversions").await["conversions"]
    );
}

#[tokio::test(start_paused = true)]
async fn requests_show_what_came_and_what_was_answered() {
    let mock = mock();
    let mut peer = join(&mock);
    peer.answer(&post(
        "/track",
        r#"{"user_id":"u","timestamp":"2024-01-15T10:00:00Z","event":"E"}"#,
    ))
    .await;
    peer.answer(&post("/alias", DENIED)).await;
    peer.answer(&post("/alias", "not json")).await;
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!(
        "requests",
        serde_json::to_string_pretty(&read(&mock, "/__admin/requests").await).unwrap()
    );
}

#[tokio::test(start_paused = true)]
async fn health_tells_the_time_and_how_much_was_received() {
    let mock = mock();
    join(&mock).answer(&post("/track", CONVERSION)).await;
    let expected = json!({"status": "ok", "now": "2024-01-15T10:00:00Z", "strict": true, "requests": 1, "dropped": 0});
    assert_eq!(read(&mock, "/__admin/health").await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_reset_forgets_everything() {
    let mock = mock();
    join(&mock).answer(&post("/track", CONVERSION)).await;
    add(&mock, r#"{"respond":503}"#).await;
    let answer = join(&mock).answer(&request("POST /__admin/reset", &[], "")).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"success": true})));
    assert_eq!(
        read(&mock, "/__admin/requests").await,
        json!({"requests": [], "total": 0})
    );
    assert_eq!(read(&mock, "/__admin/faults").await, json!({"faults": []}));
}

#[tokio::test(start_paused = true)]
async fn faults_are_installed_listed_and_removed() {
    let mock = mock();
    let fault = r#"{"path":"/track","respond":503,"retry_after":30,"times":2}"#;
    let added = add(&mock, fault).await;
    assert_eq!((added.status, added.json()), (201, json!({"id": 1})));
    add(&mock, r#"{"delay":"1m 30s"}"#).await;
    add(&mock, r#"{"close":"after","times":"always"}"#).await;
    assert_eq!(
        join(&mock)
            .answer(&post("/track", CONVERSION))
            .await
            .header("retry-after"),
        Some("30")
    );
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!(
        "faults",
        serde_json::to_string_pretty(&read(&mock, "/__admin/faults").await).unwrap()
    );
    let remove = |id| request(&format!("DELETE /__admin/faults/{id}"), &[], "");
    assert_eq!(join(&mock).answer(&remove("1")).await.status, 200);
    assert_eq!(join(&mock).answer(&remove("1")).await.code(), "unknown_fault");
    assert_eq!(join(&mock).answer(&remove("one")).await.code(), "unknown_fault");
    assert_eq!(mock.faults().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_a_fault_is_refused_with_the_reason() {
    let mock = mock();
    let mut answers = String::new();
    for fault in [
        "",
        "respond=503",
        "[503]",
        r#"{"respnd":503}"#,
        r#"{"status":503}"#,
        r#"{"colour":"red"}"#,
        r#"{"cut":120}"#,
        "{}",
        r#"{"hang":false}"#,
        r#"{"hang":"yes"}"#,
        r#"{"hang":true,"close":"before"}"#,
        r#"{"hang":true,"retry_after":3}"#,
        r#"{"close":"now"}"#,
        r#"{"respond":99}"#,
        r#"{"respond":"503"}"#,
        r#"{"respond":70000}"#,
        r#"{"respond":204,"body":"x"}"#,
        r#"{"respond":304,"body":"x"}"#,
        r#"{"respond":503,"body":{"a":1}}"#,
        r#"{"respond":503,"retry_after":"tomorrow"}"#,
        r#"{"respond":503,"times":0}"#,
        r#"{"respond":503,"times":"ever"}"#,
        r#"{"delay":"-3s"}"#,
        r#"{"delay":10}"#,
        r#"{"respond":503,"path":5}"#,
        r#"{"respond":503,"path":"/trcak"}"#,
    ] {
        let answer = add(&mock, fault).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_fault"), "{fault}");
        let body = answer.json();
        let message = body["error"]["message"].as_str().unwrap_or_default();
        writeln!(answers, "{fault}\n  {message}").unwrap();
    }
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("bad_faults", answers);
    assert!(mock.faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn only_this_machine_is_answered() {
    let mock = mock();
    let ask = |head: &str| format!("GET {head}\r\n\r\n");
    for (head, status) in [
        ("/__admin/health HTTP/1.1\r\nHost: 127.0.0.1:7070", 200),
        ("/__admin/health HTTP/1.1\r\nHost: [::1]", 200),
        (
            "/__admin/health HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:7070",
            200,
        ),
        ("/__admin/health HTTP/1.1\r\nHost: rebound.example", 403),
        (
            "/__admin/health HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example",
            403,
        ),
        ("/__admin/health HTTP/1.1\r\nHost: localhost\r\nOrigin: null", 403),
        ("http://evil.example/__admin/health HTTP/1.1\r\nHost: localhost", 403),
        ("/__admin/health HTTP/1.0", 403),
    ] {
        assert_eq!(join(&mock).answer(&ask(head)).await.status, status, "{head}");
    }
}

#[tokio::test(start_paused = true)]
async fn events_are_taken_under_any_host_name() {
    let renamed = post("/track", CONVERSION).replace("Host: localhost", "Host: track.attributionapp.com");
    assert_eq!(join(&mock()).answer(&renamed).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_is_too_long_is_told_so_in_json() {
    let mock = mock();
    let fault = format!(r#"{{"respond":503,"body":"{}"}}"#, "x".repeat(3_000_000));
    let answer = add(&mock, &fault).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    assert!(mock.faults().is_empty());
}
