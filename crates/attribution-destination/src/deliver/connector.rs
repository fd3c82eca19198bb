use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::client::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use super::proxy::{Dialer, Proxy};

/// How long it may take to reach the endpoint.
const TCP_WITHIN: Duration = Duration::from_secs(5);
/// How long it may take until the connection can be used. The client goes on connecting when the exchange that wanted
/// the connection got another one, so the exchange's own timeout is not enough: a peer that never says a word of TLS
/// would keep the socket for good.
const CONNECTED_WITHIN: Duration = Duration::from_secs(10);

type BoxError = Box<dyn Error + Send + Sync>;

/// Connections over TCP, through a proxy where there is one for the endpoint, and over TLS on top of it where the
/// endpoint is `https`. What [`Sender::builder`](super::Sender::builder) begins with, and makes when it builds.
#[derive(Clone, Debug)]
pub struct HttpsConnector {
    dialer: hyper_rustls::HttpsConnector<Dialer>,
    is_proxied: bool,
}

impl HttpsConnector {
    pub(super) fn new(tls: Arc<ClientConfig>, proxy: Option<Proxy>) -> Self {
        let is_proxied = proxy.is_some();
        let dialer = Dialer::new(TcpConnector::new(), proxy, Arc::clone(&tls));
        Self {
            dialer: hyper_rustls::HttpsConnector::from((dialer, tls)),
            is_proxied,
        }
    }
}

impl Service<Uri> for HttpsConnector {
    type Response = HttpsStream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.dialer.poll_ready(cx)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let is_forwarded = self.is_proxied && destination.scheme() == Some(&Scheme::HTTP);
        let connecting = tokio::time::timeout(CONNECTED_WITHIN, self.dialer.call(destination));
        Box::pin(async move {
            let too_late = |_| Err(io::Error::from(io::ErrorKind::TimedOut).into());
            let io = connecting.await.unwrap_or_else(too_late)?;
            Ok(HttpsStream { io, is_forwarded })
        })
    }
}

/// A connection of an [`HttpsConnector`]: TCP, or TLS over it, each through a proxy or not.
#[derive(Debug)]
pub struct HttpsStream {
    /// The outer layer is the endpoint's TLS, the inner one that of an `https` proxy.
    io: MaybeHttpsStream<MaybeHttpsStream<TokioIo<TcpStream>>>,
    /// Whether it ends at a proxy, who has to be told with each request where it goes.
    is_forwarded: bool,
}

impl Connection for HttpsStream {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.is_forwarded)
    }
}

impl Read for HttpsStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl Write for HttpsStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

/// Connections over TCP.
#[derive(Clone, Debug)]
pub(super) struct TcpConnector(HttpConnector<Resolver>);

impl TcpConnector {
    fn new() -> Self {
        let mut connector = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
        connector.set_nodelay(true);
        connector.enforce_http(false);
        // Shared out among the addresses of the name, so that one dead address doesn't use up every exchange's time.
        connector.set_connect_timeout(Some(TCP_WITHIN));
        Self(connector)
    }
}

impl Service<Uri> for TcpConnector {
    type Response = TokioIo<TcpStream>;
    type Error = <HttpConnector<Resolver> as Service<Uri>>::Error;
    type Future = <HttpConnector<Resolver> as Service<Uri>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        self.0.call(destination)
    }
}

/// The system's resolver, whose failures can be told from those of a connection.
#[derive(Clone, Debug)]
pub(super) struct Resolver(GaiResolver);

impl Service<Name> for Resolver {
    type Response = GaiAddrs;
    type Error = Unresolved;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, Unresolved>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Unresolved>> {
        self.0.poll_ready(cx).map_err(|_| Unresolved)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let addresses = self.0.call(name);
        Box::pin(async move { addresses.await.map_err(|_| Unresolved) })
    }
}

/// The system knows no address of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unresolved;

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
    }
}

impl Error for Unresolved {}
