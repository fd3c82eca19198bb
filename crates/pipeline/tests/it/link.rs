//! What may go wrong below HTTP, and what it looks like from both ends.

use std::io::ErrorKind;
use std::time::Duration;

use attribution_destination::deliver::{Outcome, Reason};
use attribution_mock::{Fault, FaultAction};
use clock::Clock;
use jiff::Timestamp;
use pipeline::{Config, Exchange, Fate, Link, LinkFault, Pipeline};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tower_service::Service;

use crate::virtually::virtually;

const LATENCY: Duration = Duration::from_millis(40);

/// Sends one event over a link with these faults, and returns its outcome and when each request was received.
fn send_over(faults: &[LinkFault]) -> (Outcome, Vec<Timestamp>) {
    virtually(async {
        let mut pipeline = settled(faults, false).await;
        let received = pipeline
            .mock()
            .requests()
            .into_iter()
            .map(|request| request.at)
            .collect();
        match &pipeline.handled()[0].fate {
            Fate::Done(outcome) => (outcome.clone(), received),
            other => panic!("no outcome: {other:?}"),
        }
    })
}

#[test]
fn latency_is_added_to_each_way() {
    let (outcome, received) = send_over(&[]);
    assert_eq!(received, [Timestamp::UNIX_EPOCH + LATENCY]);
    assert_eq!(outcome.attempts[0].took, 2 * LATENCY);
}

#[test]
fn a_refused_connection_costs_no_time_and_reaches_nobody() {
    let (outcome, received) = send_over(&[LinkFault::Refuse]);
    assert_eq!(outcome.attempts[0].answer, Err(Reason::Refused));
    assert_eq!((outcome.attempts[0].took, received.len()), (Duration::ZERO, 1));
}

#[test]
fn a_connection_cut_within_the_request_is_a_reset_and_reaches_nobody() {
    let (outcome, received) = send_over(&[LinkFault::Cut { after: 0 }, LinkFault::Cut { after: 100 }]);
    let answers: Vec<_> = outcome.attempts.iter().map(|attempt| attempt.answer.clone()).collect();
    assert_eq!(answers, [Err(Reason::Reset), Err(Reason::Reset), Ok(200)]);
    assert_eq!(received.len(), 1);
}

#[test]
fn a_connection_cut_within_the_answer_makes_a_duplicate() {
    let request_and_some_of_the_answer = 420;
    let (outcome, received) = send_over(&[LinkFault::Cut {
        after: request_and_some_of_the_answer,
    }]);
    assert!(outcome.attempts[0].answer.is_err(), "{outcome:?}");
    assert_eq!((outcome.attempts.len(), received.len()), (2, 2));
}

#[tokio::test]
async fn a_cut_socket_puts_a_real_reset_on_the_wire_after_exactly_as_many_bytes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut link = Link::socket(
        listener.local_addr().unwrap(),
        Clock::flowing_from(Timestamp::UNIX_EPOCH),
        Duration::ZERO,
    );
    link.plan(LinkFault::Cut { after: 5 }, Some(1));
    let mut near = link
        .call("http://ignored/".parse().unwrap())
        .await
        .unwrap()
        .into_inner();
    let (mut far, _) = listener.accept().await.unwrap();

    near.write_all(b"hello").await.unwrap();
    let mut received = [0; 5];
    far.read_exact(&mut received).await.unwrap();
    assert_eq!(&received, b"hello");
    assert_eq!(
        near.write_all(b"!").await.unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert_eq!(
        far.read(&mut received).await.unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert_eq!(
        near.read(&mut received).await.unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
}

#[tokio::test]
async fn faults_strike_in_the_order_planned_and_then_no_more() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut link = Link::socket(
        listener.local_addr().unwrap(),
        Clock::flowing_from(Timestamp::UNIX_EPOCH),
        Duration::ZERO,
    );
    link.plan(LinkFault::Refuse, Some(2));
    let mut refused = Vec::new();
    for _ in 0..4 {
        refused.push(link.call("http://ignored/".parse().unwrap()).await.is_err());
    }
    assert_eq!(refused, [true, true, false, false]);
}

/// What travels a link with these faults, until one event has its outcome.
fn wire(faults: &[LinkFault], keep_wire: bool) -> Vec<Exchange> {
    virtually(async { settled(faults, keep_wire).await.link().exchanges() })
}

/// A pipeline whose link had these faults, when its one event has its outcome.
async fn settled(faults: &[LinkFault], keep_wire: bool) -> Pipeline {
    let config = Config {
        latency: LATENCY,
        keep_wire,
        ..Config::simulated(Timestamp::UNIX_EPOCH)
    };
    let mut pipeline = Pipeline::start(config).await.unwrap();
    for fault in faults {
        pipeline.link().plan(*fault, Some(1));
    }
    pipeline
        .accept(&json!({ "type": "track", "userId": "user-1", "event": "sign up" }))
        .await;
    pipeline.settle().await;
    pipeline
}

#[test]
fn what_travels_the_link_is_kept_byte_for_byte_where_somebody_asks() {
    let [exchange] = wire(&[], true).try_into().unwrap();
    let (request, answer) = (text(&exchange.request), text(&exchange.answer));
    assert!(request.starts_with("POST /track HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\n\r\n{"), "head and body: {request}");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("{\"success\":true}"), "{answer}");
    assert_eq!(exchange.opened, Timestamp::UNIX_EPOCH);
    assert_eq!(exchange.answered, Some(Timestamp::UNIX_EPOCH + LATENCY));
    assert_eq!(exchange.broken, None);
    assert_eq!(wire(&[], false), [], "and costs nothing where nobody does");
}

#[test]
fn what_breaks_is_kept_as_far_as_it_came() {
    let faults = [LinkFault::Refuse, LinkFault::Cut { after: 100 }];
    let [refused, cut, whole] = wire(&faults, true).try_into().unwrap();
    assert_eq!(
        (refused.request.len(), refused.broken),
        (0, Some(ErrorKind::ConnectionRefused))
    );
    assert_eq!((cut.request.len(), cut.broken), (100, Some(ErrorKind::ConnectionReset)));
    assert_eq!(cut.request, whole.request[..100]);
    assert_eq!((cut.answered, whole.broken), (None, None));
}

/// A pipeline without latency that has delivered an event, and whose connection may carry the next one.
async fn warm() -> Pipeline {
    let config = Config {
        keep_wire: true,
        ..Config::simulated(Timestamp::UNIX_EPOCH)
    };
    let mut pipeline = Pipeline::start(config).await.unwrap();
    deliver(&mut pipeline).await;
    pipeline
}

/// Delivers an event, and returns what its attempts were answered.
async fn deliver(pipeline: &mut Pipeline) -> Vec<Result<u16, Reason>> {
    let event = json!({ "type": "track", "userId": "user-1", "event": "sign up" });
    let ordinal = pipeline.accept(&event).await;
    pipeline.settle().await;
    match &pipeline.handled()[ordinal].fate {
        Fate::Done(outcome) => outcome.attempts.iter().map(|attempt| attempt.answer.clone()).collect(),
        other => panic!("no outcome: {other:?}"),
    }
}

#[test]
fn a_fault_meets_the_very_next_exchange_whatever_connection_there_was_before() {
    virtually(async {
        let mut pipeline = warm().await;
        let faults = [
            (LinkFault::Refuse, Reason::Refused),
            (LinkFault::Cut { after: 100 }, Reason::Reset),
        ];
        for (fault, reason) in faults {
            pipeline.link().plan(fault, Some(1));
            assert_eq!(deliver(&mut pipeline).await, [Err(reason), Ok(200)]);
        }
        pipeline
            .mock()
            .add_fault(Fault::new(FaultAction::Refuse).times(2))
            .unwrap();
        let reset = Err(Reason::Reset);
        assert_eq!(deliver(&mut pipeline).await, [reset.clone(), reset, Ok(200)]);
        assert_eq!(deliver(&mut pipeline).await, [Ok(200)]);
    });
}

#[test]
fn exchanges_are_kept_one_by_one_whatever_connections_they_share() {
    virtually(async {
        let mut pipeline = warm().await;
        pipeline.clock().sleep(Duration::from_secs(1)).await;
        deliver(&mut pipeline).await;
        let [first, second] = pipeline.link().exchanges().try_into().unwrap();
        // All but the time and the id of the message, which are as long.
        assert_eq!(first.request.len(), second.request.len());
        assert!(text(&second.request).starts_with("POST /track HTTP/1.1\r\n"));
        assert!(text(&second.answer).starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(text(&second.answer).ends_with("{\"success\":true}"));
        let later = Timestamp::UNIX_EPOCH + Duration::from_secs(1);
        assert_eq!(
            (second.opened, second.answered, second.broken),
            (later, Some(later), None)
        );
    });
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
