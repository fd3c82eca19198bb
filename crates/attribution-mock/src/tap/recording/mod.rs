//! One exchange as it is kept: what was asked and answered, without secrets, and the file in which it is written.

mod file;

use inbound::encoding_of;
use std::collections::BTreeMap;
use std::fmt;

use attribution_ledger::Dialect;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HOST};

use super::redaction::Redaction;
use super::template::RequestTemplate;
use crate::upstream::{WireAnswer, WireRequest, plain, without_hops};

pub use file::RecordingError;

/// An exchange without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The dialect that was spoken.
    pub dialect: Dialect,
    /// What was asked.
    pub request: RequestTemplate,
    /// What was answered.
    pub response: RecordedAnswer,
    /// What the double would have answered, where another server did.
    pub double: Option<RecordedAnswer>,
}

/// An answer without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The status.
    pub status: u16,
    /// The headers, by their names in small letters.
    pub headers: BTreeMap<String, String>,
    /// How the body was compressed.
    pub encoding: Option<String>,
    /// The body, decompressed; `None` where that is not possible, so that no secret can be looked for in it.
    pub body: Option<Vec<u8>>,
}

/// The body of a request can't be decompressed, so that no secret can be looked for in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

impl Recording {
    /// What is kept of an exchange whose bodies may have so many bytes once they are decompressed.
    pub(super) fn of(
        redaction: &Redaction,
        limit: usize,
        dialect: Dialect,
        request: &WireRequest,
        response: &WireAnswer,
        double: Option<&WireAnswer>,
    ) -> Result<Self, Unreadable> {
        let body = plain(&request.headers, &request.body, limit).ok_or(Unreadable)?;
        let request = RequestTemplate {
            method: request.method.clone(),
            path: redaction.path(&request.path),
            headers: redacted_headers(&request.headers, redaction),
            encoding: encoding_of(&request.headers),
            body: redacted_body(body, redaction),
        };
        Ok(Self {
            dialect,
            request,
            response: RecordedAnswer::of(redaction, limit, response),
            double: double.map(|double| RecordedAnswer::of(redaction, limit, double)),
        })
    }
}

impl RecordedAnswer {
    fn of(redaction: &Redaction, limit: usize, answer: &WireAnswer) -> Self {
        Self {
            status: answer.status.as_u16(),
            headers: redacted_headers(&answer.headers, redaction),
            encoding: encoding_of(&answer.headers),
            body: answer.plain_body(limit).map(|body| redacted_body(body, redaction)),
        }
    }
}

fn redacted_body(body: Vec<u8>, redaction: &Redaction) -> Vec<u8> {
    match String::from_utf8(body) {
        Ok(text) => redaction.text(&text).into_bytes(),
        Err(error) => redaction.bytes(error.as_bytes()),
    }
}

/// Without those of the connection and of the body's length, which its next sender adds.
fn redacted_headers(headers: &HeaderMap, redaction: &Redaction) -> BTreeMap<String, String> {
    let kept = without_hops(headers.clone());
    let names = kept
        .keys()
        .filter(|name| ![CONTENT_ENCODING, CONTENT_LENGTH, HOST].contains(*name));
    let joined = names.map(|name| {
        let values = kept
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let value = values.collect::<Vec<_>>().join(", ");
        (name.to_string(), redaction.header(name, &value))
    });
    joined.collect()
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its body can't be decompressed, so no secret can be taken out of it")
    }
}

#[cfg(test)]
mod tests;
