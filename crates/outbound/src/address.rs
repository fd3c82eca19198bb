use http::Uri;
use http::uri::Scheme;

/// Whether connections there need TLS.
pub(crate) fn is_https(address: &Uri) -> bool {
    address.scheme() == Some(&Scheme::HTTPS)
}

/// The host's name or address, without the brackets of an IPv6 one.
pub(crate) fn host(address: &Uri) -> &str {
    let host = address.host().unwrap_or_default();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    bare.unwrap_or(host)
}

/// The port that it is reached at.
pub(crate) fn port(address: &Uri) -> u16 {
    let of_scheme = if is_https(address) { 443 } else { 80 };
    address.port_u16().unwrap_or(of_scheme)
}
