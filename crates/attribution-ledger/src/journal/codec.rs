//! An entry as one line of JSON.
//!
//! ```json
//! {"version":1,"seq":1,"received_at":"2024-01-15T10:00:00Z","path":"/track","verdict":"recorded","status":200,"body":"{}"}
//! ```
//!
//! The body is a string, so that it comes back byte for byte, blanks and key order included; one that isn't UTF-8 is
//! `body_base64` instead. `encoding` is there when the request had one, and `browser` when it was sent as attribution.js
//! sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Entry, EntryError, EntryVerdict, Request};

/// What this version writes and the only one that it reads.
pub(super) const VERSION: u64 = 1;

/// Readers of JSON that know only floating-point numbers keep integers up to here.
pub(super) const LAST_SEQ: u64 = (1 << 53) - 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u64,
    seq: u64,
    received_at: Timestamp,
    path: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    browser: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'a str>,
    verdict: EntryVerdict,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    version: u64,
    seq: u64,
    received_at: Timestamp,
    path: String,
    #[serde(default)]
    browser: bool,
    encoding: Option<String>,
    verdict: Verdict,
    status: u16,
    body: Option<String>,
    body_base64: Option<String>,
}

/// All that another version is sure to have.
#[derive(Deserialize)]
struct Head {
    version: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Recorded,
    Refused,
    Ignored,
}

impl Entry {
    /// The entry as one line of JSON, without its line feed.
    ///
    /// # Panics
    ///
    /// Never: strings and integers can always be written as JSON.
    pub fn encode(&self) -> String {
        let request = &self.request;
        let body = std::str::from_utf8(&request.body).ok();
        let line = Written {
            version: VERSION,
            seq: self.seq,
            received_at: request.received_at,
            path: &request.path,
            browser: request.browser,
            encoding: request.encoding.as_deref(),
            verdict: self.verdict,
            status: self.status,
            body,
            body_base64: body.is_none().then(|| STANDARD.encode(&request.body)),
        };
        serde_json::to_string(&line).expect("strings and integers are serialisable")
    }

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    ///
    /// When the line is no entry of this version; the error says what is wrong with it.
    pub fn decode(line: &[u8]) -> Result<Self, EntryError> {
        let read: Read =
            serde_json::from_slice(line).map_err(|error| other_version(line).unwrap_or(EntryError::Shape(error)))?;
        if read.version != VERSION {
            return Err(EntryError::Version(read.version));
        }
        if !(1..=LAST_SEQ).contains(&read.seq) {
            return Err(EntryError::Seq(read.seq));
        }
        let body = match (read.body, read.body_base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64).map_err(EntryError::Base64)?,
            _ => return Err(EntryError::Body),
        };
        let Read {
            received_at,
            path,
            browser,
            encoding,
            ..
        } = read;
        let verdict = match read.verdict {
            Verdict::Recorded => EntryVerdict::Recorded,
            Verdict::Refused => EntryVerdict::Refused,
            Verdict::Ignored => EntryVerdict::Ignored,
        };
        Ok(Self {
            seq: read.seq,
            request: Request {
                received_at,
                path,
                browser,
                encoding,
                body,
            },
            verdict,
            status: read.status,
        })
    }
}

/// A line of another version is told so, rather than which member this version misses in it.
fn other_version(line: &[u8]) -> Option<EntryError> {
    let head: Head = serde_json::from_slice(line).ok()?;
    (head.version != VERSION).then_some(EntryError::Version(head.version))
}

#[cfg(test)]
mod tests;
