use std::fmt;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt as _, Collected};
use inbound::{Encoding, encoding_of};
use tower_service::Service as _;

use crate::mock::Mock;

/// A request as it goes over the wire. It carries the project id, so `Debug` shows neither headers nor body.
#[derive(Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// The method.
    pub method: Method,
    /// The path, with its query where it has one.
    pub path: String,
    /// The headers; `Host` and `Content-Length` are added where it is sent.
    pub headers: HeaderMap,
    /// The body, compressed where the headers say so.
    pub body: Bytes,
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// An answer as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireAnswer {
    /// The status.
    pub status: StatusCode,
    /// The headers, without those that concern the connection only.
    pub headers: HeaderMap,
    /// The body, compressed where the headers say so.
    pub body: Bytes,
}

impl WireAnswer {
    /// What an answer of the double's own is on the wire.
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            // The double's answers are in memory already: nothing can fail.
            body: body.collect().await.map(Collected::to_bytes).unwrap_or_default(),
        }
    }
}

impl WireAnswer {
    /// The body before it was compressed, up to so many bytes; `None` where it is longer, or not what its headers say.
    pub fn plain_body(&self, limit: usize) -> Option<Vec<u8>> {
        plain(&self.headers, &self.body, limit)
    }
}

/// A body as it was before it was compressed as these headers say.
pub(crate) fn plain(headers: &HeaderMap, body: &[u8], limit: usize) -> Option<Vec<u8>> {
    match encoding_of(headers) {
        None => Some(body.to_vec()),
        Some(name) => Encoding::of_name(&name)?.decode(body, limit).ok(),
    }
}

impl IntoResponse for WireAnswer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

impl Mock {
    /// What the double says to a request, without a socket. It is journaled, and faults strike it, as if it had come over one.
    ///
    /// ```
    /// use attribution_mock::{Mock, MockConfig, WireRequest};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
    /// let request = WireRequest {
    ///     method: http::Method::POST,
    ///     path: "/track".to_owned(),
    ///     headers: http::HeaderMap::new(),
    ///     body: "{}".into(),
    /// };
    /// assert_eq!(mock.ask(request).await.status, 401);
    /// assert_eq!(mock.entries().len(), 1);
    /// # }
    /// ```
    pub async fn ask(&self, request: WireRequest) -> WireAnswer {
        let without_body = request.method == Method::HEAD;
        let mut asked = Request::new(Body::from(request.body));
        *asked.method_mut() = request.method;
        *asked.headers_mut() = request.headers;
        // A path that is none is as unknown as any other.
        *asked.uri_mut() = request.path.parse().unwrap_or_default();
        let answered = self.router().call(asked).await;
        let mut answer = WireAnswer::of(answered.unwrap_or_else(|never| match never {})).await;
        if without_body {
            answer.body = Bytes::new();
        }
        answer
    }
}
