//! A source on a socket, and a client that writes bytes.

use std::net::SocketAddr;

use clock::Clock;
use segment_source::{AcceptedEvents, AdminApi, Source, SourceConfig};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Basic, with `wk-1:`.
pub(crate) const BASIC: &str = "Authorization: Basic d2stMTo=\r\n";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) source: Source,
    pub(crate) accepted: AcceptedEvents,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_ascii_lowercase();
        Self {
            status: head[9..12].parse().unwrap(),
            head,
            body: bytes[end + 4..].to_vec(),
        }
    }
}

pub(crate) fn config() -> SourceConfig {
    SourceConfig::new(Clock::system())
}

impl Server {
    pub(crate) async fn start(config: SourceConfig) -> Self {
        let (source, accepted) = Source::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = source.clone();
        let serving = tokio::spawn(async move {
            let shutdown = async { drop(stopped.await) };
            serving.serve(listener, AdminApi::default(), shutdown).await;
        });
        Self {
            address,
            source,
            accepted,
            stop,
            serving,
        }
    }

    /// Stops it; a panic in it is one here.
    pub(crate) async fn stop(self) -> AcceptedEvents {
        drop(self.stop);
        self.serving.await.unwrap();
        self.accepted
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        // The server may answer before it has read everything.
        let _ = socket.write_all(&[head.as_bytes(), body].concat()).await;
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer).await;
        Answer::of(&answer)
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        let headers = format!("{BASIC}Content-Type: application/json\r\n");
        self.send("POST", path, &headers, body.as_bytes()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", b"").await
    }

    /// The answer to a page of elsewhere that asks the admin API.
    pub(crate) async fn get_from_elsewhere(&self, path: &str) -> Answer {
        self.send("GET", path, "Origin: https://elsewhere.example\r\n", b"")
            .await
    }

    /// Writes bytes and nothing more, and reads until the server closes.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        // The server may close before it has read everything.
        let _ = socket.write_all(bytes).await;
        let _ = socket.shutdown().await;
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer).await;
        answer
    }

    /// The newest receipts, as the admin API lists them.
    pub(crate) async fn receipts(&self) -> Vec<Value> {
        let listed = self.get("/__admin/receipts").await.json();
        listed["receipts"].as_array().unwrap().clone()
    }

    /// The verdict of each receipt, with the codes of its rejections.
    pub(crate) async fn verdicts(&self) -> Vec<String> {
        let receipts = self.receipts().await;
        let verdict = |receipt: &Value| {
            let rejections = receipt["rejections"].as_array().into_iter().flatten();
            let codes = rejections.map(|rejection| {
                let text = |key: &str| rejection[key].as_str().unwrap();
                format!(" {} {}", text("code"), text("pointer"))
            });
            format!("{}{}", receipt["verdict"].as_str().unwrap(), codes.collect::<String>())
        };
        receipts.iter().map(verdict).collect()
    }
}

pub(crate) const SUCCESS: &[u8] = br#"{"success":true}"#;
