//! What a fault does to the bytes and to the connection.

use std::io::ErrorKind;
use std::time::Duration;

use attribution_ledger::EntryVerdict;
use attribution_mock::{Fault, FaultAction, Latency, Mock, MockServer, WrongLength};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::peer::{CONVERSION, join, mock, post};

const SECOND: Duration = Duration::from_secs(1);

/// All that comes back, and how the connection ends.
async fn rest(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> (String, Result<(), ErrorKind>) {
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes).await;
    let ended = ended.map(drop).map_err(|error| error.kind());
    (String::from_utf8_lossy(&bytes).into_owned(), ended)
}

/// The same over a socket, under a fault that strikes once.
async fn over_a_socket(action: FaultAction) -> (String, Result<(), ErrorKind>, Vec<(u16, EntryVerdict)>) {
    let server = MockServer::start().await.expect("a free port");
    let _fault = server
        .fault(Fault::new(action).times(1))
        .expect("a fault that makes sense");
    let stream = TcpStream::connect(server.address()).await.expect("the server listens");
    let (bytes, ended) = rest(stream, &post("/track", CONVERSION)).await;
    let entries = server.mock().entries();
    let entries = entries.iter().map(|entry| (entry.status, entry.verdict)).collect();
    (bytes, ended, entries)
}

/// The same in memory.
async fn in_memory(mock: &Mock, action: FaultAction) -> String {
    let _fault = mock
        .install(Fault::new(action).times(1))
        .expect("a fault that makes sense");
    let (near, far) = tokio::io::duplex(64 * 1024);
    let connections = mock.connections();
    tokio::spawn(async move { connections.serve(far).await });
    let (bytes, ended) = rest(near, &post("/track", CONVERSION)).await;
    assert_eq!(ended, Ok(()));
    bytes
}

#[tokio::test]
async fn a_reset_is_one_on_the_wire_and_a_close_is_an_orderly_end() {
    let reset = Err(ErrorKind::ConnectionReset);
    let nothing = vec![(0, EntryVerdict::Ignored)];
    let recorded = vec![(200, EntryVerdict::Recorded)];
    for (action, ended, entries) in [
        (FaultAction::ResetBefore, reset, &nothing),
        (FaultAction::ResetAfter, reset, &recorded),
        (FaultAction::CloseBefore, Ok(()), &nothing),
        (FaultAction::CloseAfter, Ok(()), &recorded),
    ] {
        let expected = (String::new(), ended, entries.clone());
        assert_eq!(over_a_socket(action.clone()).await, expected, "{action:?}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_reset_before_a_byte_is_read_and_the_next_is_served() {
    let server = MockServer::start().await.unwrap();
    let _fault = server.fault(Fault::new(FaultAction::Refuse).times(2)).unwrap();
    for _ in 0..2 {
        // The reset may be there before connecting is over.
        let read = async { TcpStream::connect(server.address()).await?.read(&mut [0]).await };
        assert_eq!(read.await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    let mut peer = crate::peer::Peer::new(TcpStream::connect(server.address()).await.unwrap());
    assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(
        (server.mock().entries().len(), server.mock().faults()[0].struck),
        (1, 2)
    );
}

#[tokio::test]
async fn what_spoils_an_answer_ends_the_connection_in_good_order() {
    for action in [
        FaultAction::Truncate,
        FaultAction::Garbage,
        FaultAction::ContentLength(WrongLength::More),
        FaultAction::ContentLength(WrongLength::Less),
        FaultAction::Bandwidth {
            bytes_per_second: 100_000,
        },
    ] {
        let (bytes, ended, entries) = over_a_socket(action.clone()).await;
        assert_eq!(entries, [(200, EntryVerdict::Recorded)], "{action:?}");
        assert!(ended.is_ok() && !bytes.is_empty(), "{action:?}: {ended:?} {bytes}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_truncated_answer_announces_all_of_its_body_and_sends_half() {
    let mock = mock();
    let bytes = in_memory(&mock, FaultAction::Truncate).await;
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("content-length: 16"),
        "{head}"
    );
    assert_eq!(body, r#"{"succes"#);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_length_is_seven_bytes_more_or_less_than_the_body() {
    for (wrong, announced) in [
        (WrongLength::More, "content-length: 23"),
        (WrongLength::Less, "content-length: 9"),
    ] {
        let bytes = in_memory(&mock(), FaultAction::ContentLength(wrong)).await;
        let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(announced), "{head}");
        assert_eq!(body, r#"{"success":true}"#);
    }
}

#[tokio::test(start_paused = true)]
async fn garbage_is_no_http() {
    let mock = mock();
    let bytes = in_memory(&mock, FaultAction::Garbage).await;
    assert!(!bytes.starts_with("HTTP/") && !bytes.is_empty(), "{bytes}");
    assert_eq!(mock.conversions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_content_type_changes_nothing_else() {
    let mock = mock();
    let html = FaultAction::ContentType("text/html".to_owned());
    let _html = mock.install(Fault::new(html)).unwrap();
    let mut peer = join(&mock);
    for _ in 0..2 {
        let answer = peer.answer(&post("/track", CONVERSION)).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html")));
        assert_eq!(answer.body, r#"{"success":true}"#);
    }
    assert_eq!(mock.conversions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_takes_as_long_as_its_bytes_and_its_request_is_there_at_once() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let slow = FaultAction::Bandwidth { bytes_per_second: 10 };
    let _slow = mock.install(Fault::new(slow)).unwrap();
    let mut peer = join(&mock);
    let exchange = clock.exchange();
    peer.send(&post("/track", CONVERSION)).await;
    clock.quiesce().await;
    assert_eq!((clock.elapsed(), mock.conversions().len()), (Duration::ZERO, 1));
    let answer = peer.receive().await.unwrap();
    drop(exchange);
    let bytes = u32::try_from(answer.raw.len()).unwrap();
    assert_eq!(clock.elapsed(), SECOND / 10 * bytes);
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(peer.receive().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn removing_a_slow_fault_sends_the_rest_at_once() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let slow = FaultAction::Bandwidth { bytes_per_second: 1 };
    let slow = mock.install(Fault::new(slow)).unwrap();
    let mut peer = join(&mock);
    peer.send(&post("/track", CONVERSION)).await;
    let early = tokio::time::timeout(5 * SECOND, peer.receive()).await;
    assert!(early.is_err());
    drop(slow);
    assert_eq!(peer.receive().await.unwrap().status, 200);
    assert_eq!(clock.elapsed(), 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_slow_exchange_is_parked_only_while_its_sender_listens() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let slow = FaultAction::Bandwidth { bytes_per_second: 1 };
    let _slow = mock.install(Fault::new(slow)).unwrap();
    let mut peer = join(&mock);
    let _exchange = clock.exchange();
    peer.send(&post("/track", CONVERSION)).await;
    clock.quiesce().await;
    drop(peer);
    clock.sleep(SECOND / 2).await;
    assert!(!clock.is_quiet(), "the sender hung up: nothing is slow any more");
}

#[tokio::test(start_paused = true)]
async fn a_latency_that_is_drawn_is_the_same_for_the_same_seed() {
    let (from, to) = (SECOND, 10 * SECOND);
    let latencies = |seed| async move {
        let mock = mock();
        let clock = mock.config().clock.clone();
        let _slow = mock
            .install(Fault::delay(Latency::Uniform { from, to }).seed(seed))
            .unwrap();
        let mut peer = join(&mock);
        let mut took = Vec::new();
        for _ in 0..5 {
            let before = clock.elapsed();
            peer.answer(&post("/track", CONVERSION)).await;
            took.push(clock.elapsed().abs_diff(before));
        }
        took
    };
    let first = latencies(1).await;
    assert!(
        first.iter().all(|took| (from..=to + SECOND / 100).contains(took)),
        "{first:?}"
    );
    assert_eq!(first, latencies(1).await);
    assert_ne!(first, latencies(2).await);
}
