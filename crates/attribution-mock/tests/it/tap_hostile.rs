//! Upstreams that misbehave: their sender hears of it, and the event is journaled all the same.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

use std::io::Read as _;
use std::time::Duration;

use attribution_mock::{ProjectId, Recorder, Recording, RequestTemplate, Tap, Upstream, WireAnswer};
use clock::Clock;
use flate2::Compression;
use flate2::bufread::GzEncoder;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::peer::{CONVERSION, post};
use crate::tap::{Passing, to};

/// An upstream that says these bytes to each request, and then closes the connection or is silent.
async fn saying(bytes: Vec<u8>, closes: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            tokio::spawn(say(socket, bytes.clone(), closes));
        }
    });
    format!("http://{address}")
}

/// Whoever gives up on it need not listen, so no failure counts. What is left of the request is read at the end, as closing a
/// socket with unread bytes would take the answer with it.
async fn say(mut socket: TcpStream, bytes: Vec<u8>, closes: bool) {
    let _ = socket.read(&mut [0; 4096]).await;
    let _ = socket.write_all(&bytes).await;
    if closes {
        let _ = socket.shutdown().await;
    }
    let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
}

fn conversion() -> RequestTemplate {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    RequestTemplate {
        method: http::Method::POST,
        path: "/track".to_owned(),
        headers: [
            header("authorization", "Basic {{credentials}}"),
            header("content-type", "application/json"),
        ]
        .into(),
        encoding: None,
        body: CONVERSION.into(),
    }
}

/// What the double says to a conversion in front of an upstream that says these bytes.
async fn passed(bytes: &[u8]) -> WireAnswer {
    let passing = Passing::start(to(&saying(bytes.to_vec(), true).await)).await;
    let answer = passing
        .server
        .mock()
        .ask(conversion().fill(&ProjectId::from("demo-project")))
        .await;
    assert_eq!(
        passing.server.conversions().len(),
        1,
        "it is journaled whatever the upstream says"
    );
    answer
}

#[track_caller]
fn failed(answer: &WireAnswer, status: u16, code: &str) {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(
        (answer.status.as_u16(), &body["error"]["code"]),
        (status, &Value::from(code)),
        "{body}"
    );
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("the upstream http://127.0.0.1:"), "{message}");
    assert_eq!(body["success"], false);
}

#[tokio::test]
async fn a_redirect_is_passed_on_and_not_followed() {
    let elsewhere = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(), true).await;
    let redirect = format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n");
    let answer = passed(redirect.as_bytes()).await;
    assert_eq!(answer.status, 307);
    assert_eq!(answer.headers["location"], format!("{elsewhere}/"));
}

#[tokio::test]
async fn chunks_are_joined_and_compressed_bodies_left_as_they_are() {
    let answer = passed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n").await;
    assert_eq!(
        (&answer.body[..], answer.headers.get("transfer-encoding")),
        (&b"abc"[..], None)
    );

    let mut zipped = Vec::new();
    let encoded = GzEncoder::new(&b"demo-project"[..], Compression::fast()).read_to_end(&mut zipped);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        encoded.unwrap()
    );
    let said = [head.as_bytes(), &zipped].concat();
    let answer = passed(&said).await;
    assert_eq!(
        (&answer.body[..], answer.headers["content-encoding"].as_bytes()),
        (&zipped[..], &b"gzip"[..])
    );

    let folder = tempfile::tempdir().unwrap();
    let tap = to(&saying(said, true).await).recording_to(Recorder::into_folder(folder.path()).unwrap());
    let passing = Passing::start(tap).await;
    passing
        .server
        .mock()
        .ask(conversion().fill(&ProjectId::from("demo-project")))
        .await;
    let file = std::fs::read_dir(folder.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let kept = Recording::decode(&std::fs::read_to_string(file).unwrap())
        .unwrap()
        .response;
    assert_eq!(
        (kept.encoding.as_deref(), kept.body.as_deref()),
        (Some("gzip"), Some(&b"{{project_id}}"[..])),
        "what is kept is decompressed, so that it can be redacted"
    );
}

#[tokio::test]
async fn an_upstream_that_breaks_off_is_a_bad_gateway() {
    for said in [
        &b""[..],
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    ] {
        failed(&passed(said).await, 502, "upstream_broken");
    }
    let endless = [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &b"a".repeat(1024 * 1024 + 1)].concat();
    failed(&passed(&endless).await, 502, "upstream_answer_too_long");
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_told_once() {
    // A port that is taken and where nobody listens.
    let deaf = TcpSocket::new_v4().unwrap();
    deaf.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let passing = Passing::start(to(&format!("http://{}", deaf.local_addr().unwrap()))).await;
    for requests in 1..=2 {
        let answer = passing.ask(&post("/track", CONVERSION)).await;
        assert_eq!((answer.status, answer.code().as_str()), (502, "upstream_unreachable"));
        assert_eq!(passing.server.mock().entries().len(), requests);
    }
    let told = passing.told();
    assert!(
        told.len() == 1 && told[0].starts_with("the upstream gives no answer: it can't be reached: "),
        "{told:?}"
    );
}

#[tokio::test]
async fn an_upstream_that_hangs_is_a_gateway_timeout() {
    for said in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"] {
        let hanging = saying(said.to_vec(), false).await;
        let upstream = Upstream::new(&hanging, Duration::from_millis(100), &Clock::system()).unwrap();
        let passing = Passing::start(Tap::default().forwarding_to(upstream)).await;
        let answer = passing.ask(&post("/track", CONVERSION)).await;
        assert_eq!((answer.status, answer.code().as_str()), (504, "upstream_timeout"));
        assert!(answer.body.contains("within 100 ms"), "{}", answer.body);
        assert_eq!(passing.server.conversions().len(), 1);
    }
}

#[tokio::test]
async fn a_body_that_can_not_be_read_is_passed_on_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ok = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(), true).await;
    let tap = to(&ok).recording_to(Recorder::into_folder(folder.path()).unwrap());
    let passing = Passing::start(tap).await;
    let mut request = conversion().fill(&ProjectId::from("demo-project"));
    request
        .headers
        .insert("content-encoding", http::HeaderValue::from_static("zstd"));
    assert_eq!(passing.server.mock().ask(request).await.status, 200);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(
        passing.told(),
        [
            "the upstream answers 200 to /track where the double says 415",
            "a request is not recorded: its body can't be decompressed, so no secret can be taken out of it",
        ]
    );
}
