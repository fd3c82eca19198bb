use std::future::poll_fn;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use clock::Clock;
use http::header::{HOST, PROXY_AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use outbound::{Credentials, Forwarding, ProxyProblem, Reason};

use super::answer;
use super::connect::Connect;
use super::connection::Connection;
use super::endpoint::Endpoint;
use super::idle::Idle;
use super::retry_after::retry_after;
use crate::request::WireRequest;
use crate::settings::ProjectId;

/// The HTTP client of one endpoint and project.
pub(super) struct Exchanger<C> {
    connector: C,
    idle: Arc<Idle>,
    endpoint: Endpoint,
    host: HeaderValue,
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
    /// The beginning of its body, fit to be shown; nothing of a success, which says all there is to know.
    pub(super) body: String,
}

impl<C: Connect> Exchanger<C> {
    pub(super) fn new(connector: C, endpoint: Endpoint, project: ProjectId, timeout: Duration, clock: Clock) -> Self {
        Self {
            connector,
            idle: Idle::new(clock.clone()),
            host: endpoint.host_header(),
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
    /// A request is sent on another connection only if nothing of it was written, because an idle connection turned
    /// out to be closed. No redirect is followed.
    pub(super) async fn exchange(&self, request: &WireRequest) -> Result<Answer, Reason> {
        let _in_flight = self.clock.exchange();
        let exchange = self.send_and_read(request);
        tokio::time::timeout(self.timeout, exchange)
            .await
            .unwrap_or(Err(Reason::Timeout(self.timeout)))
    }

    async fn send_and_read(&self, request: &WireRequest) -> Result<Answer, Reason> {
        let (mut head, mut connection) = self.send(self.addressed(request)).await?;
        // A proxy's and no endpoint's, which knows of no proxy.
        if self.forwarding.is_some() && head.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(Reason::Proxy(ProxyProblem::Answered(407)));
        }
        let status = head.status();
        let headers: HeaderMap = mem::take(head.headers_mut());
        let asks = headers.contains_key(RETRY_AFTER);
        let retry_after = asks.then(|| retry_after(&headers, self.clock.now())).flatten();
        let body = connection.during(answer::read(head)).await?;
        if connection.is_free().await {
            self.idle.put(connection, self.clock.elapsed());
        }
        let body = if status.is_success() {
            String::new()
        } else {
            answer::excerpt(&headers, &body, &self.project, self.proxy_credentials())
        };
        Ok(Answer {
            status: status.as_u16(),
            retry_after,
            body,
        })
    }

    async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<(Response<Incoming>, Connection), Reason> {
        while let Some(mut connection) = self.idle.take() {
            if !connection.may_be_used_again() {
                continue;
            }
            match connection.ask(request).await {
                Ok(head) => return Ok((head, connection)),
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(Reason::of(error.error())),
                },
            }
        }
        // The rare way, and a large future: in here it would make every exchange as large, which is moved several times.
        let mut connection = Box::pin(self.connect()).await?;
        let head = connection.ask(request).await;
        head.map(|head| (head, connection))
            .map_err(|error| Reason::of(error.error()))
    }

    async fn connect(&self) -> Result<Connection, Reason> {
        let mut connector = self.connector.clone();
        poll_fn(|cx| connector.poll_ready(cx))
            .await
            .map_err(|error| Reason::of(&*error.into()))?;
        let io = connector.call(self.endpoint.address()).await;
        let io = io.map_err(|error| Reason::of(&*error.into()))?;
        Connection::over(io).await.map_err(|error| Reason::of(&error))
    }

    fn addressed(&self, request: &WireRequest) -> Request<Full<Bytes>> {
        let mut addressed = Request::new(Full::new(request.body.clone()));
        *addressed.method_mut() = request.method();
        // A proxy has to be told where it goes, the endpoint knows.
        *addressed.uri_mut() = if self.forwarding.is_some() {
            self.endpoint.uri(request.path)
        } else {
            self.endpoint.path(request.path)
        };
        *addressed.headers_mut() = request.header_map();
        let headers = addressed.headers_mut();
        headers.insert(HOST, self.host.clone());
        if let Some(credentials) = self.proxy_credentials() {
            headers.insert(PROXY_AUTHORIZATION, credentials.header().clone());
        }
        addressed
    }

    fn proxy_credentials(&self) -> Option<&Credentials> {
        self.forwarding.as_ref()?.credentials.as_ref()
    }
}
