use memchr::{memchr3, memrchr};
use url::Url;

/// Where a url says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// At a host, which was appended to the text given.
    There,
    /// It is relative, so wherever the page is.
    Relative,
    /// It can't be read.
    Unreadable,
}

/// Appends the host of a url in small letters, without port, user or a final dot, as a browser reads it.
///
/// Nearly every url is read in one pass; one with anything odd in its host is left to the WHATWG parser.
pub(super) fn host(url: &str, into: &mut String) -> Host {
    let url = url.trim();
    let Some(rest) = after_scheme(url) else {
        return relative(url);
    };
    let end = memchr3(b'/', b'?', b'#', rest.as_bytes());
    let name = without_port(&rest[..end.unwrap_or(rest.len())]);
    if !is_plain(name.as_bytes()) {
        return parsed(url, into);
    }
    let start = into.len();
    into.push_str(name);
    into[start..].make_ascii_lowercase();
    Host::There
}

/// What comes after the scheme of a url and `://`. A relative url has none, though there may be another one in its query.
pub(super) fn after_scheme(url: &str) -> Option<&str> {
    // Nearly every url begins with one of these.
    if let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) {
        return Some(rest);
    }
    let (scheme, rest) = url.split_once("://")?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then_some(rest)
}

fn without_port(authority: &str) -> &str {
    let Some(colon) = memrchr(b':', authority.as_bytes()) else {
        return authority;
    };
    let port = &authority[colon + 1..];
    if port.len() <= 4 && port.bytes().all(|byte| byte.is_ascii_digit()) {
        &authority[..colon]
    } else {
        authority
    }
}

/// Whether a browser reads the name as it is written but for letter case. A number in the end makes an address of it, which
/// can be written in many ways; `xn--` can be wrong.
fn is_plain(name: &[u8]) -> bool {
    let mut label = 0;
    for (at, byte) in name.iter().enumerate() {
        let is_empty = at == label;
        match byte {
            b'.' if is_empty => return false,
            b'.' => label = at + 1,
            b'x' | b'X' if is_empty && name[at..].len() >= 4 && name[at..at + 4].eq_ignore_ascii_case(b"xn--") => {
                return false;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => {}
            _ => return false,
        }
    }
    let is_number = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_digit);
    !is_number(name.get(label)) && !is_number(name.last())
}

/// The host of a referrer, where it has one that can be read.
pub(crate) fn referring_host(url: &str) -> Option<String> {
    let mut name = String::new();
    (host(url, &mut name) == Host::There).then_some(name)
}

fn parsed(url: &str, into: &mut String) -> Host {
    let Ok(url) = Url::parse(url) else {
        return Host::Unreadable;
    };
    match url.host_str().filter(|host| !host.is_empty()) {
        Some(host) => {
            into.push_str(host.trim_end_matches('.').to_lowercase().as_str());
            Host::There
        }
        None => Host::Unreadable,
    }
}

/// A path, a query or a fragment; anything else without a scheme is no url that a page can have.
fn relative(url: &str) -> Host {
    if url.starts_with("//") {
        return Host::Unreadable;
    }
    if url.starts_with(['/', '?', '#']) {
        Host::Relative
    } else {
        Host::Unreadable
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(url: &str) -> (Host, String) {
        let mut text = String::new();
        (host(url, &mut text), text)
    }

    #[test]
    fn a_host_is_in_small_letters_and_alone() {
        for (url, expected) in [
            ("https://Shop.Example/path?x=https://other.example", "shop.example"),
            ("https://user:secret@shop.example:8443/", "shop.example"),
            ("http://shop.example?x=1", "shop.example"),
            ("https://bücher.example/", "xn--bcher-kva.example"),
            ("http://127.1/", "127.0.0.1"),
            ("http://[::1]:80/", "[::1]"),
            ("https://shop.example./", "shop.example"),
            ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ] {
            assert_eq!(read(url), (Host::There, expected.to_owned()), "{url}");
        }
    }

    #[test]
    fn what_has_none_is_relative_or_unreadable() {
        for url in ["/pricing?from=https://a.example", "?a", "#a"] {
            assert_eq!(read(url).0, Host::Relative, "{url}");
        }
        for url in [
            "",
            "google",
            "https://",
            "http://a b/",
            "://a",
            "//a",
            "$direct",
            "https://%zz/",
        ] {
            assert_eq!(read(url).0, Host::Unreadable, "{url}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn it_is_the_host_that_a_browser_sees(
            url in "https?://([a-zA-Z0-9_.-]{1,12}|[a-z]{1,5}\\.[a-z]{2,3}|[ -~é]{0,12})(:[0-9]{0,6})?([/?#][ -~]{0,10})?"
        ) {
            let expected = Url::parse(url.trim()).ok().and_then(|url| {
                Some(url.host_str().filter(|host| !host.is_empty())?.trim_end_matches('.').to_lowercase())
            });
            let (kind, text) = read(&url);
            prop_assert_eq!((kind == Host::There).then_some(text), expected, "{}", url);
        }
    }
}
