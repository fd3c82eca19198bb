use std::time::Duration;

use bytes::Bytes;
use clock::Clock;
use http::header::PROXY_AUTHORIZATION;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::Connect;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::answer;
use super::endpoint::Endpoint;
use super::proxy::{Credentials, Forwarding, ProxyProblem};
use super::reason::Reason;
use super::retry_after::retry_after;
use crate::request::WireRequest;
use crate::settings::ProjectId;

/// How long an unused connection is kept: less than the minute after which load balancers commonly close theirs, so
/// that a request seldom meets a connection that is about to be closed.
const KEPT_IDLE: Duration = Duration::from_secs(30);

/// The HTTP client of one endpoint and project.
pub(super) struct Exchanger<C> {
    client: Client<C, Full<Bytes>>,
    endpoint: Endpoint,
    forwarding: Option<Forwarding>,
    project: ProjectId,
    timeout: Duration,
    clock: Clock,
}

/// What is kept of a whole answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// The beginning of its body, fit to be shown.
    pub(super) body: String,
}

impl<C: Connect + Clone + Send + Sync + 'static> Exchanger<C> {
    pub(super) fn new(connector: C, endpoint: Endpoint, project: ProjectId, timeout: Duration, clock: Clock) -> Self {
        // The pool tells its time by the runtime's timer, so that it is virtual where everything is.
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(KEPT_IDLE)
            .http1_title_case_headers(true)
            .build(connector);
        Self {
            client,
            endpoint,
            forwarding: None,
            project,
            timeout,
            clock,
        }
    }

    /// Gives the requests to a proxy, which the connector's connections end at.
    pub(super) fn forwarded(self, forwarding: Option<Forwarding>) -> Self {
        Self { forwarding, ..self }
    }

    /// Sends a request once and reads its answer, within the timeout; while it does, it counts as in flight.
    ///
    /// The client itself sends a request again only if it wrote nothing of it, because an idle connection turned out
    /// to be closed. It follows no redirect.
    pub(super) async fn exchange(&self, request: &WireRequest) -> Result<Answer, Reason> {
        let _in_flight = self.clock.exchange();
        let exchange = self.send_and_read(request);
        tokio::time::timeout(self.timeout, exchange)
            .await
            .unwrap_or(Err(Reason::Timeout(self.timeout)))
    }

    async fn send_and_read(&self, request: &WireRequest) -> Result<Answer, Reason> {
        let answer = self
            .client
            .request(self.addressed(request))
            .await
            .map_err(|error| Reason::of(&error))?;
        // A proxy's and no endpoint's, which knows of no proxy.
        if self.forwarding.is_some() && answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(Reason::Proxy(ProxyProblem::Answered(407)));
        }
        let status = answer.status().as_u16();
        let headers: HeaderMap = answer.headers().clone();
        let retry_after = retry_after(&headers, self.clock.now());
        let body = answer::read(answer).await?;
        Ok(Answer {
            status,
            retry_after,
            body: answer::excerpt(&headers, &body, &self.project, self.proxy_credentials()),
        })
    }

    fn addressed(&self, request: &WireRequest) -> Request<Full<Bytes>> {
        let mut addressed = Request::new(Full::new(request.body.clone()));
        *addressed.method_mut() = request.method();
        *addressed.uri_mut() = self.endpoint.uri(request.path);
        *addressed.headers_mut() = request.header_map();
        if let Some(credentials) = self.proxy_credentials() {
            let headers = addressed.headers_mut();
            headers.insert(PROXY_AUTHORIZATION, credentials.header().clone());
        }
        addressed
    }

    fn proxy_credentials(&self) -> Option<&Credentials> {
        self.forwarding.as_ref()?.credentials.as_ref()
    }
}
