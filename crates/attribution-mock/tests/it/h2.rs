//! HTTP/2 where HTTP/1.1 is spoken too.

use std::time::Duration;

use attribution_mock::{Fault, FaultAction, Limits, Mock, MockConfig, MockServer};
use axum::body::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};

use crate::frames::{self, GOAWAY, HEADERS, PREFACE, RST_STREAM, RawPeer};
use crate::peer::{CONVERSION, Peer, config, mock, post};

const SECOND: Duration = Duration::from_secs(1);

type Sender = SendRequest<Full<Bytes>>;

/// A connection of a real client.
pub(crate) async fn over<S>(stream: S) -> Sender
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    connect(stream).await.0
}

/// The same, and what ends when the connection does.
async fn connect<S>(stream: S) -> (Sender, JoinHandle<hyper::Result<()>>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = handshake.await.expect("the server speaks HTTP/2");
    (sender, tokio::spawn(connection))
}

async fn join(mock: &Mock) -> Sender {
    over(stream(mock)).await
}

fn stream(mock: &Mock) -> tokio::io::DuplexStream {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let connections = mock.connections();
    tokio::spawn(async move { connections.serve(far).await });
    near
}

pub(crate) fn event(path: &str) -> Request<Full<Bytes>> {
    Request::post(format!("http://localhost{path}"))
        .header("authorization", "Basic ZGVtby1wcm9qZWN0Og==")
        .header("content-type", "application/json")
        .body(Full::from(CONVERSION))
        .expect("a request")
}

fn ask(url: &str, origin: Option<&str>) -> Request<Full<Bytes>> {
    let mut request = Request::get(url);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.body(Full::default()).expect("a request")
}

async fn text(response: Response<hyper::body::Incoming>) -> String {
    let body = response.into_body().collect().await.expect("a whole body").to_bytes();
    String::from_utf8(body.to_vec()).expect("text")
}

#[tokio::test(start_paused = true)]
async fn an_event_is_recorded_and_answered_in_virtual_time() {
    let mock = mock();
    let mut sender = join(&mock).await;
    let answer = sender.send_request(event("/track")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["date"], "Mon, 15 Jan 2024 10:00:00 GMT");
    assert_eq!(text(answer).await, r#"{"success":true}"#);
    assert_eq!(mock.conversions().len(), 1);
    assert_eq!(mock.config().clock.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn both_versions_are_spoken_on_one_port() {
    let server = MockServer::start().await.unwrap();
    let connect = || TcpStream::connect(server.address());
    let mut old = Peer::new(connect().await.unwrap());
    let mut new = over(connect().await.unwrap()).await;
    assert_eq!(old.answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(new.send_request(event("/track")).await.unwrap().status(), 200);
    assert_eq!(server.shutdown().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_preface_may_come_byte_by_byte() {
    let mock = mock();
    let mut peer = RawPeer(stream(&mock));
    for byte in frames::hello() {
        peer.0.write_all(&[byte]).await.unwrap();
        tokio::time::sleep(SECOND / 10).await;
    }
    peer.send(&frames::post(1, "/track", CONVERSION)).await;
    assert_eq!(peer.next_of(&[HEADERS]).await.unwrap().stream, 1);
    assert_eq!(mock.conversions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_only_looks_like_a_preface_is_http_1() {
    let mut peer = Peer::new(stream(&mock()));
    peer.send("P").await;
    tokio::time::sleep(SECOND).await;
    assert_eq!(peer.answer(&post("/track", CONVERSION)[1..]).await.status, 200);
    let mut peer = Peer::new(stream(&mock()));
    assert_eq!(peer.answer("PRI / HTTP/1.1\r\n\r\n").await.status, 404);
}

#[tokio::test(start_paused = true)]
async fn of_many_requests_on_one_connection_none_is_lost() {
    let mock = mock();
    let sender = join(&mock).await;
    let mut asking = JoinSet::new();
    for _ in 0..500 {
        let mut sender = sender.clone();
        asking.spawn(async move { sender.send_request(event("/track")).await.unwrap().status() });
    }
    while let Some(status) = asking.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
    assert!(mock.entries().iter().map(|entry| entry.seq).eq(1..=500));
}

#[tokio::test(start_paused = true)]
async fn a_delay_holds_up_its_own_request_only() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let _slow = mock.install(Fault::delay(10 * SECOND).on("/track")).unwrap();
    let mut sender = join(&mock).await;
    let slow = sender.send_request(event("/track"));
    let quick = sender.clone().send_request(event("/alias")).await.unwrap();
    assert_eq!((quick.status(), clock.elapsed()), (StatusCode::OK, Duration::ZERO));
    let slow = slow.await.unwrap();
    assert_eq!((slow.status(), clock.elapsed()), (StatusCode::OK, 10 * SECOND));
    assert_eq!(slow.headers()["date"], "Mon, 15 Jan 2024 10:00:10 GMT");
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_comes_late_and_in_one_piece() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let bandwidth = FaultAction::Bandwidth { bytes_per_second: 2 };
    let _slow = mock.install(Fault::new(bandwidth).on("/track")).unwrap();
    let mut sender = join(&mock).await;
    let slow = sender.send_request(event("/track"));
    let quick = sender.clone().send_request(event("/alias")).await.unwrap();
    assert_eq!((quick.status(), clock.elapsed()), (StatusCode::OK, Duration::ZERO));
    let slow = slow.await.unwrap();
    assert_eq!((slow.status(), clock.elapsed()), (StatusCode::OK, 8 * SECOND));
    assert_eq!(text(slow).await, r#"{"success":true}"#);
}

#[tokio::test(start_paused = true)]
async fn a_closing_fault_resets_its_own_request_only() {
    const INTERNAL_ERROR: u32 = 2;
    let mock = mock();
    mock.install(Fault::new(FaultAction::CloseBefore).times(1))
        .unwrap()
        .keep();
    mock.install(Fault::new(FaultAction::CloseAfter).times(1))
        .unwrap()
        .keep();
    let mut peer = RawPeer(stream(&mock));
    peer.send(&frames::hello()).await;
    for stream in [1, 3] {
        peer.send(&frames::post(stream, "/track", CONVERSION)).await;
        let reset = peer.next_of(&[HEADERS, RST_STREAM]).await.unwrap();
        assert_eq!(
            (reset.kind, reset.stream, reset.error_code()),
            (RST_STREAM, stream, INTERNAL_ERROR)
        );
    }
    peer.send(&frames::post(5, "/track", CONVERSION)).await;
    assert_eq!(
        peer.next_of(&[HEADERS, RST_STREAM, GOAWAY]).await.unwrap().kind,
        HEADERS
    );
    assert_eq!(
        mock.entries().iter().map(|entry| entry.status).collect::<Vec<_>>(),
        [0, 200, 200]
    );
    assert_eq!(mock.conversions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_exchange_ends_when_its_request_is_taken_back() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let _hang = mock.install(Fault::new(FaultAction::Hang)).unwrap();
    let _exchange = clock.exchange();
    let mut peer = RawPeer(stream(&mock));
    peer.send(&frames::hello()).await;
    peer.send(&frames::post(1, "/track", CONVERSION)).await;
    clock.quiesce().await;
    assert!(clock.is_quiet(), "it hangs");
    peer.send(&frames::reset(1)).await;
    clock.sleep(SECOND).await;
    assert!(!clock.is_quiet(), "nothing is held any more");
    assert_eq!(mock.conversions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_gone_as_soon_as_its_sender_is() {
    let mock = mock();
    let _hang = mock.install(Fault::new(FaultAction::Hang)).unwrap();
    let half = frames::frame(HEADERS, frames::END_HEADERS, 1, &frames::post_head("/track"));
    for said in [
        PREFACE[..5].to_vec(),
        frames::hello(),
        [frames::hello(), half].concat(),
        [frames::hello(), frames::post(1, "/track", CONVERSION)].concat(),
    ] {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let connections = mock.connections();
        let serving = tokio::spawn(async move { connections.serve(far).await });
        let mut peer = RawPeer(near);
        peer.send(&said).await;
        tokio::task::yield_now().await;
        drop(peer);
        serving.await.unwrap();
        assert_eq!(
            mock.config().clock.elapsed(),
            Duration::ZERO,
            "no timer had to fire after {said:?}"
        );
    }
}

#[tokio::test]
async fn shutdown_lets_what_hangs_finish_and_says_good_bye() {
    let server = MockServer::start().await.unwrap();
    server.fault(Fault::new(FaultAction::Hang)).unwrap().keep();
    let mut sender = over(TcpStream::connect(server.address()).await.unwrap()).await;
    let answer = tokio::spawn(sender.send_request(event("/track")));
    while server.mock().entries().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(server.shutdown().await.len(), 1);
    assert_eq!(answer.await.unwrap().unwrap().status(), 200);
    assert!(sender.send_request(event("/track")).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_told_so_and_closed() {
    let limits = Limits {
        idle_time: 5 * SECOND,
        ..Limits::default()
    };
    let mock = Mock::new(MockConfig { limits, ..config() });
    let clock = mock.config().clock.clone();
    let (mut sender, connection) = connect(stream(&mock)).await;
    sender.send_request(event("/track")).await.unwrap();
    clock.sleep(4 * SECOND).await;
    sender.send_request(event("/track")).await.unwrap();
    connection.await.unwrap().unwrap();
    assert_eq!(clock.elapsed(), 9 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_connection_whose_requests_were_all_taken_back_is_idle() {
    let mock = mock();
    let _hang = mock.install(Fault::new(FaultAction::Hang)).unwrap();
    let MockConfig { limits, clock, .. } = mock.config();
    let mut peer = RawPeer(stream(&mock));
    peer.send(&frames::hello()).await;
    peer.send(&frames::post(1, "/track", CONVERSION)).await;
    clock.sleep(3600 * SECOND).await;
    peer.send(&frames::reset(1)).await;
    assert!(peer.next_of(&[GOAWAY]).await.is_some());
    assert_eq!(clock.elapsed(), 3600 * SECOND + limits.idle_time);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_say_good_bye_is_not_waited_for() {
    let mock = mock();
    let mut peer = RawPeer(stream(&mock));
    peer.send(&frames::hello()).await;
    peer.send(&frames::post(1, "/track", CONVERSION)).await;
    assert!(peer.next_of(&[GOAWAY]).await.is_some());
    assert!(peer.next_of(&[HEADERS]).await.is_none());
    let MockConfig {
        limits, grace, clock, ..
    } = mock.config();
    assert_eq!(clock.elapsed(), limits.idle_time + *grace);
}

#[tokio::test(start_paused = true)]
async fn the_admin_api_looks_at_the_authority() {
    let mock = Mock::new(MockConfig {
        admin_hosts: vec!["attribution".to_owned()],
        ..config()
    });
    let mut sender = join(&mock).await;
    for (url, origin, status) in [
        ("http://127.0.0.1:7070", None, 200),
        ("http://[::1]", None, 200),
        ("http://localhost", Some("http://localhost:7070"), 200),
        ("http://attribution:7070", Some("http://attribution:7070"), 200),
        ("http://rebound.example", None, 403),
        ("http://localhost", Some("https://evil.example"), 403),
        ("http://localhost", Some("null"), 403),
    ] {
        let asked = ask(&format!("{url}/__admin/health"), origin);
        assert_eq!(
            sender.send_request(asked).await.unwrap().status(),
            status,
            "{url} {origin:?}"
        );
    }
    let mut disguised = ask("http://rebound.example/__admin/health", None);
    disguised.headers_mut().insert("host", "localhost".parse().unwrap());
    assert_eq!(sender.send_request(disguised).await.unwrap().status(), 403);
    assert_eq!(sender.send_request(event("/track")).await.unwrap().status(), 200);
}
