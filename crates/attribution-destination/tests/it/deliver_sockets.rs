//! What goes wrong below HTTP, by sockets that misbehave. In real time.

use std::net::SocketAddr;
use std::time::Duration;

use attribution_destination::deliver::{Delivery, Outcome, Proxies, Reason, RetryPolicy, Sender};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::deliver_link::{settings, track};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

fn sender(address: SocketAddr) -> Sender {
    let retry = RetryPolicy {
        initial: Duration::from_millis(1),
        max: Duration::from_millis(2),
        timeout: Duration::from_secs(60),
        ..RetryPolicy::default()
    };
    Sender::builder(settings())
        .proxies(Proxies::none())
        .endpoint(format!("http://{address}").parse().unwrap())
        .retry(retry)
        .build()
        .unwrap()
}

/// Reads one small request; the server's side of everything below.
async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"\"event\":\"Tried\"}") {
        assert_ne!(
            stream.read_buf(&mut request).await.unwrap(),
            0,
            "{}",
            String::from_utf8_lossy(&request)
        );
    }
}

/// What the sender makes of a server that answers the first connection's request with these bytes, then closes (or
/// resets) it, and answers the next connection properly.
async fn after(answer: &'static [u8], reset: bool) -> Outcome {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(answer).await.unwrap();
        if reset {
            stream.set_zero_linger().unwrap();
        }
        drop(stream);
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
    });
    sender(address).send(track("u", 1)).await
}

#[tokio::test]
async fn each_way_to_lose_an_answer_is_told_apart_and_tried_again() {
    let cases: [(&[u8], bool, Reason); 8] = [
        (b"", false, Reason::Closed),
        (b"", true, Reason::Reset),
        (b"HTTP/1.1 200 OK\r\nContent-Le", false, Reason::Closed),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
            false,
            Reason::BrokenOff,
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
            false,
            Reason::BrokenOff,
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size",
            false,
            Reason::BrokenOff,
        ),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", false, Reason::NotHttp),
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            false,
            Reason::NotHttp,
        ),
    ];
    for (answer, reset, reason) in cases {
        let outcome = after(answer, reset).await;
        let answers: Vec<_> = outcome.attempts.iter().map(|attempt| attempt.answer.clone()).collect();
        assert_eq!(answers, [Err(reason), Ok(200)], "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn an_answer_that_ends_with_its_connection_is_whole() {
    let outcome = after(b"HTTP/1.0 200 OK\r\n\r\n{}", false).await;
    assert_eq!(
        (outcome.attempts.len(), outcome.result),
        (1, Delivery::Delivered { status: 200 })
    );
}

#[tokio::test]
async fn an_interim_answer_is_not_the_answer() {
    let outcome = after(
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        false,
    )
    .await;
    assert_eq!(
        (outcome.attempts.len(), outcome.result),
        (1, Delivery::Delivered { status: 204 })
    );
}

#[tokio::test]
async fn an_endpoint_where_nothing_listens_refuses() {
    // Bound, so that nobody else gets the port, but not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    let retry = RetryPolicy {
        window: Duration::ZERO,
        ..RetryPolicy::default()
    };
    let endpoint = format!("http://{address}").parse().unwrap();
    let sender = Sender::builder(settings())
        .proxies(Proxies::none())
        .endpoint(endpoint)
        .retry(retry)
        .build()
        .unwrap();
    let outcome = sender.send(track("u", 1)).await;
    assert_eq!(outcome.result, Delivery::Expired { last: Reason::Refused });
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_costs_no_event() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            stream.write_all(OK).await.unwrap();
        }
    });
    let sender = sender(address);
    for number in 0..50 {
        let outcome = sender.send(track("u", number)).await;
        assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
    }
}
