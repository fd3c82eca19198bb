//! The paths beside the classic three, over real HTTP.

use attribution_ledger::{Dialect, EntryVerdict, Route};
use attribution_mock::{Fault, Mock, MockConfig, Strictness};
use serde_json::{Value, json};

use crate::peer::{AUTHORIZATION, config, join, mock, post, post_in_its_dialect, post_text, request};

const JSON: &str = "Content-Type: application/json";

fn lenient() -> Mock {
    Mock::new(MockConfig {
        strictness: Strictness::Lenient,
        ..config()
    })
}

fn message(call: &str, id: &str) -> Value {
    json!({
        "messageId": id, "timestamp": "2024-01-15T10:00:00.000Z", "userId": "user-1", "type": call, "event": "Order Completed",
        "previousId": "anon-1", "groupId": "g", "name": "Home", "properties": { "url": "https://shop.example/" },
    })
}

async fn send(mock: &Mock, path: &str, body: &Value) -> u16 {
    join(mock).answer(&post(path, &body.to_string())).await.status
}

async fn send_empty(mock: &Mock, route: Route) -> u16 {
    join(mock).answer(&post_in_its_dialect(route, "{}")).await.status
}

async fn import(mock: &Mock, messages: &[Value]) -> u16 {
    send(mock, "/v1/import", &json!({ "batch": messages })).await
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

#[tokio::test(start_paused = true)]
async fn each_call_has_its_path() {
    for (path, call, expected) in [
        ("/v1/t", "track", [0, 1, 0, 0]),
        ("/v1/p", "page", [1, 0, 0, 0]),
        ("/v1/s", "screen", [1, 0, 0, 0]),
        ("/v1/i", "identify", [0, 0, 1, 0]),
        ("/v1/g", "group", [0, 0, 0, 0]),
        ("/v1/a", "alias", [0, 0, 0, 1]),
    ] {
        let mock = mock();
        assert_eq!(send(&mock, path, &message(call, "msg-1")).await, 200, "{path}");
        assert_eq!(counts(&mock), expected, "{path}");
        assert_eq!(mock.entries()[0].request.path, path);
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_is_one_request_of_many_events() {
    let mock = mock();
    let batch = [
        message("page", "1"),
        message("track", "2"),
        message("identify", "3"),
        message("alias", "4"),
    ];
    assert_eq!(import(&mock, &batch).await, 200);
    assert_eq!(counts(&mock), [1, 1, 1, 1]);
    let requests = mock.requests();
    assert_eq!((requests.len(), requests[0].events), (1, 4));
    assert_eq!(mock.conversions()[0].request, 1);
}

#[tokio::test(start_paused = true)]
async fn a_strict_server_refuses_a_batch_whole() {
    let mock = mock();
    let nameless = json!({ "userId": "user-1", "messageId": "2", "event": "Order Completed" });
    let body = json!({ "batch": [message("track", "1"), nameless, message("track", "3")] });
    let answer = join(&mock).answer(&post("/v1/import", &body.to_string())).await;
    assert_eq!(answer.status, 400);
    let violations = answer.json()["violations"].clone();
    let denied: Vec<&Value> = violations
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["severity"] == "deny")
        .collect();
    assert_eq!(denied.len(), 1, "{violations}");
    assert_eq!(
        (&denied[0]["rule"], &denied[0]["pointer"]),
        (&json!("ATT023"), &json!("/batch/1/type"))
    );
    assert_eq!(mock.entries()[0].verdict, EntryVerdict::Refused);
    assert_eq!(counts(&mock), [0; 4]);
    assert_eq!(import(&mock, &[message("track", "1")]).await, 200);
    assert_eq!(
        counts(&mock),
        [0, 1, 0, 0],
        "what was refused has used up no message id"
    );
}

#[tokio::test(start_paused = true)]
async fn a_lenient_server_records_what_can_be_read_of_a_batch() {
    let mock = lenient();
    assert_eq!(
        import(&mock, &[message("track", "1"), json!("track"), message("page", "3")]).await,
        200
    );
    assert_eq!(counts(&mock), [1, 1, 0, 0]);
    assert_eq!(mock.violations()[0].pointer, "/batch/1");
    for body in [json!({ "batch": [] }), json!({ "batch": ["track"] }), json!({})] {
        assert_eq!(send(&mock, "/v1/import", &body).await, 400, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lenient_server_refuses_nothing_that_a_strict_one_takes() {
    for (path, body) in [
        (
            "/track",
            json!({ "user_id": null, "timestamp": "2024-01-15T10:00:00.000Z", "event": "Order refund" }),
        ),
        (
            "/v1/import",
            json!({ "batch": [{ "type": "track", "event": "Nobody's" }] }),
        ),
        ("/v1/import", json!({ "batch": [{ "type": "order" }] })),
        ("/v1/g", message("group", "1")),
    ] {
        for mock in [mock(), lenient()] {
            assert_eq!(send(&mock, path, &body).await, 200, "{body}");
            assert_eq!(counts(&mock), [0; 4]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_makes_no_duplicate_where_there_is_a_message_id() {
    let mock = mock();
    let lost = Fault::new(attribution_mock::FaultAction::CloseAfter)
        .on("/v1/t")
        .times(1);
    let _lost = mock.install(lost).unwrap();
    let body = message("track", "msg-1");
    assert!(join(&mock).ask(&post("/v1/t", &body.to_string())).await.is_none());
    assert_eq!(send(&mock, "/v1/t", &body).await, 200);
    assert_eq!((mock.entries().len(), mock.conversions().len()), (2, 1));
    let violations = mock.violations();
    assert!(
        violations.iter().any(|row| row.rule == "ATT021" && row.request == 2),
        "{violations:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_fault_may_be_narrowed_to_any_path_that_takes_events() {
    for route in Route::ALL {
        let mock = mock();
        let _outage = mock.install(Fault::respond(503).on(route.path()).times(1)).unwrap();
        for other in Route::ALL.into_iter().filter(|other| *other != route) {
            assert_ne!(send_empty(&mock, other).await, 503, "{other}");
        }
        assert_eq!(send_empty(&mock, route).await, 503, "{route}");
        assert_ne!(send_empty(&mock, route).await, 503, "{route}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_on_a_path_spelt_out_says_which_letter_was_meant() {
    let refused = |path| mock().add_fault(Fault::respond(503).on(path)).unwrap_err().to_string();
    assert_eq!(
        refused("/v1/track"),
        "no event is ever sent to /v1/track: did you mean /v1/t?"
    );
    assert_eq!(
        refused("/v1/batch"),
        "no event is ever sent to /v1/batch: did you mean /v1/import?"
    );
    assert!(refused("/check_auth").starts_with("no event is ever sent to /check_auth: events go to /track"));
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_are_journaled_without_a_body_on_every_path_that_takes_events() {
    let mock = mock();
    for route in Route::ALL {
        let body = r#"{"projectId":"other"}"#;
        let wrong = match route.dialect() {
            Dialect::Browser => post_text(route.path(), body),
            Dialect::Classic | Dialect::Actions | Dialect::Import => {
                request(&format!("POST {route}"), &["Authorization: Basic b3RoZXI6", JSON], body)
            }
        };
        let answer = join(&mock).answer(&wrong).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "wrong_project"),
            "{route}"
        );
    }
    let entries = mock.entries();
    assert_eq!(entries.len(), Route::ALL.len());
    assert!(
        entries
            .iter()
            .all(|entry| entry.request.body.is_empty() && entry.status == 401)
    );
}

#[tokio::test(start_paused = true)]
async fn credentials_can_be_checked_without_an_event() {
    let mock = mock();
    let _outage = mock.install(Fault::respond(503)).unwrap();
    let mut peer = join(&mock);
    let good = peer.answer(&request("POST /check_auth", &[AUTHORIZATION], "")).await;
    assert_eq!((good.status, good.body.as_str()), (200, r#"{"success":true}"#));
    for (header, code) in [
        ("Authorization: Basic b3RoZXI6", "wrong_project"),
        ("X-Other: 1", "authorization_missing"),
    ] {
        let bad = peer.answer(&request("POST /check_auth", &[header, JSON], "")).await;
        assert_eq!((bad.status, bad.code().as_str()), (401, code));
        assert!(bad.header("www-authenticate").is_some());
    }
    assert_eq!(
        peer.answer(&request("GET /check_auth", &[AUTHORIZATION], ""))
            .await
            .status,
        405
    );
    assert_eq!(mock.entries(), []);
}
