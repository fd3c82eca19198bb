//! `wire.ndjson`: one line an exchange, in the order in which their connections were asked for.

use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use pipeline::Exchange;
use serde_json::{Value, json};

use super::redact::redacted;

/// All of it.
pub(super) fn text(exchanges: &[Exchange]) -> String {
    let line = |(number, exchange): (usize, &Exchange)| {
        let line = json!({
            "number": number,
            "opened": exchange.opened.to_string(),
            "request": bytes(&redacted(&exchange.request)),
            "answered": exchange.answered.map(|at| at.to_string()),
            "answer": bytes(&exchange.answer),
            "broken": exchange.broken.map(broken),
        });
        format!("{line}\n")
    };
    (1..).zip(exchanges).map(line).collect()
}

/// Text where it is text, and otherwise Base64.
fn bytes(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => json!({ "base64": BASE64_STANDARD.encode(bytes) }),
    }
}

fn broken(kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::ConnectionRefused => "refused".to_owned(),
        io::ErrorKind::ConnectionReset => "reset".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_line_has_the_bytes_whatever_they_are() {
        let exchange = Exchange {
            opened: Timestamp::UNIX_EPOCH,
            request: b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            answered: Some(Timestamp::UNIX_EPOCH),
            answer: b"\xff\r\n".to_vec(),
            broken: Some(io::ErrorKind::ConnectionReset),
        };
        assert_eq!(
            text(&[exchange]),
            "{\"number\":1,\"opened\":\"1970-01-01T00:00:00Z\",\"request\":\"GET / HTTP/1.1\\r\\n\\r\\n\",\
             \"answered\":\"1970-01-01T00:00:00Z\",\"answer\":{\"base64\":\"/w0K\"},\"broken\":\"reset\"}\n"
        );
    }
}
