use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, Uri};

/// The header that names another machine than this one and its other names, if one does: `Host`, against DNS rebinding, or
/// `Origin`, since a page may post without asking first. What is only for this machine is not for such a request.
///
/// ```
/// use http::{HeaderMap, Uri};
///
/// let headers = HeaderMap::from_iter([(http::header::HOST, "evil.example".parse()?)]);
/// assert_eq!(inbound::outsider(&Uri::from_static("/"), &headers, &[]), Some("Host"));
/// assert_eq!(inbound::outsider(&Uri::from_static("/"), &headers, &["evil.example".to_owned()]), None);
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
pub fn outsider(uri: &Uri, headers: &HeaderMap, also: &[String]) -> Option<&'static str> {
    let text = |header| headers.get(header).map(|value| value.to_str().unwrap_or_default());
    let host = match uri.authority() {
        // HTTP/1.1 lets the request line name the host, and HTTP/2 does so always; then the header doesn't count.
        Some(authority) => Some(authority.as_str()),
        None => text(HOST),
    };
    let is_insider = |host: &str| is_insider(host, also);
    if !host.is_some_and(is_insider) {
        return Some("Host");
    }
    let origin = text(ORIGIN).map(|origin| origin.split_once("://").map_or("", |(_scheme, host)| host));
    origin.filter(|origin| !is_insider(origin)).map(|_| "Origin")
}

fn is_insider(authority: &str, also: &[String]) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else {
        return false;
    };
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(&host);
    let is_loopback = match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    };
    is_loopback || also.iter().any(|name| name.eq_ignore_ascii_case(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_and_addresses_are_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST:7070",
            "localhost.",
            "mock.localhost:1",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]:7070",
        ] {
            assert!(is_insider(host, &[]), "{host}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "10.0.0.1",
            "127.0.0.1.example.com",
            "notlocalhost",
            "[::2]",
            "a b",
        ] {
            assert!(!is_insider(host, &[]), "{host}");
        }
    }

    #[test]
    fn user_information_does_not_disguise_a_host() {
        assert!(!is_insider("localhost@example.com", &[]));
    }

    #[test]
    fn another_name_is_as_good_with_any_port_and_in_any_case_and_nothing_below_or_above_it() {
        let also = ["attribution".to_owned(), "10.0.0.1".to_owned(), "fd00::1".to_owned()];
        for host in [
            "attribution:7070",
            "ATTRIBUTION.",
            "10.0.0.1:1",
            "[fd00::1]:1",
            "localhost",
        ] {
            assert!(is_insider(host, &also), "{host}");
        }
        for host in [
            "attribution.example",
            "evil.attribution",
            "10.0.0.2",
            "",
            "attribution@evil",
        ] {
            assert!(!is_insider(host, &also), "{host}");
        }
    }
}
