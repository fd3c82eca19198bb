//! The other end of the wire, written by hand so that nothing between a test and the bytes is helpful.

use std::collections::BTreeMap;

use attribution_ledger::{Dialect, Route};
use attribution_mock::{Mock, MockConfig};
use clock::Clock;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};

/// `demo-project:` in base64.
pub(crate) const AUTHORIZATION: &str = "Authorization: Basic ZGVtby1wcm9qZWN0Og==";

/// A conversion that breaks no rule.
pub(crate) const CONVERSION: &str =
    r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","event":"Order Completed"}"#;

/// A body that no public sender can emit.
pub(crate) const DENIED: &str = "[]";

/// One answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) raw: String,
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    /// The first answer in these bytes and what follows it; none where they hold no whole one.
    fn split(bytes: &[u8]) -> Option<(Self, usize)> {
        // What was read so far may end inside a character.
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, rest) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let length: usize = headers
            .get("content-length")
            .map_or(0, |length| length.parse().expect("a length"));
        let body = rest.get(..length)?.to_owned();
        let used = head.len() + 4 + length;
        Some((
            Self {
                raw: text[..used].to_owned(),
                status,
                headers,
                body,
            },
            used,
        ))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.raw))
    }

    /// `error.code` of the body.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// A stream to a server.
#[derive(Debug)]
pub(crate) struct Peer<S> {
    stream: S,
    unread: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    pub(crate) async fn send(&mut self, request: &str) {
        self.stream
            .write_all(request.as_bytes())
            .await
            .expect("the server reads");
    }

    /// Sends as much of this as the server takes.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next answer; none when the server closed the connection instead. Bytes of half an answer fail the test.
    pub(crate) async fn receive(&mut self) -> Option<Answer> {
        loop {
            if let Some((answer, used)) = Answer::split(&self.unread) {
                self.unread.drain(..used);
                return Some(answer);
            }
            if self.read_more().await {
                continue;
            }
            assert_eq!(
                String::from_utf8_lossy(&self.unread),
                "",
                "the connection ended inside an answer"
            );
            return None;
        }
    }

    /// What comes up to this text and with it; none when the connection ends before.
    pub(crate) async fn until(&mut self, end: &str) -> Option<String> {
        loop {
            let found = self
                .unread
                .windows(end.len())
                .position(|window| window == end.as_bytes());
            if let Some(at) = found {
                return Some(self.exactly(at + end.len()).await);
            }
            self.read_more().await.then_some(())?;
        }
    }

    /// So many bytes, which are text.
    pub(crate) async fn exactly(&mut self, bytes: usize) -> String {
        while self.unread.len() < bytes {
            assert!(self.read_more().await, "the connection ended inside {bytes} bytes");
        }
        let text = self.unread.drain(..bytes).collect();
        String::from_utf8(text).expect("text")
    }

    /// Whether anything came.
    async fn read_more(&mut self) -> bool {
        self.stream.read_buf(&mut self.unread).await.is_ok_and(|read| read > 0)
    }

    pub(crate) async fn ask(&mut self, request: &str) -> Option<Answer> {
        self.send(request).await;
        self.receive().await
    }

    pub(crate) async fn answer(&mut self, request: &str) -> Answer {
        self.ask(request).await.expect("the server answers")
    }
}

/// A mock whose clock stands at ten o'clock, on a paused runtime.
pub(crate) fn mock() -> Mock {
    Mock::new(config())
}

pub(crate) fn config() -> MockConfig {
    MockConfig::new(Clock::starting_at("2024-01-15T10:00:00Z".parse().expect("a time")))
}

/// Runs this on a runtime of its own, whose time is virtual.
pub(crate) fn in_virtual_time<T>(run: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(run)
}

/// A new in-memory connection to this mock.
pub(crate) fn join(mock: &Mock) -> Peer<DuplexStream> {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let mock = mock.clone();
    tokio::spawn(async move { mock.connections().serve(far).await });
    Peer::new(near)
}

/// A request with these header lines and this body.
pub(crate) fn request(line: &str, headers: &[&str], body: &str) -> String {
    let headers: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// An authenticated event, as the classic destination sends it.
pub(crate) fn post(path: &str, body: &str) -> String {
    request(
        &format!("POST {path}"),
        &[AUTHORIZATION, "Content-Type: application/json"],
        body,
    )
}

/// The same in any dialect: to the paths of older builds of attribution.js it goes as these send it.
pub(crate) fn post_in_its_dialect(route: Route, body: &str) -> String {
    match route.dialect() {
        Dialect::Browser => post_text(&format!("{route}?project_id=demo-project"), body),
        Dialect::Classic | Dialect::Actions | Dialect::Import => post(route.path(), body),
    }
}

/// An event as a page sends it: text, and no credentials but those in the body.
pub(crate) fn post_text(path: &str, body: &str) -> String {
    request(&format!("POST {path}"), &["Content-Type: text/plain"], body)
}

/// A request without a body or credentials.
pub(crate) fn get(path: &str) -> String {
    request(&format!("GET {path}"), &[], "")
}
