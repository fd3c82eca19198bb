//! Waiting for what is expected: in virtual time to the millisecond, and over a socket.

use std::time::Duration;

use attribution_mock::{Fault, FaultAction, Mock, MockServer};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::peer::{Answer, CONVERSION, Peer, join, mock, post, request};

const ONE: &str = r#"{"conversions": {"count": 1}}"#;
const NONE: &str = r#"{"conversions": {"count": 0}}"#;

/// Asks in a task of its own, which has begun to wait when this returns.
async fn waiting(mock: &Mock, query: &str, expected: &str) -> JoinHandle<Answer> {
    let asked = request(&format!("POST /__admin/wait{query}"), &[], expected);
    let mut peer = join(mock);
    let waiting = tokio::spawn(async move { peer.answer(&asked).await });
    settled(mock).await;
    waiting
}

/// Lets everything happen that can happen without time moving: a sleep ends when all else is idle.
async fn settled(mock: &Mock) {
    mock.config().clock.sleep(Duration::from_millis(1)).await;
}

async fn send(mock: &Mock) {
    join(mock).answer(&post("/track", CONVERSION)).await;
}

fn elapsed(mock: &Mock) -> u128 {
    mock.config().clock.elapsed().as_millis()
}

#[tokio::test(start_paused = true)]
async fn what_holds_already_is_not_waited_for() {
    let mock = mock();
    send(&mock).await;
    let answer = join(&mock).answer(&request("POST /__admin/wait", &[], ONE)).await;
    let passed = json!({"passed": true, "timed_out": false, "failures": []});
    assert_eq!((answer.status, answer.json(), elapsed(&mock)), (200, passed, 0));
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_with_the_arrival_it_is_for() {
    let mock = mock();
    let waiting = waiting(&mock, "?timeout=1m", r#"{"conversions": {"count": 2}}"#).await;
    send(&mock).await;
    mock.config().clock.sleep(Duration::from_secs(20)).await;
    assert!(!waiting.is_finished());
    let before = elapsed(&mock);
    send(&mock).await;
    let answer = waiting.await.unwrap();
    assert_eq!(answer.json()["passed"], json!(true));
    assert_eq!(
        elapsed(&mock),
        before,
        "no time passed between the arrival and the answer"
    );
}

#[tokio::test(start_paused = true)]
async fn at_the_deadline_the_failures_of_that_moment_are_told() {
    let mock = mock();
    let expected = r#"{"conversions": {"contains": [{"event": "Order Completed", "visitor": "user-2"}]}}"#;
    let waiting = waiting(&mock, "?timeout=1m30s&fail_with=422", expected).await;
    send(&mock).await;
    let answer = waiting.await.unwrap();
    let body = answer.json();
    assert_eq!((answer.status, elapsed(&mock)), (422, 90_000));
    assert_eq!((&body["passed"], &body["timed_out"]), (&json!(false), &json!(true)));
    assert_eq!(body["failures"][0]["nearest"][0]["row"]["visitor"], json!("user-1"));
}

#[tokio::test(start_paused = true)]
async fn ten_seconds_are_waited_where_nothing_is_said() {
    let mock = mock();
    let answer = join(&mock).answer(&request("POST /__admin/wait", &[], ONE)).await;
    assert_eq!(answer.json()["timed_out"], json!(true));
    assert_eq!((answer.status, elapsed(&mock)), (200, 10_000));
}

#[tokio::test(start_paused = true)]
async fn that_nothing_comes_is_known_once_it_has_not_come_for_long_enough() {
    let mock = mock();
    let at_once = join(&mock).answer(&request("POST /__admin/wait", &[], NONE)).await;
    assert_eq!((at_once.json()["passed"].clone(), elapsed(&mock)), (json!(true), 0));
    let line = "POST /__admin/wait?timeout=0s&for=2s";
    let held = join(&mock).answer(&request(line, &[], NONE)).await;
    assert_eq!((held.json()["passed"].clone(), elapsed(&mock)), (json!(true), 2_000));
    let broken = waiting(&mock, "?timeout=0s&for=1m", NONE).await;
    send(&mock).await;
    let body = broken.await.unwrap().json();
    assert_eq!((&body["passed"], &body["timed_out"]), (&json!(false), &json!(true)));
    assert_eq!(body["failures"][0]["place"], json!("conversions.count"));
    assert_eq!(elapsed(&mock), 2_001, "it is over as soon as it is broken");
}

#[tokio::test(start_paused = true)]
async fn what_must_hold_for_a_while_may_begin_to_at_the_last_moment() {
    let mock = mock();
    let waiting = waiting(&mock, "?timeout=10s&for=5s", ONE).await;
    mock.config().clock.sleep(Duration::from_secs(9)).await;
    send(&mock).await;
    let answer = waiting.await.unwrap();
    assert_eq!((answer.json()["passed"].clone(), elapsed(&mock)), (json!(true), 14_001));
}

#[tokio::test(start_paused = true)]
async fn a_reset_wakes_whoever_waits_for_it() {
    let mock = mock();
    send(&mock).await;
    let waiting = waiting(&mock, "", NONE).await;
    mock.reset();
    assert_eq!(waiting.await.unwrap().json()["passed"], json!(true));
    assert_eq!(elapsed(&mock), 1);
}

#[tokio::test(start_paused = true)]
async fn an_arrival_elsewhere_changes_nothing() {
    let mock = mock();
    let waiting = waiting(&mock, "?namespace=mine&timeout=5s", ONE).await;
    send(&mock).await;
    assert_eq!(waiting.await.unwrap().json()["timed_out"], json!(true));
    assert_eq!(elapsed(&mock), 5_000);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_waits_at_once_all_end_with_one_arrival() {
    let mock = mock();
    let mut all = Vec::new();
    for _ in 0..1_000 {
        let (mock, asked) = (mock.clone(), request("POST /__admin/wait", &[], ONE));
        all.push(tokio::spawn(async move { join(&mock).answer(&asked).await }));
    }
    settled(&mock).await;
    send(&mock).await;
    for waiting in all {
        assert_eq!(waiting.await.unwrap().json()["passed"], json!(true));
    }
    assert_eq!(elapsed(&mock), 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_hangs_is_there_already() {
    let mock = mock();
    let _hang = mock.install(Fault::new(FaultAction::Hang)).unwrap();
    let waiting = waiting(&mock, "", ONE).await;
    let mut sender = join(&mock);
    sender.send(&post("/track", CONVERSION)).await;
    assert_eq!(waiting.await.unwrap().json()["passed"], json!(true));
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_over_when_nobody_listens_any_more() {
    let mock = mock();
    let (near, far) = tokio::io::duplex(64 * 1024);
    let connections = mock.connections();
    let serving = tokio::spawn(async move { connections.serve(far).await });
    let mut peer = Peer::new(near);
    peer.send(&request("POST /__admin/wait?timeout=10m", &[], ONE)).await;
    settled(&mock).await;
    drop(peer);
    serving.await.unwrap();
    assert_eq!(elapsed(&mock), 1, "no timer had to fire");
}

#[tokio::test(start_paused = true)]
async fn spans_are_bounded_and_written_as_in_a_scenario() {
    let mock = mock();
    for query in ["?timeout=11m", "?timeout=10", "?for=601s", "?for=soon", "?tiemout=1s"] {
        let answer = join(&mock)
            .answer(&request(&format!("POST /__admin/wait{query}"), &[], ONE))
            .await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_query"), "{query}");
    }
}

#[tokio::test]
async fn a_server_that_stops_lets_its_waits_go() {
    let server = MockServer::start().await.unwrap();
    let mut peer = Peer::new(TcpStream::connect(server.address()).await.unwrap());
    // The namespace is there as soon as the wait has begun.
    peer.send(&request("POST /__admin/wait?timeout=10m&namespace=begun", &[], ONE))
        .await;
    let mut looking = Peer::new(TcpStream::connect(server.address()).await.unwrap());
    let projects = request("GET /__admin/projects", &[], "");
    while !looking.answer(&projects).await.body.contains("begun") {}
    let (_, answer) = tokio::join!(server.shutdown(), peer.receive());
    let answer = answer.expect("it is answered, not cut off");
    let body = answer.json();
    assert_eq!((&body["passed"], &body["timed_out"]), (&json!(false), &json!(false)));
    assert_eq!(body["failures"][0]["place"], json!("conversions.count"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_over_a_socket_ends_with_the_arrival() {
    let server = MockServer::start().await.unwrap();
    let mut waiting = Peer::new(TcpStream::connect(server.address()).await.unwrap());
    let asked = request(
        "POST /__admin/wait?timeout=10m",
        &[],
        r#"{"conversions": {"count": 100}}"#,
    );
    waiting.send(&asked).await;
    let mut sender = Peer::new(TcpStream::connect(server.address()).await.unwrap());
    for _ in 0..100 {
        sender.answer(&post("/track", CONVERSION)).await;
    }
    assert_eq!(waiting.receive().await.unwrap().json()["passed"], json!(true));
}
