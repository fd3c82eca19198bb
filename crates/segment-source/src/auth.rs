use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderValue};

use crate::call::is_browsers;

/// Who sends a request, as far as it says so outside of its body.
#[derive(Clone, Default)]
pub(crate) struct Caller {
    /// The write key of a Basic header, or why it can't be read.
    pub(crate) write_key: Option<Result<String, &'static str>>,
    /// Where it comes from.
    pub(crate) ip: Option<IpAddr>,
    /// Whether it is a page's.
    pub(crate) is_page: bool,
}

/// The other end of a connection; the accept loop puts it among a request's extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Caller {
    pub(crate) fn of(request: &Request) -> Self {
        let headers = request.headers();
        Self {
            write_key: headers.get(AUTHORIZATION).and_then(write_key),
            ip: request
                .extensions()
                .get::<Peer>()
                .map(|peer| peer.0.ip().to_canonical()),
            is_page: is_browsers(request.uri().path()) || headers.contains_key(ORIGIN) || is_text(headers),
        }
    }
}

/// Source: Segment, HTTP API, "Authentication". A Bearer token is not looked at, as the key is in the body then.
fn write_key(header: &HeaderValue) -> Option<Result<String, &'static str>> {
    let header = header.as_bytes();
    let blank = header.iter().position(|byte| *byte == b' ').unwrap_or(header.len());
    let (scheme, credentials) = header.split_at(blank);
    if scheme.eq_ignore_ascii_case(b"bearer") {
        return None;
    }
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return Some(Err(
            "the Authorization header is neither Basic nor Bearer: send Basic base64(writeKey + \":\")",
        ));
    }
    let decoded = STANDARD.decode(credentials.trim_ascii()).ok();
    let Some(text) = decoded.and_then(|decoded| String::from_utf8(decoded).ok()) else {
        return Some(Err(
            "what follows Basic in the Authorization header is no base64: send base64(writeKey + \":\")",
        ));
    };
    let key = text.split_once(':').map_or(&*text, |(key, _)| key);
    Some(Ok(key.to_owned()))
}

/// What a page may send without asking first, and analytics.js does.
fn is_text(headers: &HeaderMap) -> bool {
    let found = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let essence = found.and_then(|found| found.split(|byte| *byte == b';').next());
    essence.is_some_and(|essence| essence.trim_ascii().eq_ignore_ascii_case(b"text/plain"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(header: &'static str) -> Option<Result<String, ()>> {
        write_key(&HeaderValue::from_static(header)).map(|key| key.map_err(drop))
    }

    #[test]
    fn the_key_is_the_user_of_a_basic_header_with_or_without_the_colon() {
        for header in [
            "Basic d2stMTo=",
            "basic   d2stMTo=",
            "Basic d2stMQ==",
            "Basic d2stMTpwYXNz",
        ] {
            assert_eq!(key(header), Some(Ok("wk-1".to_owned())), "{header}");
        }
        assert_eq!(key("Bearer d2stMTo="), None);
        for unusable in ["Basic wk-1:", "Digest x", "d2stMTo="] {
            assert_eq!(key(unusable), Some(Err(())), "{unusable}");
        }
    }
}
