use std::fmt;
use std::time::Duration;

use axum::body::Bytes;
use clock::Clock;
use http::Request;
use http::header::{EXPECT, HOST};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::RootCertStore;

use super::error::{UpstreamError, innermost};
use super::hops::without_hops;
use super::tls;
use super::url::{UpstreamUrl, UpstreamUrlError};
use super::wire::{WireAnswer, WireRequest};

/// The longest body of an answer that is taken. Those of the API are a few hundred bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// A server of the same API at some address.
#[derive(Clone)]
pub struct Upstream {
    url: UpstreamUrl,
    timeout: Duration,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Upstream {
    /// The server at `http://host:port` or `https://host`, whose answers may take so long. For `https`, the system's roots are
    /// read now.
    ///
    /// # Errors
    ///
    /// When the text is no such address, or the system has no roots for it.
    pub fn new(url: &str, timeout: Duration, clock: &Clock) -> Result<Self, UpstreamUrlError> {
        let url = UpstreamUrl::read(url)?;
        let roots = if url.is_https() {
            tls::roots().ok_or(UpstreamUrlError::NoRoots)?
        } else {
            RootCertStore::empty()
        };
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnector::from((connector, tls::config(roots, clock)));
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .retry_canceled_requests(false)
            .build(connector);
        Ok(Self { url, timeout, client })
    }

    /// Whether it is this machine, by its name alone: no name is looked up.
    pub fn is_loopback(&self) -> bool {
        self.url.is_loopback()
    }

    /// Sends a request once and reads its answer, all within the timeout. No redirect is followed and nothing decompressed.
    ///
    /// # Errors
    ///
    /// When there is no whole answer; whether the request arrived is not known then.
    pub async fn exchange(&self, request: WireRequest) -> Result<WireAnswer, UpstreamError> {
        tokio::time::timeout(self.timeout, self.send_and_read(request))
            .await
            .unwrap_or(Err(UpstreamError::Timeout(self.timeout)))
    }

    async fn send_and_read(&self, request: WireRequest) -> Result<WireAnswer, UpstreamError> {
        let response = self.client.request(self.addressed(request)?).await;
        let response = response.map_err(|error| {
            if error.is_connect() {
                UpstreamError::Unreachable(innermost(&error))
            } else {
                UpstreamError::Broken(innermost(&error))
            }
        })?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                UpstreamError::TooLong(LONGEST_ANSWER)
            } else {
                UpstreamError::Broken(innermost(&*error))
            }
        })?;
        Ok(WireAnswer {
            status: parts.status,
            headers: without_hops(parts.headers),
            body: body.to_bytes(),
        })
    }

    fn addressed(&self, request: WireRequest) -> Result<Request<Full<Bytes>>, UpstreamError> {
        let mut addressed = Request::new(Full::new(request.body));
        *addressed.method_mut() = request.method;
        *addressed.uri_mut() = self.url.at(&request.path).ok_or(UpstreamError::Unsayable)?;
        *addressed.headers_mut() = without_hops(request.headers);
        // The host is another one, and the body is here already, so nobody has to be asked for leave to send it.
        for name in [HOST, EXPECT] {
            addressed.headers_mut().remove(name);
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
