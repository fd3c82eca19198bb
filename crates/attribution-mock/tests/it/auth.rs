use std::fmt::Write as _;

use attribution_mock::{Mock, MockConfig, ProjectId};

use crate::peer::{CONVERSION, config, join, mock, post, request};

const JSON: &str = "Content-Type: application/json";

#[tokio::test(start_paused = true)]
async fn each_failure_has_its_own_reason() {
    let mock = mock();
    let mut answers = String::new();
    for header in [
        "X-Other: 1",
        "Authorization: Bearer abc",
        "Authorization: Basic demo-project:",
        "Authorization: Basic ZGVtby1wcm9qZWN0",
        "Authorization: Basic b3RoZXI6",
        "Authorization: Basic ZGVtby1wcm9qZWN0OnNlY3JldA==",
    ] {
        let answer = join(&mock)
            .answer(&request("POST /track", &[header, JSON], CONVERSION))
            .await;
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        writeln!(answers, "{header}\n  {} {challenge}\n  {}", answer.status, answer.body).unwrap();
    }
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("authentication_failures", answers);
    assert_eq!(mock.entries(), [], "what is not authenticated is not journaled");
}

#[tokio::test(start_paused = true)]
async fn no_answer_shows_the_project_id() {
    let mock = Mock::new(MockConfig {
        project_id: ProjectId::from("top-secret-id"),
        ..config()
    });
    for header in [
        "X-Other: 1",
        "Authorization: Basic b3RoZXI6",
        "Authorization: Basic dG9wLXNlY3JldC1pZDp4",
    ] {
        let answer = join(&mock)
            .answer(&request("POST /identify", &[header, JSON], CONVERSION))
            .await;
        assert_eq!(answer.status, 401);
        assert!(!answer.raw.contains("top-secret-id"), "{}", answer.raw);
    }
    assert!(!format!("{mock:?}").contains("top-secret-id"));
}

#[tokio::test(start_paused = true)]
async fn a_project_id_with_a_colon_is_sent_as_it_is() {
    let mock = Mock::new(MockConfig {
        project_id: ProjectId::from("left:right"),
        ..config()
    });
    let as_it_is = request(
        "POST /track",
        &["Authorization: Basic bGVmdDpyaWdodA==", JSON],
        CONVERSION,
    );
    assert_eq!(join(&mock).answer(&as_it_is).await.status, 200);
    let one_more = request(
        "POST /track",
        &["Authorization: Basic bGVmdDpyaWdodDo=", JSON],
        CONVERSION,
    );
    assert_eq!(join(&mock).answer(&one_more).await.code(), "wrong_project");
}

#[tokio::test(start_paused = true)]
async fn a_failed_authentication_uses_up_no_fault() {
    let mock = mock();
    let _outage = mock.install(attribution_mock::Fault::respond(503).times(1)).unwrap();
    let mut peer = join(&mock);
    assert_eq!(
        peer.answer(&request("POST /track", &[JSON], CONVERSION)).await.status,
        401
    );
    assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 503);
}
