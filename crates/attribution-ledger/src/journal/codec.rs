//! An entry as one line of JSON.
//!
//! ```json
//! {"version":1,"seq":1,"received_at":"2024-01-15T10:00:00Z","path":"/track","verdict":"recorded","status":200,"body":"{}"}
//! ```
//!
//! The body is a string, so that it comes back byte for byte, blanks and key order included; one that isn't UTF-8 is
//! `body_base64` instead. `headers`, a list of pairs, and `encoding` are there when the request had any, and `browser` when
//! it was sent as attribution.js sends. Where several share a journal, `project` and `namespace` say whose the line is. A
//! line that has `reset_at` in place of an entry's members says that everything of theirs before it was forgotten.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Entry, EntryError, EntryVerdict, Headers, Line, Logged, Request};

/// What this version writes and the only one that it reads.
pub(super) const VERSION: u64 = 1;

/// Readers of JSON that know only floating-point numbers keep integers up to here.
pub(super) const LAST_SEQ: u64 = (1 << 53) - 1;

#[derive(Serialize)]
struct WrittenEntry<'a> {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    seq: u64,
    received_at: Timestamp,
    path: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    browser: bool,
    #[serde(skip_serializing_if = "Headers::is_empty")]
    headers: &'a Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'a str>,
    verdict: EntryVerdict,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

#[derive(Serialize)]
struct WrittenReset<'a> {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    reset_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadEntry {
    version: u64,
    project: Option<String>,
    namespace: Option<String>,
    seq: u64,
    received_at: Timestamp,
    path: String,
    #[serde(default)]
    browser: bool,
    #[serde(default)]
    headers: Vec<(String, String)>,
    encoding: Option<String>,
    verdict: Verdict,
    status: u16,
    body: Option<String>,
    body_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadReset {
    version: u64,
    project: Option<String>,
    namespace: Option<String>,
    reset_at: Timestamp,
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

impl Line<'_> {
    /// The line as JSON, without its line feed.
    ///
    /// # Panics
    ///
    /// Never: strings and integers can always be written as JSON.
    pub fn encode(&self) -> String {
        let (project, namespace) = (self.project.as_deref(), self.namespace.as_deref());
        let text = match &self.logged {
            Logged::Entry(entry) => serde_json::to_string(&written(project, namespace, entry)),
            &Logged::Reset { at } => serde_json::to_string(&WrittenReset {
                version: VERSION,
                project,
                namespace,
                reset_at: at,
            }),
        };
        text.expect("strings and integers are serialisable")
    }

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    ///
    /// When the line is none of this version; the error says what is wrong with it.
    pub fn decode(line: &[u8]) -> Result<Self, EntryError> {
        match serde_json::from_slice::<ReadEntry>(line) {
            Ok(read) => of_entry(read),
            Err(error) => of_reset(line).unwrap_or(Err(EntryError::Shape(error))),
        }
    }
}

impl Entry {
    /// The entry as one line of JSON, without its line feed and without saying whose it is.
    ///
    /// # Panics
    ///
    /// Never: strings and integers can always be written as JSON.
    pub fn encode(&self) -> String {
        serde_json::to_string(&written(None, None, self)).expect("strings and integers are serialisable")
    }

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    ///
    /// When the line is no entry of this version; the error says what is wrong with it.
    pub fn decode(line: &[u8]) -> Result<Self, EntryError> {
        match Line::decode(line)? {
            Line {
                project: None,
                namespace: None,
                logged: Logged::Entry(entry),
            } => Ok(entry.into_owned()),
            _ => Err(EntryError::Shared),
        }
    }
}

fn written<'a>(project: Option<&'a str>, namespace: Option<&'a str>, entry: &'a Entry) -> WrittenEntry<'a> {
    let request = &entry.request;
    let body = std::str::from_utf8(&request.body).ok();
    WrittenEntry {
        version: VERSION,
        project,
        namespace,
        seq: entry.seq,
        received_at: request.received_at,
        path: &request.path,
        browser: request.browser,
        headers: &request.headers,
        encoding: request.encoding.as_deref(),
        verdict: entry.verdict,
        status: entry.status,
        body,
        body_base64: body.is_none().then(|| STANDARD.encode(&request.body)),
    }
}

fn of_entry(read: ReadEntry) -> Result<Line<'static>, EntryError> {
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
    let request = Request {
        received_at: read.received_at,
        path: read.path.into(),
        browser: read.browser,
        headers: Headers::new(read.headers).map_err(EntryError::Header)?,
        encoding: read.encoding.map(Into::into),
        body: body.into(),
    };
    let (project, namespace) = whose(read.project, read.namespace)?;
    let entry = Entry {
        seq: read.seq,
        request,
        verdict: match read.verdict {
            Verdict::Recorded => EntryVerdict::Recorded,
            Verdict::Refused => EntryVerdict::Refused,
            Verdict::Ignored => EntryVerdict::Ignored,
        },
        status: read.status,
    };
    Ok(Line {
        project,
        namespace,
        logged: Logged::Entry(Cow::Owned(entry)),
    })
}

type Text = Option<Cow<'static, str>>;

/// Whose a line is: a namespace is a project's.
fn whose(project: Option<String>, namespace: Option<String>) -> Result<(Text, Text), EntryError> {
    match (project, namespace) {
        (None, Some(_)) => Err(EntryError::Whose),
        (project, namespace) => Ok((project.map(Into::into), namespace.map(Into::into))),
    }
}

/// What a line says that is no entry of this version: a reset, or that it is of another version. That is told rather than
/// which member this version misses in it.
fn of_reset(line: &[u8]) -> Option<Result<Line<'static>, EntryError>> {
    match serde_json::from_slice::<ReadReset>(line) {
        Ok(read) if read.version == VERSION => {
            let whose = whose(read.project, read.namespace);
            Some(whose.map(|(project, namespace)| Line {
                project,
                namespace,
                logged: Logged::Reset { at: read.reset_at },
            }))
        }
        _ => {
            let Head { version } = serde_json::from_slice(line).ok()?;
            (version != VERSION).then_some(Err(EntryError::Version(version)))
        }
    }
}

#[cfg(test)]
mod tests;
