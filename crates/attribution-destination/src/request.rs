use std::fmt;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::settings::ProjectId;

/// One HTTP request to Attribution, complete but for the host. `Debug` redacts its authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRequest {
    /// The path on the endpoint, such as `/track`.
    pub path: &'static str,
    /// Compact JSON in UTF-8.
    pub body: Bytes,
    authorization: HeaderValue,
}

impl WireRequest {
    /// A request with the headers that every classic destination of Segment sends.
    pub(crate) fn post(project_id: &ProjectId, path: &'static str, body: Vec<u8>) -> Self {
        Self {
            path,
            body: body.into(),
            authorization: project_id.authorization().clone(),
        }
    }

    /// The request that asks whether a project id is good: no body, and no event.
    pub(crate) fn check_auth(project_id: &ProjectId) -> Self {
        Self::post(project_id, "/check_auth", Vec::new())
    }

    pub(crate) fn join<'a>(requests: impl Iterator<Item = &'a Self>) -> Self {
        let mut requests = requests;
        requests.next().cloned().expect("at least one")
    }

    /// The method: every request of every dialect is a `POST`.
    pub fn method(&self) -> Method {
        Method::POST
    }

    /// The headers in the order of the contract.
    pub fn headers(&self) -> impl Iterator<Item = Header> + use<> {
        let length = HeaderValue::from(self.body.len());
        [
            Header {
                name: USER_AGENT,
                spelling: "User-Agent",
                value: HeaderValue::from_static("Segment.io/1.0"),
            },
            Header {
                name: AUTHORIZATION,
                spelling: "Authorization",
                value: self.authorization.clone(),
            },
            Header {
                name: CONTENT_TYPE,
                spelling: "Content-Type",
                value: HeaderValue::from_static("application/json"),
            },
            Header {
                name: CONTENT_LENGTH,
                spelling: "Content-Length",
                value: length,
            },
            Header {
                name: ACCEPT_ENCODING,
                spelling: "Accept-Encoding",
                value: HeaderValue::from_static("gzip, deflate"),
            },
        ]
        .into_iter()
    }

    /// The same headers as the HTTP client takes them.
    pub fn header_map(&self) -> HeaderMap {
        self.headers().map(|header| (header.name, header.value)).collect()
    }
}

/// One header of a [`WireRequest`]. `Debug` and `Display` redact a secret value; [`Header::expose`] doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    name: HeaderName,
    spelling: &'static str,
    value: HeaderValue,
}

impl Header {
    /// The name in its usual spelling, such as `User-Agent`.
    pub fn name(&self) -> &'static str {
        self.spelling
    }

    /// Whether the value is a credential.
    pub fn is_secret(&self) -> bool {
        self.value.is_sensitive()
    }

    /// The value as it goes on the wire, secret or not.
    pub fn expose(&self) -> &str {
        self.value.to_str().unwrap_or_default()
    }
}

/// The value as it may be shown to anyone.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_secret() { "[redacted]" } else { self.expose() })
    }
}

#[cfg(test)]
mod tests {
    use super::WireRequest;
    use crate::settings::ProjectId;

    fn request() -> WireRequest {
        WireRequest::post(&ProjectId::new("demo-project").unwrap(), "/track", b"{}".to_vec())
    }

    #[test]
    fn the_headers_are_those_of_the_contract() {
        let headers: Vec<_> = request()
            .headers()
            .map(|header| (header.name(), header.expose().to_owned()))
            .collect();
        let expected = [
            ("User-Agent", "Segment.io/1.0"),
            ("Authorization", "Basic ZGVtby1wcm9qZWN0Og=="),
            ("Content-Type", "application/json"),
            ("Content-Length", "2"),
            ("Accept-Encoding", "gzip, deflate"),
        ];
        assert_eq!(headers, expected.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(request().header_map().len(), expected.len());
    }

    #[test]
    fn only_the_authorization_is_secret_and_nothing_shows_it() {
        let request = request();
        let secret: Vec<_> = request.headers().filter(super::Header::is_secret).collect();
        assert_eq!(secret.len(), 1);
        assert_eq!(secret[0].to_string(), "[redacted]");
        let shown = format!("{request:?} {request:#?} {secret:?}");
        assert!(shown.contains("/track") && !shown.contains("ZGVtby"), "{shown}");
    }
}
