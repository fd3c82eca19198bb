//! A proxy as small as one can be: it tunnels, it forwards, and it remembers what it was asked for.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attribution_destination::deliver::{
    Delivery, HttpsConnector, Outcome, Protection, Proxies, ProxyProblem, Reason, RetryPolicy, Sender, SenderBuilder,
};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::deliver_link::{settings, track};

pub(super) const CREDENTIALS: &str = "ada:opensesame";
/// What [`CREDENTIALS`] are on the wire.
pub(super) const AUTHORIZATION: &str = "Proxy-Authorization: Basic YWRhOm9wZW5zZXNhbWU=\r\n";

/// A running proxy.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(super) async fn start() -> Self {
        Self::start_by(None).await
    }

    /// One that is spoken to by TLS.
    pub(super) async fn start_by_tls(config: rustls::ServerConfig) -> Self {
        Self::start_by(Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn start_by(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
        };
        let running = proxy.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (proxy, tls) = (running.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => proxy.serve(stream).await,
                        // A client that doesn't trust it ends here.
                        Some(tls) => proxy.serve(tls.accept(stream).await?).await,
                    }
                });
            }
        });
        proxy
    }

    async fn serve(self, mut client: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        let mut read = Vec::new();
        while !read.windows(4).any(|window| window == b"\r\n\r\n") {
            assert_ne!(client.read_buf(&mut read).await?, 0);
        }
        let head = String::from_utf8_lossy(&read).into_owned();
        self.asked.lock().unwrap().push(head.clone());
        let target = head.split(' ').nth(1).unwrap();
        let mut endpoint = if let Some(url) = target.strip_prefix("http://") {
            let mut endpoint = TcpStream::connect(url.split('/').next().unwrap()).await?;
            endpoint.write_all(&read).await?;
            endpoint
        } else {
            assert!(head.starts_with("CONNECT "), "{head}");
            let endpoint = TcpStream::connect(target).await?;
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
            endpoint
        };
        copy_bidirectional(&mut client, &mut endpoint).await.map(drop)
    }

    /// What it was asked for: each connection's first request, a forwarded one with its body.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A proxy that answers with these bytes whatever it is asked, the first so many times, and then works.
pub(super) async fn failing(answer: &'static [u8], times: usize, then: Proxy) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for _ in 0..times {
            let (mut client, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                client.read_buf(&mut Vec::new()).await.unwrap();
                client.write_all(answer).await.unwrap();
                // Held open until the client closes it: it is the answer that has to be enough.
                while !answer.is_empty() && client.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
            });
        }
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(then.clone().serve(client));
        }
    });
    address
}

/// A sender through this proxy that tries once.
pub(super) fn through(proxy: &str, endpoint: &str) -> SenderBuilder<HttpsConnector> {
    Sender::builder(settings())
        .proxies(Proxies::through(proxy).unwrap())
        .endpoint(endpoint.parse().unwrap())
        .retry(RetryPolicy {
            window: Duration::ZERO,
            ..patient()
        })
        .protection(Protection::NONE)
}

/// A policy that retries at once, and whose timeout decides nothing.
pub(super) fn patient() -> RetryPolicy {
    RetryPolicy {
        initial: Duration::from_millis(1),
        max: Duration::from_millis(2),
        timeout: Duration::from_secs(60),
        ..RetryPolicy::default()
    }
}

pub(super) async fn sent(builder: SenderBuilder<HttpsConnector>) -> Outcome {
    builder.build().unwrap().send(track("u", 1)).await
}

pub(super) fn failed(problem: ProxyProblem) -> Delivery {
    Delivery::Expired {
        last: Reason::Proxy(problem),
    }
}
