use std::fmt::Write as _;

use attribution_ledger::EntryVerdict;
use attribution_mock::{Mock, MockConfig, Projects};

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
}

#[tokio::test(start_paused = true)]
async fn a_failed_authentication_is_journaled_without_its_body() {
    let mock = mock();
    let wrong = "Authorization: Basic b3RoZXI6";
    let mut peer = join(&mock);
    let answer = peer
        .answer(&request(
            "POST /track",
            &[wrong, JSON, "Content-Encoding: gzip"],
            CONVERSION,
        ))
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
    let entries = mock.entries();
    let [stranger, sender] = &entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!(
        (stranger.seq, stranger.status, stranger.verdict, &*stranger.request.path),
        (1, 401, EntryVerdict::Ignored, "/track")
    );
    assert!(stranger.request.body.is_empty() && stranger.request.encoding.is_none());
    assert_eq!((sender.seq, sender.status), (2, 200));
    assert_eq!((mock.conversions().len(), mock.violations().len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn no_answer_shows_the_project_id() {
    let mock = Mock::new(MockConfig {
        projects: Projects::only("top-secret-id"),
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
        projects: Projects::only("left:right"),
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
