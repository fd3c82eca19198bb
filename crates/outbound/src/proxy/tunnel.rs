use bytes::Bytes;
use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};

use super::{Credentials, ProxyProblem};

/// How much of an answer's head is read: far more than any proxy has to say.
const HEAD_AT_MOST: usize = 16 * 1024;

/// Asks the proxy at the other end for a tunnel to the host of this address (RFC 9110 §9.3.6), and gives back the
/// connection as one to that host.
pub(super) async fn open<S>(io: S, to: &Uri, credentials: Option<&Credentials>) -> Result<S, ProxyProblem>
where
    S: Read + Write + Send + Unpin + 'static,
{
    let wrong = |error| ProxyProblem::of(&error);
    let (mut requests, connection) = http1::Builder::new()
        .title_case_headers(true)
        .max_buf_size(HEAD_AT_MOST)
        .handshake(io)
        .await
        .map_err(wrong)?;
    let request = request(to, credentials);
    // Only the status is kept: without a reader of its body and more requests to come, a refusal ends the connection.
    let asking = async move { requests.send_request(request).await.map(|answer| answer.status()) };
    let (status, connection) = tokio::join!(asking, connection.without_shutdown());
    let status = status.map_err(wrong)?;
    if !status.is_success() {
        return Err(ProxyProblem::Answered(status.as_u16()));
    }
    let parts = connection.map_err(wrong)?;
    // In TLS it is the client who speaks first, so this can't be the endpoint's.
    if parts.read_buf.is_empty() {
        Ok(parts.io)
    } else {
        Err(ProxyProblem::NotHttp)
    }
}

fn request(to: &Uri, credentials: Option<&Credentials>) -> Request<Empty<Bytes>> {
    let target = format!("{}:{}", to.host().unwrap_or_default(), to.port_u16().unwrap_or(443));
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::CONNECT;
    let headers = request.headers_mut();
    headers.insert(
        HOST,
        HeaderValue::try_from(&target).expect("a host and a port are visible ASCII"),
    );
    if let Some(credentials) = credentials {
        headers.insert(PROXY_AUTHORIZATION, credentials.header().clone());
    }
    *request.uri_mut() = target.parse().expect("a host and a port are an authority");
    request
}
