//! Whoever sends something else than calls gets an answer or is cut off, and the next caller is served.

use std::io::Write as _;
use std::time::Duration;

use segment_source::{Limits, SourceConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::{BASIC, Server, config};

async fn is_well(server: Server) {
    assert_eq!(server.post("/v1/page", r#"{"userId":"still here"}"#).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn bombs_cost_what_the_limit_costs() {
    let server = Server::start(config()).await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&vec![b' '; 50 * 1024 * 1024]).unwrap();
    let bomb = gzip.finish().unwrap();
    let headers = format!("{BASIC}Content-Encoding: gzip\r\n");
    for path in ["/v1/track", "/v1/batch"] {
        assert_eq!(server.send("POST", path, &headers, &bomb).await.status, 400, "{path}");
    }
    for (encoding, body) in [
        ("gzip", &b"no gzip"[..]),
        ("br", b"\xff\xff"),
        ("zstd", b"{}"),
        ("gzip, gzip", b"{}"),
    ] {
        let headers = format!("{BASIC}Content-Encoding: {encoding}\r\n");
        assert_eq!(
            server.send("POST", "/v1/track", &headers, body).await.status,
            400,
            "{encoding}"
        );
    }
    is_well(server).await;
}

#[tokio::test]
async fn deep_and_wild_json_is_refused_or_taken_but_never_fatal() {
    let server = Server::start(config()).await;
    let deep = format!("{}{}", r#"{"a":"#.repeat(5_000), "}".repeat(5_000));
    assert_eq!(server.post("/v1/track", &deep[..20_000]).await.status, 400);
    for body in [
        r#"{"userId":"\ud800"}"#,
        r#"{"userId":"u","event":"x","timestamp":{"$serde_json::private::Number":"7"}}"#,
        r#"{"userId":"u","event":"x","timestamp":"+999999-01-01T00:00:00Z","sentAt":"-009999-01-01T00:00:00Z"}"#,
        r#"{"userId":"u","event":"x","timestamp":"-009999-01-01T00:00:00Z","sentAt":"9999-12-30T00:00:00Z"}"#,
        r#"{"userId":"u","event":"x","sentAt":[[[]]],"context":{"direct":true,"ip":[]}}"#,
        r#"{"userId":"u","event":"x","revenue":1e999999}"#,
        r#"{"batch":[[],{},null,1e400,"",[{}]],"context":[],"sentAt":7,"integrations":"all"}"#,
    ] {
        for path in ["/v1/track", "/v1/batch"] {
            let status = server.post(path, body).await.status;
            assert!(matches!(status, 200 | 400), "{status} {path} {body}");
        }
    }
    assert_eq!(server.send("POST", "/v1/track", BASIC, b"\xff\xfe{}").await.status, 400);
    is_well(server).await;
}

#[tokio::test]
async fn broken_http_is_cut_off() {
    let server = Server::start(config()).await;
    let long_line = [b"GET /".as_slice(), &vec![b'a'; 200_000], b" HTTP/1.1\r\n\r\n"].concat();
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"POST /v1/track HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/track HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"\0\0\0\0\r\n\r\n",
        &long_line,
    ] {
        let answer = server.raw(bytes).await;
        assert!(
            !answer.starts_with(b"HTTP/1.1 200"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
    assert_eq!(server.source.counts().accepted, 0);
    is_well(server).await;
}

#[tokio::test]
async fn whoever_dawdles_is_not_waited_for() {
    let limits = Limits {
        header_time: Duration::from_millis(20),
        body_time: Duration::from_millis(20),
        ..Limits::default()
    };
    let server = Server::start(SourceConfig { limits, ..config() }).await;
    for (beginning, expected) in [
        ("POST /v1/track HT", ""),
        (
            "POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
            "HTTP/1.1 408",
        ),
    ] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        socket.write_all(beginning.as_bytes()).await.unwrap();
        // It ends, which is what is tested: nothing here would end it.
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer).await;
        assert!(String::from_utf8_lossy(&answer).starts_with(expected));
    }
    server.stop().await;
}

#[tokio::test]
async fn strangers_at_the_admin_api_are_turned_away() {
    let server = Server::start(config()).await;
    let request = "GET /__admin/receipts HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert!(server.raw(request.as_bytes()).await.starts_with(b"HTTP/1.1 403"));
    is_well(server).await;
}
