//! A hostile Attribution, by wiremock: over real sockets and in real time, with waits of milliseconds.

use std::time::Duration;

use attribution_destination::deliver::{Delivery, Outcome, Protection, Proxies, Reason, RetryPolicy, Sender};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::deliver_link::{event, settings, track};

/// A sender to this server which retries at once, and is patient unless told otherwise.
fn sender(server: &MockServer, timeout: Duration) -> Sender {
    let retry = RetryPolicy {
        initial: Duration::from_millis(1),
        max: Duration::from_millis(2),
        timeout,
        ..RetryPolicy::default()
    };
    Sender::builder(settings())
        .proxies(Proxies::none())
        .endpoint(server.uri().parse().unwrap())
        .retry(retry)
        .protection(Protection::NONE)
        .build()
        .unwrap()
}

fn patient(server: &MockServer) -> Sender {
    sender(server, Duration::from_secs(60))
}

async fn answers(server: &MockServer, answer: ResponseTemplate, times: u64) {
    Mock::given(any())
        .respond_with(answer)
        .up_to_n_times(times)
        .mount(server)
        .await;
}

async fn then_success(server: &MockServer) {
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .with_priority(9)
        .mount(server)
        .await;
}

fn statuses(outcome: &Outcome) -> Vec<Result<u16, Reason>> {
    outcome.attempts.iter().map(|attempt| attempt.answer.clone()).collect()
}

#[tokio::test]
async fn a_request_arrives_as_the_contract_writes_it() {
    let server = MockServer::start().await;
    then_success(&server).await;
    // As text, because the macro's numbers would lose their last zero.
    let message = r#"{
        "type": "track", "anonymousId": "anon-1", "userId": "user-1", "event": "Order Completed",
        "properties": {"revenue": 99.90, "note": "smörgås"}, "timestamp": "2024-01-15T10:00:00Z"
    }"#;
    patient(&server)
        .send(event(serde_json::from_str(message).unwrap()))
        .await;
    let received = server.received_requests().await.unwrap();
    let [request] = received.as_slice() else {
        panic!("{received:?}")
    };
    let mut headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let body = concat!(
        r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","cookie_id":"anon-1","#,
        r#""properties":{"revenue":99.90,"note":"smörgås"},"context":{},"event":"Order Completed"}"#
    );
    let (length, host) = (body.len().to_string(), server.address().to_string());
    let expected = [
        ("accept-encoding", "gzip, deflate"),
        ("authorization", "Basic ZGVtby1wcm9qZWN0Og=="),
        ("content-length", length.as_str()),
        ("content-type", "application/json"),
        ("host", host.as_str()),
        ("user-agent", "Segment.io/1.0"),
    ];
    assert_eq!((request.method.as_str(), request.url.path()), ("POST", "/track"));
    assert_eq!(headers, expected);
    assert_eq!(
        std::str::from_utf8(&request.body).unwrap().replace("99.9,", "99.90,"),
        body
    );
}

#[tokio::test]
async fn every_2xx_is_a_delivery() {
    let server = MockServer::start().await;
    for status in [200, 201, 202, 203, 204, 205, 206, 226, 299] {
        server.reset().await;
        answers(&server, ResponseTemplate::new(status), 1).await;
        let outcome = patient(&server).send(track("u", 1)).await;
        assert_eq!(
            (&outcome.result, outcome.attempts.len()),
            (&Delivery::Delivered { status }, 1)
        );
    }
}

#[tokio::test]
async fn what_is_temporary_is_sent_again_byte_for_byte() {
    let server = MockServer::start().await;
    for status in [429, 500, 502, 503, 504] {
        server.reset().await;
        answers(&server, ResponseTemplate::new(status), 2).await;
        then_success(&server).await;
        let outcome = patient(&server).send(track("u", 1)).await;
        assert_eq!(statuses(&outcome), [Ok(status), Ok(status), Ok(200)]);
        let received = server.received_requests().await.unwrap();
        assert_eq!(received.len(), 3);
        assert!(
            received
                .iter()
                .all(|request| request.body == received[0].body && request.headers == received[0].headers)
        );
    }
}

#[tokio::test]
async fn what_is_permanent_is_sent_once() {
    let server = MockServer::start().await;
    for status in [
        400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422, 423, 425, 451, 501, 505, 507, 511, 599,
    ] {
        server.reset().await;
        let said = format!("no, {status}, demo-project!");
        answers(&server, ResponseTemplate::new(status).set_body_string(said), 1).await;
        then_success(&server).await;
        let outcome = patient(&server).send(track("u", 1)).await;
        let body = format!("no, {status}, [redacted]!");
        assert_eq!(
            outcome.result,
            Delivery::Rejected {
                reason: Reason::Status(status),
                body
            }
        );
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_redirect_is_a_rejection_and_is_not_followed() {
    let server = MockServer::start().await;
    for status in [300, 301, 302, 303, 304, 307, 308] {
        server.reset().await;
        let answer = ResponseTemplate::new(status).insert_header("Location", format!("{}/elsewhere", server.uri()));
        Mock::given(method("POST"))
            .and(path("/track"))
            .respond_with(answer)
            .mount(&server)
            .await;
        then_success(&server).await;
        let outcome = patient(&server).send(track("u", 1)).await;
        assert_eq!(
            outcome.result,
            Delivery::Rejected {
                reason: Reason::Status(status),
                body: String::new()
            }
        );
        let paths: Vec<_> = server
            .received_requests()
            .await
            .unwrap()
            .into_iter()
            .map(|request| request.url.path().to_owned())
            .collect();
        assert_eq!(paths, ["/track"]);
    }
}

#[tokio::test]
async fn a_retry_after_is_waited_out() {
    let server = MockServer::start().await;
    answers(&server, ResponseTemplate::new(429).insert_header("Retry-After", "1"), 1).await;
    then_success(&server).await;
    let outcome = patient(&server).send(track("u", 1)).await;
    let [first, second] = outcome.attempts.as_slice() else {
        panic!("{outcome:?}")
    };
    assert_eq!(first.retry_after, Some(Duration::from_secs(1)));
    let waited = second.at.duration_since(first.at + first.took);
    assert!(waited >= jiff::SignedDuration::from_secs(1), "{waited:?}");
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_none_and_the_next_one_counts() {
    let server = MockServer::start().await;
    answers(
        &server,
        ResponseTemplate::new(200).set_delay(Duration::from_secs(3_600)),
        1,
    )
    .await;
    then_success(&server).await;
    let timeout = Duration::from_millis(300);
    let outcome = sender(&server, timeout).send(track("u", 1)).await;
    assert_eq!(outcome.attempts[0].answer, Err(Reason::Timeout(timeout)));
    assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
}

#[tokio::test]
async fn a_long_answer_is_kept_in_part() {
    let server = MockServer::start().await;
    answers(
        &server,
        ResponseTemplate::new(400).set_body_string("long ".repeat(1_000_000)),
        1,
    )
    .await;
    let outcome = patient(&server).send(track("u", 1)).await;
    let Delivery::Rejected {
        reason: Reason::Status(400),
        body,
    } = outcome.result
    else {
        panic!("{outcome:?}")
    };
    assert!(
        body.starts_with("long long ") && body.ends_with('…') && body.len() < 1_100,
        "{body}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_several_threads_each_visitor_keeps_their_order() {
    let server = MockServer::start().await;
    answers(&server, ResponseTemplate::new(503), 40).await;
    then_success(&server).await;
    let sender = patient(&server);
    for number in 0..200 {
        drop(sender.submit(track(&format!("user-{}", number % 8), number)).await);
    }
    sender.settle().await;
    let received = server.received_requests().await.unwrap();
    assert_eq!(received.len(), 240);
    for visitor in 0..8 {
        let mut numbers: Vec<u64> = received.iter().map(|request| number_of(&request.body)).collect();
        numbers.retain(|number| number % 8 == visitor);
        assert!(numbers.is_sorted(), "{numbers:?}");
    }
}

fn number_of(body: &[u8]) -> u64 {
    serde_json::from_slice::<serde_json::Value>(body).unwrap()["properties"]["n"]
        .as_u64()
        .unwrap()
}
