//! Expectations as any language sends them.

use std::time::Duration;

use attribution_mock::{Keep, Mock, MockConfig};
use serde_json::{Value, json};

use crate::openapi::{check, served};
use crate::peer::{Answer, CONVERSION, DENIED, config, get, join, mock, post, request};

const GOOGLE: &str = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00Z","event":"Viewed Pricing Page","properties":{"url":"https://shop.example/pricing?utm_source=google"}}"#;

async fn verify(mock: &Mock, query: &str, expected: &str) -> Answer {
    let line = format!("POST /__admin/verify{query}");
    join(mock).answer(&request(&line, &[], expected)).await
}

/// A mock that got two conversions, with and without revenue.
async fn two_conversions() -> Mock {
    let mock = mock();
    let paid = CONVERSION.replace('}', r#","properties":{"revenue":99.90}}"#);
    for body in [CONVERSION, &paid] {
        assert_eq!(join(&mock).answer(&post("/track", body)).await.status, 200);
    }
    mock
}

#[tokio::test(start_paused = true)]
async fn what_holds_is_passed_without_failures() {
    let mock = two_conversions().await;
    let expected = r#"{"conversions": {"contains": [{"event": "Order Completed", "visitor": "user-1"}], "count": 2},
                       "merges": [], "requests": {"count": {"$gte": 2}}}"#;
    for query in ["", "?fail_with=200", "?fail_with=422"] {
        let answer = verify(&mock, query, expected).await;
        assert_eq!(
            (answer.status, answer.json()),
            (200, json!({"passed": true, "failures": []})),
            "{query}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_hold_is_told_with_the_rows_that_come_nearest() {
    let mock = two_conversions().await;
    let expected = r#"{
  "conversions": {"contains": [{"event": "Order Completed", "visitor": "user-2", "revenue": 99.9}]},
  "merges": {"count": 1}
}"#;
    let answer = verify(&mock, "", expected).await;
    assert_eq!(answer.status, 200, "the server did answer");
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("verify_failures", serde_json::to_string_pretty(&answer.json()).unwrap());
    let failed = verify(&mock, "?fail_with=422", expected).await;
    assert_eq!((failed.status, failed.json()), (422, answer.json()));
}

#[tokio::test(start_paused = true)]
async fn every_section_that_the_double_records_can_be_expected() {
    let mock = mock();
    for (path, body) in [
        ("/track", GOOGLE),
        ("/track", CONVERSION),
        (
            "/identify",
            r#"{"user_id":"user-1","traits":{"email":"ada@example.com"}}"#,
        ),
        ("/alias", r#"{"user_id":"user-1","previous_id":"anonymous-1"}"#),
        ("/track", DENIED),
    ] {
        join(&mock).answer(&post(path, body)).await;
    }
    let mut expected = json!({});
    for section in expectation::Section::RECORDED {
        let answer = join(&mock).answer(&get(&format!("/__admin/{section}"))).await;
        let rows = answer.json()[section.as_str()].as_array().expect("rows").len();
        expected[section.as_str()] = json!({ "count": rows });
    }
    let answer = verify(&mock, "", &expected.to_string()).await;
    assert_eq!(answer.json(), json!({"passed": true, "failures": []}), "{expected}");
    assert!(expected["violations"]["count"].as_u64() > Some(0), "{expected}");
}

#[tokio::test(start_paused = true)]
async fn the_report_is_that_of_the_default_channels_and_model() {
    let mock = two_conversions().await;
    join(&mock)
        .answer(&post("/track", &GOOGLE.replace("user-1", "user-2")))
        .await;
    let expected = r#"{"report": [
        {"channel": "unattributed", "model": "linear", "spend": null, "conversions": 2, "revenue": "99.90"},
        {"channel": "Google Ads", "visits": 1, "visitors": 1, "revenue": 0}
    ]}"#;
    let answer = verify(&mock, "", expected).await;
    assert_eq!(answer.json()["passed"], json!(false), "the channels come first");
    let expected = r#"{"report": {"rows": [
        {"channel": "Google Ads", "visits": 1, "visitors": 1, "revenue": 0},
        {"channel": "unattributed", "model": "linear", "spend": null, "conversions": 2, "revenue": "99.90"}
    ], "count": 2}}"#;
    let answer = verify(&mock, "", expected).await;
    assert_eq!(answer.json(), json!({"passed": true, "failures": []}));
    let answer = verify(&mock, "", r#"{"report": {"by": "day", "count": 1}}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "bad_expectation"));
}

#[tokio::test(start_paused = true)]
async fn what_was_received_is_in_the_report_only_after_the_delay_of_the_dashboard() {
    let delay = "15m..30m".parse().unwrap();
    let mock = Mock::new(MockConfig {
        dashboard_delay: delay,
        ..config()
    });
    join(&mock).answer(&post("/track", CONVERSION)).await;
    let clock = mock.config().clock.clone();
    let count = |count: u8| json!({"report": {"count": count}, "conversions": {"count": 1}});
    clock.sleep(Duration::from_secs(15 * 60 - 1)).await;
    mock.verify(count(0)).unwrap();
    let (next, last) = mock.dashboard_due().expect("one is not there yet");
    assert_eq!(next, last);
    let document = served().await;
    let state = join(&mock).answer(&get("/__admin/dashboard")).await;
    check(&document, "GET", "/__admin/dashboard", &state);
    let state = state.json();
    assert_eq!(
        (&state["shown"], &state["held_back"], &state["last"]),
        (&json!(0), &json!(1), &json!(last))
    );
    for (moment, conversions) in [(&state["now"], 0), (&state["last"], 1)] {
        let path = format!("/__admin/report?dashboard_at={}", moment.as_str().unwrap());
        let report = join(&mock).answer(&get(&path)).await.json();
        assert_eq!(
            report["conversions"].as_array().map(Vec::len),
            Some(conversions),
            "{path}"
        );
    }
    mock.wait_until(count(1), Duration::from_secs(3600)).await.unwrap();
    let now = clock.now();
    assert!(next <= now && now.duration_since(next).as_millis() <= 2, "{next} {now}");
    assert!(
        clock.elapsed() <= Duration::from_secs(30 * 60 + 1),
        "{:?}",
        clock.elapsed()
    );
    assert_eq!((mock.dashboard_due(), mock.dashboard() == mock.report()), (None, true));
}

#[tokio::test(start_paused = true)]
async fn every_mistake_in_an_expectation_is_told_with_its_place() {
    let mock = mock();
    let expected = "{\n  \"visit\": [],\n  \"conversions\": [{\"revenu\": 5}],\n  \"skips\": []\n}";
    let answer = verify(&mock, "", expected).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "bad_expectation"));
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("verify_mistakes", serde_json::to_string_pretty(&answer.json()).unwrap());
}

#[tokio::test(start_paused = true)]
async fn what_is_no_expectation_is_refused_with_the_reason() {
    let mock = mock();
    for (body, reason) in [
        ("", "there is nothing"),
        ("{\"visits\": [}", "not JSON"),
        ("[]", "must be a mapping"),
        ("{}", "expects nothing"),
        ("{\"deliveries\": {\"delivered\": 1}}", "can't be expected here"),
    ] {
        let answer = verify(&mock, "", body).await;
        let message = answer.json()["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_expectation"));
        assert!(message.contains(reason), "{body}: {message}");
        assert!(answer.json()["error"]["mistakes"].is_array(), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_too_long_is_refused_at_once() {
    let mock = mock();
    let longest = 256 * 1024;
    let answer = verify(&mock, "", &" ".repeat(longest + 1)).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    let rows = vec!["{}"; 1_001].join(",");
    let answer = verify(&mock, "", &format!("{{\"visits\": [{rows}]}}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "bad_expectation"));
    let message = answer.json()["error"]["message"].to_string();
    assert!(message.contains("1001 rows are expected"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_query_that_is_misspelt_is_refused() {
    let mock = mock();
    for (query, message) in [
        (
            "?fail_wiht=422",
            "there is no parameter `fail_wiht`: did you mean `fail_with`?",
        ),
        (
            "?fail_with=500",
            "`fail_with` must be `200` or `422`, not `500`: did you mean `200`?",
        ),
        ("?fail_with=422&fail_with=200", "`fail_with` is given twice"),
    ] {
        let answer = verify(&mock, query, r#"{"visits": []}"#).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_query"));
        assert_eq!(answer.json()["error"]["message"], Value::from(message));
    }
}

#[tokio::test(start_paused = true)]
async fn each_namespace_is_verified_by_itself() {
    let mock = mock();
    join(&mock).answer(&post("/track", CONVERSION)).await;
    let none = r#"{"conversions": []}"#;
    assert_eq!(verify(&mock, "", none).await.json()["passed"], json!(false));
    assert_eq!(
        verify(&mock, "?namespace=other", none).await.json()["passed"],
        json!(true)
    );
    let named = request("POST /__admin/verify", &["Harness-Namespace: other"], none);
    assert_eq!(join(&mock).answer(&named).await.json()["passed"], json!(true));
    assert_eq!(verify(&mock, "?project=nobody", none).await.code(), "unknown_project");
}

#[tokio::test(start_paused = true)]
async fn a_visitor_is_known_by_any_id() {
    let mock = Mock::new(config());
    let alias = r#"{"user_id":"user-1","previous_id":"anonymous-1"}"#;
    join(&mock).answer(&post("/track", CONVERSION)).await;
    join(&mock).answer(&post("/alias", alias)).await;
    let answer = verify(&mock, "", r#"{"conversions": [{"visitor": "anonymous-1"}]}"#).await;
    assert_eq!(answer.json()["passed"], json!(true), "{}", answer.body);
}

#[tokio::test(start_paused = true)]
async fn what_was_dropped_can_not_be_held_against_it_and_is_counted() {
    let keep = Some(Keep::requests(1));
    let mock = Mock::new(MockConfig { keep, ..config() });
    for _ in 0..3 {
        join(&mock).answer(&post("/track", CONVERSION)).await;
    }
    let answer = verify(&mock, "", r#"{"conversions": {"count": 1}}"#).await;
    assert_eq!(answer.json(), json!({"passed": true, "failures": [], "dropped": 2}));
}
