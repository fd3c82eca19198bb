//! Peers that take their time, and peers that never stop.

use std::io;
use std::time::Duration;

use attribution_destination::deliver::Reason;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::peer::{LONG, Peer, SHORT, all, ended, read_request};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n";

/// Writes a text byte by byte, and another one again and again after it.
async fn drip(stream: &mut TcpStream, text: &str, then: &str, pause: Duration) -> io::Result<()> {
    for byte in text.bytes().chain(then.bytes().cycle()) {
        stream.write_all(&[byte]).await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

async fn dripping(at_once: &'static str, text: &'static str, then: &'static str, pause: Duration) -> Peer {
    Peer::start(move |_, mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(at_once.as_bytes()).await?;
        drip(&mut stream, text, then, pause).await
    })
    .await
}

#[tokio::test]
async fn an_answer_byte_by_byte_is_an_answer() {
    let peer = dripping(
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "",
        Duration::from_millis(1),
    )
    .await;
    assert_eq!(ended(&peer.meet(LONG).await), Ok(200));
}

#[tokio::test]
async fn every_byte_counts_against_the_one_timeout() {
    let pause = Duration::from_millis(10);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let until_closed = "HTTP/1.1 200 OK\r\n\r\n";
    let cases = [
        ("", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""),
        ("HTTP/1.1 200 OK\r\n", "", "Name: value\r\n"),
        ("HTTP/1.1 200 OK\r\nName: ", "", "x"),
        ("", "", "HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD, "0123456789012345678901234567890123456789", ""),
        (until_closed, "", "x"),
        (chunked, "", "1\r\nx\r\n"),
        (chunked, "1;", "x"),
        (chunked, "0\r\n", "Trailer: x\r\n"),
        ("\r\n", "", "\r\n"),
    ];
    let mut met = JoinSet::new();
    for (at_once, text, then) in cases {
        met.spawn(async move {
            let peer = dripping(at_once, text, then, pause).await;
            let outcome = peer.meet(SHORT).await;
            assert_eq!(
                ended(&outcome),
                Err(Reason::Timeout(SHORT)),
                "{at_once:?} {text:?} {then:?}"
            );
            peer.all_closed().await;
        });
    }
    all(met).await;
}
