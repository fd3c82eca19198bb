use std::error::Error;
use std::fmt;

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};
use rustls::pki_types::ServerName;

use super::Credentials;

/// One proxy, as its URL names it. `Debug` redacts its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proxy {
    uri: Uri,
    credentials: Option<Credentials>,
}

impl Proxy {
    /// Reads the URL that this variable, or nobody's but the caller's hand, gives.
    pub(super) fn read(url: &str, variable: Option<&'static str>) -> Result<Self, ProxyError> {
        Self::parse(url).map_err(|wrong| ProxyError { variable, wrong })
    }

    /// `[http[s]://][user[:password]@]host[:port][/]`
    fn parse(url: &str) -> Result<Self, Wrong> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::HTTP,
            "https" => Scheme::HTTPS,
            socks if socks.starts_with("socks") => return Err(Wrong::Socks),
            _ => return Err(Wrong::Scheme),
        };
        // The last one: a password may contain others, as people write them.
        let (credentials, address) = match rest.rsplit_once('@') {
            Some((credentials, address)) => (Some(credentials), address),
            None => (None, rest),
        };
        if credentials.is_some_and(|text| text.contains(['/', '?', '#'])) {
            return Err(Wrong::Credentials);
        }
        let credentials = credentials
            .map(|text| Credentials::read(text).ok_or(Wrong::Credentials))
            .transpose()?;
        let address = address.strip_suffix('/').unwrap_or(address);
        let authority = authority(address, &scheme)?;
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(scheme);
        parts.authority = Some(authority);
        parts.path_and_query = Some(PathAndQuery::from_static("/"));
        let uri = Uri::from_parts(parts).map_err(|_| Wrong::NotAUrl)?;
        Ok(Self { uri, credentials })
    }

    /// Whether it is spoken to by TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }

    /// Where it is.
    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(crate) fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }
}

fn authority(address: &str, scheme: &Scheme) -> Result<Authority, Wrong> {
    if address.contains(['/', '?', '#']) {
        return Err(Wrong::Path);
    }
    let authority: Authority = address.parse().map_err(|_| Wrong::NotAUrl)?;
    let host = authority.host();
    if host.is_empty() {
        return Err(Wrong::NotAUrl);
    }
    if authority.as_str().len() > host.len() && authority.port_u16().is_none_or(|port| port == 0) {
        return Err(Wrong::Port);
    }
    let name = host.trim_start_matches('[').trim_end_matches(']');
    if *scheme == Scheme::HTTPS && ServerName::try_from(name).is_err() {
        return Err(Wrong::ServerName);
    }
    Ok(authority)
}

/// A text is no URL of a proxy. It doesn't repeat the text, which may contain credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyError {
    variable: Option<&'static str>,
    wrong: Wrong,
}

impl ProxyError {
    /// The environment variable that the text stands in; `None` for one that was given otherwise.
    pub fn variable(&self) -> Option<&'static str> {
        self.variable
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    NotAUrl,
    Socks,
    Scheme,
    Port,
    Path,
    Credentials,
    ServerName,
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.variable.unwrap_or("the proxy's URL"))?;
        f.write_str(match self.wrong {
            Wrong::NotAUrl => " is no URL with a host: write it like http://proxy.example:3128",
            Wrong::Socks => {
                " is a SOCKS proxy, which is not supported: \
                 give an HTTP one like http://proxy.example:3128, or name the endpoint in NO_PROXY"
            }
            Wrong::Scheme => " is neither http nor https: write it like http://proxy.example:3128",
            Wrong::Port => " has a port outside of 1 to 65535: write it like http://proxy.example:3128",
            Wrong::Path => {
                " has a path, a query or a fragment, so it is no proxy's address: write it like http://proxy.example:3128"
            }
            Wrong::Credentials => {
                " has a user or a password that can't be read: \
                 write a / as %2F, a ? as %3F and a # as %23; a colon in the user and control characters can't be sent"
            }
            Wrong::ServerName => {
                " is https with a host that no certificate can be for: give a DNS name or an IP address"
            }
        })
    }
}

impl Error for ProxyError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(url: &str) -> Result<String, String> {
        let read = Proxy::read(url, Some("HTTPS_PROXY"));
        read.map(|proxy| proxy.uri.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_url_is_read_as_other_tools_read_it() {
        let cases = [
            ("http://proxy.example:3128", "http://proxy.example:3128/"),
            ("HTTP://proxy.example:3128/", "http://proxy.example:3128/"),
            ("proxy.example:3128", "http://proxy.example:3128/"),
            ("proxy.example", "http://proxy.example/"),
            ("ada:pw@proxy.example:3128", "http://proxy.example:3128/"),
            ("http://ada:p@w@proxy.example", "http://proxy.example/"),
            ("https://[::1]:3128", "https://[::1]:3128/"),
        ];
        for (url, expected) in cases {
            assert_eq!(read(url).as_deref(), Ok(expected), "{url}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said_with_its_fix_and_without_its_credentials() {
        let cases = [
            (
                "",
                "HTTPS_PROXY is no URL with a host: write it like http://proxy.example:3128",
            ),
            (
                "http://s3cret:s3cret@",
                "HTTPS_PROXY is no URL with a host: write it like http://proxy.example:3128",
            ),
            (
                "http://s3cret s3cret",
                "HTTPS_PROXY is no URL with a host: write it like http://proxy.example:3128",
            ),
            (
                "socks5h://ada:s3cret@host:1080",
                "HTTPS_PROXY is a SOCKS proxy, which is not supported: \
                 give an HTTP one like http://proxy.example:3128, or name the endpoint in NO_PROXY",
            ),
            (
                "ftp://ada:s3cret@host",
                "HTTPS_PROXY is neither http nor https: write it like http://proxy.example:3128",
            ),
            (
                "http://ada:s3cret@host:0",
                "HTTPS_PROXY has a port outside of 1 to 65535: write it like http://proxy.example:3128",
            ),
            (
                "http://ada:s3cret@host:70000",
                "HTTPS_PROXY has a port outside of 1 to 65535: write it like http://proxy.example:3128",
            ),
            (
                "http://host/proxy.pac",
                "HTTPS_PROXY has a path, a query or a fragment, so it is no proxy's address: \
                 write it like http://proxy.example:3128",
            ),
            (
                "http://ada:s3/cret@host",
                "HTTPS_PROXY has a user or a password that can't be read: \
                 write a / as %2F, a ? as %3F and a # as %23; a colon in the user and control characters can't be sent",
            ),
            (
                "https://ada:s3cret@a..b",
                "HTTPS_PROXY is https with a host that no certificate can be for: give a DNS name or an IP address",
            ),
        ];
        for (url, message) in cases {
            assert_eq!(read(url), Err(message.to_owned()), "{url}");
            assert!(!message.contains("s3cret"));
        }
        let unnamed = Proxy::read("ftp://host", None).unwrap_err();
        assert_eq!(unnamed.variable(), None);
        assert!(
            unnamed.to_string().starts_with("the proxy's URL is neither"),
            "{unnamed}"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_read_has_a_host_and_shows_no_password(url in "(https?://)?([a-z]{1,3}:s3cret@)?[ -~]{0,20}") {
            let shown = match Proxy::read(&url, None) {
                Ok(proxy) => {
                    prop_assert!(proxy.uri.host().is_some_and(|host| !host.is_empty()));
                    format!("{proxy:?}")
                }
                Err(error) => format!("{error}{error:?}"),
            };
            prop_assert!(!shown.contains("s3cret"), "{}", shown);
        }
    }
}
