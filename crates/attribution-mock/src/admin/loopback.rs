use std::net::IpAddr;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, Uri};

use crate::exchange::Problem;

/// Lets a request through that is addressed to this machine by a name that no web page elsewhere can take: against
/// DNS rebinding. An `Origin` elsewhere is turned away too, since a page may post without asking first.
pub(crate) async fn loopback_only(request: Request, next: Next) -> Response {
    match outsider(request.uri(), request.headers()) {
        None => next.run(request).await,
        Some(header) => Problem::NotLoopback { header }.into_response(),
    }
}

/// The header that names another machine, if one does.
fn outsider(uri: &Uri, headers: &HeaderMap) -> Option<&'static str> {
    let text = |header| headers.get(header).map(|value| value.to_str().unwrap_or_default());
    let host = match uri.authority() {
        // HTTP/1.1 lets the request line name the host, and then the header doesn't count.
        Some(authority) => Some(authority.as_str()),
        None => text(HOST),
    };
    if !host.is_some_and(is_loopback) {
        return Some("Host");
    }
    let origin = text(ORIGIN).map(|origin| origin.split_once("://").map_or("", |(_scheme, host)| host));
    origin.filter(|origin| !is_loopback(origin)).map(|_| "Origin")
}

fn is_loopback(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else {
        return false;
    };
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(&host);
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
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
            assert!(is_loopback(host), "{host}");
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
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn user_information_does_not_disguise_a_host() {
        assert!(!is_loopback("localhost@example.com"));
    }
}
