use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use percent_encoding::percent_decode_str;

/// What a proxy knows us by. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    header: HeaderValue,
    password: String,
}

impl Credentials {
    /// Reads what stands before the `@` of a URL: `user` or `user:password`, percent-encoded.
    ///
    /// `None`, when the user contains a colon, or either one a control character: `Basic` can't carry them (RFC 7617).
    pub(super) fn read(text: &str) -> Option<Self> {
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        let user: Vec<u8> = percent_decode_str(user).collect();
        let password: Vec<u8> = percent_decode_str(password).collect();
        if user.contains(&b':') || user.iter().chain(&password).any(u8::is_ascii_control) {
            return None;
        }
        let encoded = STANDARD.encode([&user[..], b":", &password].concat());
        let mut header = HeaderValue::try_from(format!("Basic {encoded}")).ok()?;
        header.set_sensitive(true);
        Some(Self {
            header,
            password: String::from_utf8_lossy(&password).into_owned(),
        })
    }

    /// The value of `Proxy-Authorization`.
    pub fn header(&self) -> &HeaderValue {
        &self.header
    }

    /// The text without the credentials, should a proxy repeat them.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let header = self.header.to_str().unwrap_or_default();
        let text = text.replace(header.strip_prefix("Basic ").unwrap_or(header), "[redacted]");
        if self.password.is_empty() {
            text
        } else {
            text.replace(&self.password, "[redacted]")
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Option<String> {
        Credentials::read(text).map(|read| read.header.to_str().unwrap().to_owned())
    }

    #[test]
    fn user_and_password_are_decoded_and_sent_as_basic() {
        assert_eq!(header("ada:pw").as_deref(), Some("Basic YWRhOnB3"));
        assert_eq!(header("ada").as_deref(), Some("Basic YWRhOg=="));
        assert_eq!(header("ada:").as_deref(), Some("Basic YWRhOg=="));
        assert_eq!(
            header("a%40b:p%3Aw:x"),
            Some(format!("Basic {}", STANDARD.encode("a@b:p:w:x")))
        );
        assert_eq!(
            header("%FF:%c3%a9"),
            Some(format!("Basic {}", STANDARD.encode(b"\xff:\xc3\xa9")))
        );
    }

    #[test]
    fn what_basic_can_not_carry_is_refused() {
        for text in ["a%3Ab:pw", "ada:p%0D%0Aw", "%00"] {
            assert_eq!(header(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_shows_them_not_even_an_answer_that_repeats_them() {
        let credentials = Credentials::read("ada:opensesame").unwrap();
        assert_eq!(format!("{credentials:?}"), "Credentials([redacted])");
        let text = format!("{} or opensesame?", credentials.header.to_str().unwrap());
        assert_eq!(credentials.redact(&text), "Basic [redacted] or [redacted]?");
        assert_eq!(Credentials::read("ada").unwrap().redact("as it is"), "as it is");
    }
}
