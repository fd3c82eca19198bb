use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

/// Connections over TCP without TLS, for `http` endpoints. What [`Sender::builder`](super::Sender::builder) begins with.
///
/// It can't be made elsewhere, so that the builder knows where it is used and refuses to give it an `https` endpoint.
#[derive(Clone, Debug)]
pub struct TcpConnector(HttpConnector<Resolver>);

impl TcpConnector {
    pub(super) fn new() -> Self {
        let mut connector = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
        connector.set_nodelay(true);
        // Shared out among the addresses of the name, so that one dead address doesn't use up every exchange's time.
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
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
pub struct Resolver(GaiResolver);

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
pub struct Unresolved;

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
    }
}

impl Error for Unresolved {}
