use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::rt::TokioIo;
use rustls::client::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::proxy::{Dialer, Proxy};

/// How long it may take to reach the endpoint.
const TCP_WITHIN: Duration = Duration::from_secs(5);

type BoxError = Box<dyn Error + Send + Sync>;

/// Connections over TCP, through a proxy where there is one for the endpoint, and over TLS on top of it where the
/// endpoint is `https`; see [`Sockets::connector`](crate::Sockets::connector).
#[derive(Clone, Debug)]
pub struct HttpsConnector {
    over_tls: hyper_rustls::HttpsConnector<Dialer>,
    is_proxied: bool,
}

impl HttpsConnector {
    pub(crate) fn new(tls: Arc<ClientConfig>, proxy: Option<Proxy>) -> Self {
        let is_proxied = proxy.is_some();
        let dialer = Dialer::new(TcpConnector::new(), proxy, Arc::clone(&tls));
        Self {
            over_tls: hyper_rustls::HttpsConnector::from((dialer, tls)),
            is_proxied,
        }
    }

    /// Whether a proxy stands between.
    pub fn is_proxied(&self) -> bool {
        self.is_proxied
    }
}

impl Service<Uri> for HttpsConnector {
    /// The outer layer is the endpoint's TLS, the inner one that of an `https` proxy; each may be missing.
    type Response = MaybeHttpsStream<MaybeHttpsStream<TokioIo<TcpStream>>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.over_tls.poll_ready(cx)
    }

    fn call(&mut self, endpoint: Uri) -> Self::Future {
        self.over_tls.call(endpoint)
    }
}

/// Connections over TCP.
#[derive(Clone, Debug)]
pub(crate) struct TcpConnector(HttpConnector<Resolver>);

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
pub(crate) struct Resolver(GaiResolver);

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
pub(crate) struct Unresolved;

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
    }
}

impl Error for Unresolved {}
