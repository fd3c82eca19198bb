use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri};
use outbound::Unconnectable;

/// Where a server is: `https://track.attributionapp.com`.
#[derive(Clone, Debug)]
pub(super) struct UpstreamUrl {
    pub(super) scheme: Scheme,
    pub(super) authority: Authority,
}

impl UpstreamUrl {
    pub(super) fn read(text: &str) -> Result<Self, UpstreamUrlError> {
        let url: Uri = text.parse().map_err(|_| UpstreamUrlError::NotAUrl)?;
        let parts = url.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(UpstreamUrlError::NotAUrl);
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(UpstreamUrlError::NotAUrl);
        }
        if authority.as_str().contains('@') {
            return Err(UpstreamUrlError::Credentials);
        }
        if parts.path_and_query.is_some_and(|path| path.as_str() != "/") {
            return Err(UpstreamUrlError::Path);
        }
        Ok(Self { scheme, authority })
    }

    /// Whether it is this machine, by its name alone: no name is looked up.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.authority.host().trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }

    /// What connections are made to.
    pub(super) fn address(&self) -> Uri {
        self.at("/").expect("scheme, authority and a path make an address")
    }

    /// The host, and the port where it is not the scheme's own.
    pub(super) fn host_header(&self) -> HeaderValue {
        let own = if self.scheme == Scheme::HTTPS { 443 } else { 80 };
        let host = match self.authority.port_u16() {
            Some(port) if port == own => self.authority.host(),
            _ => self.authority.as_str(),
        };
        HeaderValue::from_str(host).expect("a host is visible ASCII")
    }

    /// The address of a path there; `None` where HTTP can't say it.
    pub(super) fn at(&self, path: &str) -> Option<Uri> {
        let uri = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone());
        uri.path_and_query(path).build().ok()
    }
}

impl fmt::Display for UpstreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

/// Why there can't be an upstream at an address. It never shows the text, in which a project id may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamUrlError {
    /// It is not of the form `http://host:port` or `https://host`.
    NotAUrl,
    /// A user stands before the host.
    Credentials,
    /// A path or a query stands behind it.
    Path,
    /// No connection there could come about.
    Unconnectable(Unconnectable),
}

impl fmt::Display for UpstreamUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "it is no address: write https://track.attributionapp.com or http://127.0.0.1:7070",
            Self::Credentials => "leave out what stands before the @: the project id is given by --project-id",
            Self::Path => "leave out the path: it is that of each request",
            Self::Unconnectable(error) => return error.fmt(f),
        })
    }
}

impl Error for UpstreamUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_and_a_host_and_nothing_more() {
        for (text, shown) in [
            ("http://127.0.0.1:7070", "http://127.0.0.1:7070"),
            ("https://track.attributionapp.com/", "https://track.attributionapp.com"),
        ] {
            assert_eq!(UpstreamUrl::read(text).unwrap().to_string(), shown);
        }
        for (text, error) in [
            ("", UpstreamUrlError::NotAUrl),
            ("127.0.0.1:7070", UpstreamUrlError::NotAUrl),
            ("ftp://host", UpstreamUrlError::NotAUrl),
            ("/track", UpstreamUrlError::NotAUrl),
            (
                "https://secret:@track.attributionapp.com",
                UpstreamUrlError::Credentials,
            ),
            ("http://host/v1", UpstreamUrlError::Path),
            ("http://host?project_id=secret", UpstreamUrlError::Path),
        ] {
            assert_eq!(UpstreamUrl::read(text).unwrap_err(), error, "{text}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn this_machine_is_told_from_others_by_its_name() {
        let is_loopback = |text| UpstreamUrl::read(text).unwrap().is_loopback();
        for own in [
            "http://127.0.0.1:1",
            "http://LOCALHOST",
            "http://[::1]:7070",
            "https://127.9.9.9",
        ] {
            assert!(is_loopback(own), "{own}");
        }
        for other in [
            "http://localhost.example",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "https://track.attributionapp.com",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
