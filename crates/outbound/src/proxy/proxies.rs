use http::Uri;

use super::exceptions::Exceptions;
use super::url::{Proxy, ProxyError};
use crate::address::is_https;

/// Which proxy connections go through, if any.
///
/// Where nothing is said it is the environment's, see [`Proxies::from_env`].
/// `Debug` redacts credentials.
///
/// An `https` endpoint is reached through a tunnel (`CONNECT`) with TLS to the endpoint inside it, so the proxy sees
/// neither events nor project id. An `http` endpoint's requests are given to the proxy, which sees all of them. The
/// proxy resolves the endpoint's name. It may itself be `https`; its certificate has to be from one of the
/// [`TlsRoots`](crate::TlsRoots) like the endpoint's. SOCKS is refused.
///
/// ```
/// use outbound::Proxies;
///
/// let proxies = Proxies::through("http://ada:opensesame@proxy.example:3128")?.except("localhost, 10.0.0.0/8");
/// assert!(!format!("{proxies:?}").contains("opensesame"));
///
/// let error = Proxies::through("socks5://proxy.example").unwrap_err();
/// assert!(error.to_string().contains("SOCKS"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http` endpoints. What can't be read is an error only where it would be needed.
    http: Option<Result<Proxy, ProxyError>>,
    /// For `https` endpoints.
    https: Option<Result<Proxy, ProxyError>>,
    except: Exceptions,
}

impl Proxies {
    /// None: every connection goes straight to the endpoint, whatever the environment says.
    pub fn none() -> Self {
        Self::default()
    }

    /// This one for every endpoint: `http://proxy.example:3128`, with `user:password@` before the host where the proxy
    /// wants it (percent-encoded).
    ///
    /// # Errors
    ///
    /// [`ProxyError`], when the URL is no proxy's.
    pub fn through(url: &str) -> Result<Self, ProxyError> {
        let proxy = Proxy::read(url, None)?;
        Ok(Self {
            http: Some(Ok(proxy.clone())),
            https: Some(Ok(proxy)),
            except: Exceptions::default(),
        })
    }

    /// Goes straight to these besides; the list is written like `NO_PROXY`, see [`Proxies::from_env`].
    #[must_use]
    pub fn except(self, list: &str) -> Self {
        Self {
            except: self.except.and(Exceptions::read(list)),
            ..self
        }
    }

    /// The environment's, by the variables that most tools know, as they are now.
    ///
    /// | endpoint | the first of these that is set and not empty |
    /// |---|---|
    /// | `https` | `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` |
    /// | `http` | `http_proxy`, `HTTP_PROXY`, `all_proxy`, `ALL_PROXY` |
    ///
    /// `HTTP_PROXY` doesn't count where `REQUEST_METHOD` is set: to a CGI program it is a header `Proxy` of whoever
    /// calls it. A URL without scheme is an `http` one. One that can't be read is an error when a connector is made,
    /// if it is the endpoint's.
    ///
    /// `no_proxy` or else `NO_PROXY` lists what is reached directly, separated by commas or spaces: `*` for
    /// everything; a name for itself and all below it (`example.com`, `.example.com` and `*.example.com` say the same);
    /// an address (`10.0.0.1`, `::1`); a network (`10.0.0.0/8`); each with `:port` for that port alone. Names are not
    /// resolved, so an address excepts no name. What is none of these excepts nothing. There is no exception that is not
    /// listed: `localhost` and `127.0.0.1`, too, are reached through the proxy unless they are named.
    pub fn from_env() -> Self {
        // A value that is no text becomes one that is no URL, and so is told of.
        Self::from_variables(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// The same from another environment: the value of each variable by its name.
    pub fn from_variables(value: impl Fn(&str) -> Option<String>) -> Self {
        let is_cgi = value("REQUEST_METHOD").is_some();
        let first = |names: &[&'static str]| {
            names
                .iter()
                .filter(|name| !(is_cgi && **name == "HTTP_PROXY"))
                .find_map(|name| Some((*name, value(name)?)).filter(|(_, value)| !value.trim().is_empty()))
        };
        let proxy = |names: &[&'static str]| first(names).map(|(name, url)| Proxy::read(url.trim(), Some(name)));
        Self {
            http: proxy(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
            https: proxy(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            except: first(&["no_proxy", "NO_PROXY"])
                .map_or_else(Exceptions::default, |(_, list)| Exceptions::read(&list)),
        }
    }

    /// The one for this endpoint.
    pub(crate) fn of(self, endpoint: &Uri) -> Result<Option<Proxy>, ProxyError> {
        if self.except.contain(endpoint) {
            return Ok(None);
        }
        let proxy = if is_https(endpoint) { self.https } else { self.http };
        proxy.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where these variables send an endpoint of each scheme, `http` first.
    fn chosen(variables: &[(&str, &str)]) -> [Result<Option<String>, String>; 2] {
        let value = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        ["http://endpoint.example", "https://endpoint.example"].map(|endpoint| {
            let proxy = Proxies::from_variables(value).of(&endpoint.parse().unwrap());
            let host = proxy.map(|proxy| proxy.map(|proxy| proxy.uri().host().unwrap().to_owned()));
            host.map_err(|error| error.variable().unwrap().to_owned())
        })
    }

    #[test]
    fn each_scheme_has_its_variables_and_small_letters_come_first() {
        let one = |host: &str| Ok(Some(host.to_owned()));
        let cases: [(&[(&str, &str)], _); 10] = [
            (&[], [Ok(None), Ok(None)]),
            (&[("HTTP_PROXY", "a")], [one("a"), Ok(None)]),
            (&[("HTTPS_PROXY", "a")], [Ok(None), one("a")]),
            (&[("ALL_PROXY", "a")], [one("a"), one("a")]),
            (&[("ALL_PROXY", "a"), ("all_proxy", "b")], [one("b"), one("b")]),
            (
                &[("ALL_PROXY", "a"), ("http_proxy", "b"), ("HTTPS_PROXY", "c")],
                [one("b"), one("c")],
            ),
            (&[("HTTP_PROXY", "a"), ("http_proxy", "b")], [one("b"), Ok(None)]),
            (
                &[("HTTPS_PROXY", " "), ("https_proxy", ""), ("ALL_PROXY", " a ")],
                [one("a"), one("a")],
            ),
            (
                &[("HTTP_PROXY", "a"), ("ALL_PROXY", "b"), ("REQUEST_METHOD", "GET")],
                [one("b"), one("b")],
            ),
            (
                &[("http_proxy", "a"), ("HTTPS_PROXY", "b"), ("REQUEST_METHOD", "")],
                [one("a"), one("b")],
            ),
        ];
        for (variables, expected) in cases {
            assert_eq!(chosen(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn what_is_excepted_goes_straight() {
        let all = ("ALL_PROXY", "a");
        assert_eq!(chosen(&[all, ("NO_PROXY", "endpoint.example")]), [Ok(None), Ok(None)]);
        assert_eq!(chosen(&[all, ("no_proxy", "*")]), [Ok(None), Ok(None)]);
        let overridden = [all, ("no_proxy", "elsewhere.example"), ("NO_PROXY", "*")];
        assert_eq!(
            chosen(&overridden),
            [Ok(Some("a".to_owned())), Ok(Some("a".to_owned()))]
        );
        let endpoint = "http://b.example".parse().unwrap();
        let proxies = Proxies::through("http://a")
            .unwrap()
            .except("b.example")
            .except("c.example");
        assert_eq!(proxies.of(&endpoint), Ok(None));
    }

    #[test]
    fn a_variable_that_can_not_be_read_is_named_where_it_would_be_needed() {
        let broken = ("HTTPS_PROXY", "socks5://a");
        assert_eq!(chosen(&[broken]), [Ok(None), Err("HTTPS_PROXY".to_owned())]);
        assert_eq!(
            chosen(&[broken, ("NO_PROXY", "endpoint.example")]),
            [Ok(None), Ok(None)]
        );
    }

    #[test]
    fn nothing_shows_the_credentials() {
        let proxies = Proxies::through("http://ada:opensesame@proxy.example").unwrap();
        let shown = format!("{proxies:?}{proxies:#?}");
        assert!(shown.contains("proxy.example"), "{shown}");
        assert!(
            !shown.contains("opensesame") && !shown.contains("YWRh") && !shown.contains("ada"),
            "{shown}"
        );
    }
}
