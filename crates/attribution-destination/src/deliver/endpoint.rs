use std::error::Error;
use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use http::uri::{Authority, PathAndQuery, Scheme, Uri};

/// Where Attribution is: a scheme, a host, perhaps a port and a path that comes before the paths of the API.
///
/// ```
/// use attribution_destination::deliver::Endpoint;
///
/// assert_eq!(Endpoint::default().to_string(), "https://track.attributionapp.com");
/// assert_eq!("http://127.0.0.1:7070/".parse::<Endpoint>()?.to_string(), "http://127.0.0.1:7070");
/// assert_eq!("https://proxy.example/attribution".parse::<Endpoint>()?.to_string(), "https://proxy.example/attribution");
///
/// let error = "localhost:7070".parse::<Endpoint>().unwrap_err();
/// assert_eq!(error.to_string(), "endpoint \"localhost:7070\" has no scheme: write http://localhost:7070 or https://localhost:7070");
/// # Ok::<(), attribution_destination::deliver::EndpointError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// Empty, or begins with a slash and ends without one.
    prefix: String,
}

impl Endpoint {
    /// Whether connections to it need TLS.
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// The port that it is reached at.
    fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(self.default_port())
    }

    /// What connections are made to: scheme, host and port.
    pub fn address(&self) -> Uri {
        self.with(PathAndQuery::from_static("/"))
    }

    /// The address of one path of the API.
    pub(super) fn uri(&self, path: &'static str) -> Uri {
        self.with(self.prefixed(path))
    }

    /// One path of the API as the endpoint itself is asked for it.
    pub(super) fn path(&self, path: &'static str) -> Uri {
        self.prefixed(path).into()
    }

    /// The host, and the port where it is not the scheme's own.
    pub(super) fn host_header(&self) -> HeaderValue {
        let host = self.authority.host();
        let header = match self.port() {
            port if port == self.default_port() => HeaderValue::from_str(host),
            port => HeaderValue::try_from(format!("{host}:{port}")),
        };
        header.expect("a host is visible ASCII")
    }

    fn default_port(&self) -> u16 {
        if self.is_https() { 443 } else { 80 }
    }

    fn prefixed(&self, path: &'static str) -> PathAndQuery {
        if self.prefix.is_empty() {
            return PathAndQuery::from_static(path);
        }
        let path = format!("{}{path}", self.prefix);
        PathAndQuery::try_from(path).expect("both halves of the path are checked")
    }

    fn with(&self, path: PathAndQuery) -> Uri {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path);
        Uri::from_parts(parts).expect("scheme, authority and path make a URI")
    }
}

impl Default for Endpoint {
    /// `https://track.attributionapp.com`, where the destination's public code sends to.
    fn default() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static("track.attributionapp.com"),
            prefix: String::new(),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        // First of all, because every other message repeats the text.
        if text.contains('@') {
            return Err(EndpointError::Credentials);
        }
        let named = || text.to_owned();
        if text.contains(['?', '#']) {
            return Err(EndpointError::Query(named()));
        }
        let parts = text
            .parse::<Uri>()
            .map_err(|_| EndpointError::NotAUrl(named()))?
            .into_parts();
        let (scheme, authority) = match (parts.scheme, parts.authority) {
            (Some(scheme), Some(authority)) => (scheme, authority),
            (None, Some(_)) => return Err(EndpointError::NoScheme(named())),
            (_, None) => return Err(EndpointError::NotAUrl(named())),
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(EndpointError::Scheme(named()));
        }
        check_authority(&authority, text)?;
        let prefix = parts
            .path_and_query
            .map_or_else(String::new, |path| path.path().trim_end_matches('/').to_owned());
        Ok(Self {
            scheme,
            authority,
            prefix,
        })
    }
}

fn check_authority(authority: &Authority, text: &str) -> Result<(), EndpointError> {
    let host = authority.host();
    if host.is_empty() {
        return Err(EndpointError::NotAUrl(text.to_owned()));
    }
    let port_is_written = authority.as_str().len() > host.len();
    if port_is_written && authority.port_u16().is_none_or(|port| port == 0) {
        return Err(EndpointError::Port(text.to_owned()));
    }
    Ok(())
}

/// A text is no [`Endpoint`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointError {
    /// Not a URL with a host.
    NotAUrl(String),
    /// A host, but no scheme.
    NoScheme(String),
    /// A scheme other than `http` and `https`.
    Scheme(String),
    /// A port that there can't be.
    Port(String),
    /// A query or a fragment, which no path could come after.
    Query(String),
    /// A user or a password before the host; not repeated here.
    Credentials,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAUrl(text) => {
                write!(
                    f,
                    "endpoint {text:?} is no URL with a host: write it like {}",
                    Endpoint::default()
                )
            }
            Self::NoScheme(text) => write!(
                f,
                "endpoint {text:?} has no scheme: write http://{text} or https://{text}"
            ),
            Self::Scheme(text) => write!(f, "endpoint {text:?} is neither http nor https"),
            Self::Port(text) => write!(f, "endpoint {text:?} has a port outside of 1 to 65535"),
            Self::Query(text) => write!(f, "endpoint {text:?} has a query or a fragment: leave it out"),
            Self::Credentials => {
                f.write_str("endpoint contains credentials: leave them out, the project id is sent by itself")
            }
        }
    }
}

impl Error for EndpointError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn uri(endpoint: &str) -> String {
        endpoint.parse::<Endpoint>().unwrap().uri("/track").to_string()
    }

    #[test]
    fn the_path_of_the_api_comes_after_the_prefix() {
        assert_eq!(
            Endpoint::default().uri("/track"),
            "https://track.attributionapp.com/track"
        );
        assert_eq!(uri("http://127.0.0.1:7070"), "http://127.0.0.1:7070/track");
        assert_eq!(uri("http://[::1]:7070/"), "http://[::1]:7070/track");
        assert_eq!(uri("HTTPS://Proxy.example/a/b//"), "https://Proxy.example/a/b/track");
    }

    #[test]
    fn what_is_wrong_with_an_endpoint_is_said_with_its_fix() {
        let cases = [
            (
                "",
                "endpoint \"\" is no URL with a host: write it like https://track.attributionapp.com",
            ),
            (
                "/track",
                "endpoint \"/track\" is no URL with a host: write it like https://track.attributionapp.com",
            ),
            (
                "http://",
                "endpoint \"http://\" is no URL with a host: write it like https://track.attributionapp.com",
            ),
            (
                "http://:80",
                "endpoint \"http://:80\" is no URL with a host: write it like https://track.attributionapp.com",
            ),
            ("ftp://host", "endpoint \"ftp://host\" is neither http nor https"),
            (
                "host:80",
                "endpoint \"host:80\" has no scheme: write http://host:80 or https://host:80",
            ),
            (
                "http://host:0",
                "endpoint \"http://host:0\" has a port outside of 1 to 65535",
            ),
            (
                "http://host:70000",
                "endpoint \"http://host:70000\" has a port outside of 1 to 65535",
            ),
            (
                "http://host/?a=b",
                "endpoint \"http://host/?a=b\" has a query or a fragment: leave it out",
            ),
            (
                "http://host/#top",
                "endpoint \"http://host/#top\" has a query or a fragment: leave it out",
            ),
            (
                "http://demo-project:@host",
                "endpoint contains credentials: leave them out, the project id is sent by itself",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(text.parse::<Endpoint>().unwrap_err().to_string(), message);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_reads_as_it_is_written_and_makes_a_uri(text in "https?://[ -~]{0,30}") {
            if let Ok(endpoint) = text.parse::<Endpoint>() {
                prop_assert_eq!(endpoint.to_string().parse::<Endpoint>(), Ok(endpoint.clone()));
                prop_assert!(endpoint.uri("/track").path().ends_with("/track"));
            }
        }
    }
}
