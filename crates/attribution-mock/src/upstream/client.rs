use std::fmt;
use std::future::poll_fn;
use std::time::Duration;

use axum::body::Bytes;
use clock::Clock;
use http::header::{EXPECT, HOST, PROXY_AUTHORIZATION};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use outbound::{Forwarding, HttpsConnector, ProxyProblem, Reason, Sockets};
use tower_service::Service as _;

use super::error::UpstreamError;
use super::hops::without_hops;
use super::url::{UpstreamUrl, UpstreamUrlError};
use super::wire::{WireAnswer, WireRequest};

/// The longest body of an answer that is taken. Those of the API are a few hundred bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// A server of the same API at some address.
#[derive(Clone)]
pub struct Upstream {
    url: UpstreamUrl,
    timeout: Duration,
    connector: HttpsConnector,
    forwarding: Option<Forwarding>,
}

impl Upstream {
    /// The server at `http://host:port` or `https://host`, whose answers may take so long. It is reached as the environment
    /// says, by a proxy or straight, and trusted by the system's roots.
    ///
    /// # Errors
    ///
    /// When the text is no such address, or no connection there could come about.
    pub fn new(url: &str, timeout: Duration, clock: &Clock) -> Result<Self, UpstreamUrlError> {
        Self::over(Sockets::default(), url, timeout, clock)
    }

    /// The same, reached and trusted in another way.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn over(sockets: Sockets, url: &str, timeout: Duration, clock: &Clock) -> Result<Self, UpstreamUrlError> {
        let url = UpstreamUrl::read(url)?;
        let (connector, forwarding) = sockets
            .connector(&url.address(), clock)
            .map_err(UpstreamUrlError::Unconnectable)?;
        Ok(Self {
            url,
            timeout,
            connector,
            forwarding,
        })
    }

    /// Whether it is this machine, by its name alone: no name is looked up. Behind a proxy it is the proxy's, whatever its
    /// name.
    pub fn is_loopback(&self) -> bool {
        self.url.is_loopback() && !self.connector.is_proxied()
    }

    /// Sends a request once and reads its answer, all within the timeout. No redirect is followed and nothing decompressed.
    ///
    /// # Errors
    ///
    /// When there is no whole answer; whether the request arrived is not known then.
    pub async fn exchange(&self, request: WireRequest) -> Result<WireAnswer, UpstreamError> {
        // Boxed, as it is large, and whoever serves a connection would carry it along.
        let exchange = Box::pin(self.send_and_read(request));
        tokio::time::timeout(self.timeout, exchange)
            .await
            .unwrap_or(Err(UpstreamError::Timeout(self.timeout)))
    }

    async fn send_and_read(&self, request: WireRequest) -> Result<WireAnswer, UpstreamError> {
        let (parts, body) = self.send(self.addressed(request)?).await?.into_parts();
        // A proxy's and no server's, which knows of no proxy.
        if self.forwarding.is_some() && parts.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            let refused = ProxyProblem::Answered(parts.status.as_u16());
            return Err(UpstreamError::Unreachable(Reason::Proxy(refused)));
        }
        let body = Limited::new(body, LONGEST_ANSWER).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                UpstreamError::TooLong(LONGEST_ANSWER)
            } else {
                UpstreamError::Broken(Reason::BrokenOff)
            }
        })?;
        Ok(WireAnswer {
            status: parts.status,
            headers: without_hops(parts.headers),
            body: body.to_bytes(),
        })
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, UpstreamError> {
        let mut connector = self.connector.clone();
        let unreachable =
            |error: Box<dyn std::error::Error + Send + Sync>| UpstreamError::Unreachable(Reason::of(&*error));
        poll_fn(|cx| connector.poll_ready(cx)).await.map_err(unreachable)?;
        let io = connector.call(self.url.address()).await.map_err(unreachable)?;
        let broken = |error: hyper::Error| UpstreamError::Broken(Reason::of(&error));
        let (mut requests, connection) = http1::handshake(io).await.map_err(broken)?;
        // It ends once the answer is read, or given up. How it ends is told to whoever reads.
        tokio::spawn(connection);
        requests.send_request(request).await.map_err(broken)
    }

    fn addressed(&self, request: WireRequest) -> Result<Request<Full<Bytes>>, UpstreamError> {
        let mut addressed = Request::new(Full::new(request.body));
        *addressed.method_mut() = request.method;
        let uri = self.url.at(&request.path).ok_or(UpstreamError::Unsayable)?;
        // A proxy has to be told where it goes, the server itself knows.
        *addressed.uri_mut() = match (&self.forwarding, uri.path_and_query()) {
            (None, Some(path)) => Uri::from(path.clone()),
            _ => uri,
        };
        *addressed.headers_mut() = without_hops(request.headers);
        let headers = addressed.headers_mut();
        // The body is here already, so nobody has to be asked for leave to send it.
        headers.remove(EXPECT);
        headers.insert(HOST, self.url.host_header());
        if let Some(credentials) = self.forwarding.as_ref().and_then(|by| by.credentials.as_ref()) {
            headers.insert(PROXY_AUTHORIZATION, credentials.header().clone());
        }
        Ok(addressed)
    }
}

/// Its address.
impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream")
            .field("url", &self.url)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
