use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::REDACTED;

/// What lets a sender in, or a visitor: no journal has it.
const SECRET: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// The headers of a request, in order.
///
/// What a sender says of itself is the same in request after request, so a clone shares its text. A header that
/// authenticates has [`REDACTED`] for its value, wherever the headers come from.
///
/// ```
/// use attribution_ledger::Headers;
///
/// let headers = Headers::new([("User-Agent", "Segment.io/1.0"), ("Authorization", "Basic ZGVtbzo=")])?;
/// assert_eq!(headers.get("user-agent"), Some("Segment.io/1.0"));
/// assert_eq!(headers.get("authorization"), Some("[redacted]"));
/// assert_eq!(headers.iter().count(), 2);
/// # Ok::<(), attribution_ledger::BadHeader>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Headers {
    /// As HTTP writes them, a line each; no headers take no room.
    lines: Option<Arc<str>>,
}

impl Headers {
    /// From names and values; names are kept in small letters.
    ///
    /// # Errors
    ///
    /// When a name or a value is none in HTTP.
    pub fn new<N: AsRef<str>, V: AsRef<str>>(all: impl IntoIterator<Item = (N, V)>) -> Result<Self, BadHeader> {
        let mut lines = String::with_capacity(256);
        for (name, value) in all {
            let (name, value) = (name.as_ref(), value.as_ref());
            let start = lines.len();
            lines.push_str(name);
            lines[start..].make_ascii_lowercase();
            let is_secret = SECRET.contains(&&lines[start..]);
            if !is_name(name) || breaks(value) {
                let name = name.to_ascii_lowercase();
                return Err(BadHeader { name });
            }
            lines.push_str(": ");
            lines.push_str(if is_secret { REDACTED } else { value });
            lines.push('\n');
        }
        let lines = (!lines.is_empty()).then(|| lines.into());
        Ok(Self { lines })
    }

    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.lines.as_deref().unwrap_or_default();
        lines.split_terminator('\n').filter_map(|line| line.split_once(": "))
    }

    /// The first value of a name in small letters.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_none()
    }

    /// How many bytes they have, written out.
    pub fn bytes(&self) -> usize {
        self.lines.as_deref().map_or(0, str::len)
    }

    /// What `http` has, where not all of it is UTF-8.
    fn of_bytes(all: &HeaderMap) -> Self {
        let text = |value: &[u8]| match str::from_utf8(value) {
            Ok(text) => text.to_owned(),
            Err(_) => value.iter().copied().map(char::from).collect(),
        };
        let pairs = all.iter().map(|(name, value)| (name.as_str(), text(value.as_bytes())));
        Self::new(pairs).unwrap_or_default()
    }
}

impl From<&HeaderMap> for Headers {
    /// What `http` has for a header is one, so nothing of it is looked at once more. What isn't UTF-8 is read as HTTP once
    /// defined it, a character for each byte.
    fn from(all: &HeaderMap) -> Self {
        let mut lines = Vec::with_capacity(512);
        for (name, value) in all {
            let is_secret = SECRET.contains(&name.as_str());
            lines.extend_from_slice(name.as_str().as_bytes());
            lines.extend_from_slice(b": ");
            lines.extend_from_slice(if is_secret {
                REDACTED.as_bytes()
            } else {
                value.as_bytes()
            });
            lines.push(b'\n');
        }
        let Ok(lines) = String::from_utf8(lines) else {
            return Self::of_bytes(all);
        };
        let lines = (!lines.is_empty()).then(|| lines.into());
        Self { lines }
    }
}

impl Serialize for Headers {
    /// A list of pairs, because a name can stand twice.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs = serializer.serialize_seq(None)?;
        for pair in self.iter() {
            pairs.serialize_element(&pair)?;
        }
        pairs.end()
    }
}

// Both look at all of it, which is quicker than to stop at each byte and see.

fn is_name(name: &str) -> bool {
    let is_odd = |byte| byte <= b' ' || byte == b':' || byte >= 0x7f;
    !name.is_empty() && !name.bytes().fold(false, |odd, byte| odd | is_odd(byte))
}

fn breaks(value: &str) -> bool {
    let breaks = |byte| byte == b'\r' || byte == b'\n' || byte == 0;
    value.bytes().fold(false, |broken, byte| broken | breaks(byte))
}

/// A header that HTTP doesn't have: its name has a blank or a colon in it, or its value a line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadHeader {
    /// Its name, in small letters.
    pub name: String,
}

impl fmt::Display for BadHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no header: a name is of visible characters without a colon, a value of one line",
            self.name.escape_debug()
        )
    }
}

impl Error for BadHeader {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_back_in_order_and_as_often_as_they_came() {
        let all = [("host", "a"), ("x-odd", ": b: c"), ("host", ""), ("x-odd", "é")];
        let headers = Headers::new(all).unwrap();
        assert_eq!(headers.iter().collect::<Vec<_>>(), all);
        assert_eq!((headers.get("host"), headers.get("Host")), (Some("a"), None));
    }

    #[test]
    fn what_authenticates_is_kept_by_nobody() {
        for name in ["Authorization", "PROXY-authorization", "cookie"] {
            let headers = Headers::new([(name, "secret")]).unwrap();
            assert!(!format!("{headers:?}").contains("secret"), "{name}");
        }
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for (name, value) in [
            ("", "a"),
            ("a b", "c"),
            ("a:", "b"),
            ("é", "b"),
            ("a", "b\nc: d"),
            ("a", "b\0"),
        ] {
            assert_eq!(Headers::new([(name, value)]).unwrap_err().name, name, "{name}: {value}");
        }
        assert!(Headers::new([("a", "b"); 0]).unwrap().is_empty());
    }

    #[test]
    fn what_http_has_is_kept_as_it_is() {
        use http::header::{AUTHORIZATION, HeaderName, HeaderValue, SET_COOKIE};
        let mut all = HeaderMap::new();
        assert!(Headers::from(&all).is_empty());
        for (name, value) in [
            (AUTHORIZATION, "Basic ZGVtbzo="),
            (SET_COOKIE, "a: b"),
            (SET_COOKIE, ""),
            (HeaderName::from_static("x-odd"), "é"),
        ] {
            all.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let kept = [
            ("authorization", REDACTED),
            ("set-cookie", "a: b"),
            ("set-cookie", ""),
            ("x-odd", "é"),
        ];
        assert_eq!(Headers::from(&all), Headers::new(kept).unwrap());
        all.append("x-latin", HeaderValue::from_bytes(b"\xe9").unwrap());
        let kept = kept.into_iter().chain([("x-latin", "é")]);
        assert_eq!(Headers::from(&all), Headers::new(kept).unwrap());
    }

    #[test]
    fn a_clone_shares_its_text() {
        let headers = Headers::new([("host", "a")]).unwrap();
        let clone = headers.clone();
        assert!(
            headers
                .lines
                .zip(clone.lines)
                .is_some_and(|(one, other)| Arc::ptr_eq(&one, &other))
        );
    }
}
