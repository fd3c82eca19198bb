use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Headers;
use crate::assess::{Assessment, assess_as};
use crate::decode::{Dialect, Route};

/// One request as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When its body was complete.
    pub received_at: Timestamp,
    /// The request path, `/track`.
    pub path: Cow<'static, str>,
    /// Whether it was sent as attribution.js sends: as text and without an `Authorization`. That tells the dialect of a path
    /// which two of them share.
    pub browser: bool,
    /// Its headers, as far as they are kept.
    pub headers: Headers,
    /// The content encoding in which the body came, `gzip`; none for a plain one.
    pub encoding: Option<Box<str>>,
    /// The body's bytes after content-decoding. What is made of a request shares them.
    pub body: Arc<[u8]>,
}

impl Request {
    /// Where it goes and in which dialect; none where no event goes there.
    pub fn route(&self) -> Option<Route> {
        if self.browser {
            Route::of_browser(&self.path)
        } else {
            Route::of_path(&self.path)
        }
    }

    /// Reads it and applies every rule to it.
    pub fn assess(&self) -> Assessment<'_> {
        assess_as(self.route(), &self.path, &self.body)
    }
}

/// What stands in a row for what is secret. It tells nothing, not even a length.
pub const REDACTED: &str = "[redacted]";

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryVerdict {
    /// It counts: the projections are made of these. Its sender need not have been told so.
    Recorded,
    /// A strict server refused it for breaking a rule. It counts for nothing, but its violations are listed.
    Refused,
    /// It was answered without a look at what it says: a scripted fault, a sender that isn't let in (whose body
    /// isn't kept), a body too long or of another content type. It counts for nothing, and it has no violations.
    Ignored,
}

impl EntryVerdict {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Recorded, Self::Refused, Self::Ignored];

    /// As it is serialised: `recorded`, `refused` or `ignored`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Refused => "refused",
            Self::Ignored => "ignored",
        }
    }
}

/// One line of the journal: a request and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1, in the order of arrival.
    pub seq: u64,
    /// What was received.
    pub request: Request,
    /// What became of it.
    pub verdict: EntryVerdict,
    /// The HTTP status of the answer, whether or not it reached the sender.
    pub status: u16,
}

impl Entry {
    /// The entry as people and scenarios look at it, with the ids of the rules that it was found to break.
    pub fn row(&self, rules: Vec<&'static str>) -> EntryRow {
        let mut body = readable(&self.request.body);
        if self.request.browser {
            redact(&mut body);
        }
        EntryRow {
            seq: self.seq,
            at: self.request.received_at,
            path: self.request.path.clone().into_owned(),
            dialect: self.request.route().map(Route::dialect),
            status: self.status,
            recorded: self.verdict == EntryVerdict::Recorded,
            rules,
            events: events(self.request.route(), &body),
            body,
        }
    }
}

/// What a list of requests shows of an [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryRow {
    /// Counts from 1, in the order of arrival.
    pub seq: u64,
    /// When it was received.
    pub at: Timestamp,
    /// The request path.
    pub path: String,
    /// The dialect that it speaks; none where no event goes to its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Whether the projections count it.
    pub recorded: bool,
    /// The ids of the rules that it was found to break when it arrived, each once.
    pub rules: Vec<&'static str>,
    /// How many messages it holds: of an import so many as stand in its batch, else one; 0 where there is nothing that
    /// could be one.
    pub events: usize,
    /// Parsed where it is JSON, else the text. The project id that a browser's body carries is not shown: that body is shown
    /// with [`REDACTED`] in the id's place, and one that is no JSON object or array isn't shown at all.
    pub body: Value,
}

/// The body as JSON where it is JSON, else as text.
fn readable(body: &[u8]) -> Value {
    json_value::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

/// Takes the project id out of what a browser sent, wherever a field is named for it.
fn redact(body: &mut Value) {
    match body {
        Value::Object(_) | Value::Array(_) => redact_fields(body),
        _ => *body = Value::from(REDACTED),
    }
}

fn redact_fields(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(redact_fields),
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "projectId" | "project_id" => *value = Value::from(REDACTED),
                    _ => redact_fields(value),
                }
            }
        }
        _ => {}
    }
}

fn events(route: Option<Route>, body: &Value) -> usize {
    match route {
        Some(Route::Import) => body.get("batch").and_then(Value::as_array).map_or(0, Vec::len),
        Some(Route::Track | Route::Identify | Route::Alias | Route::Actions(_) | Route::Browser(_)) => {
            usize::from(body.is_object())
        }
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::{Entry, EntryVerdict, Headers, Request};

    fn row(path: &str, body: &[u8], verdict: EntryVerdict) -> Value {
        let request = Request {
            received_at: Timestamp::UNIX_EPOCH,
            path: path.to_owned().into(),
            browser: false,
            headers: Headers::default(),
            encoding: None,
            body: body.into(),
        };
        serde_json::to_value(
            Entry {
                seq: 1,
                request,
                verdict,
                status: 200,
            }
            .row(Vec::new()),
        )
        .unwrap()
    }

    #[test]
    fn a_row_shows_the_body_as_json() {
        assert_eq!(
            row("/track", br#"{"event":"x"}"#, EntryVerdict::Recorded),
            json!({
                "seq": 1, "at": "1970-01-01T00:00:00Z", "path": "/track", "dialect": "classic", "status": 200, "recorded": true,
                "rules": [], "events": 1, "body": { "event": "x" },
            })
        );
    }

    #[test]
    fn a_body_that_is_not_json_is_shown_as_text() {
        let row = row("/track", b"event=\xff", EntryVerdict::Refused);
        assert_eq!(
            (&row["body"], &row["recorded"]),
            (&json!("event=\u{fffd}"), &json!(false))
        );
    }

    #[test]
    fn a_row_of_a_browser_shows_no_project_id() {
        let shown = |body: &str| {
            let request = Request {
                received_at: Timestamp::UNIX_EPOCH,
                path: "/v1/t".into(),
                browser: true,
                headers: Headers::default(),
                encoding: None,
                body: body.as_bytes().into(),
            };
            let entry = Entry {
                seq: 1,
                request,
                verdict: EntryVerdict::Refused,
                status: 400,
            };
            assert_eq!(&*entry.request.body, body.as_bytes(), "the entry itself is as it came");
            entry.row(Vec::new()).body
        };
        assert_eq!(
            shown(r#"{"projectId":"secret","event":"x","context":{"project_id":7}}"#),
            json!({ "projectId": "[redacted]", "event": "x", "context": { "project_id": "[redacted]" } })
        );
        assert_eq!(
            shown(r#"[{"projectId":"secret"}]"#),
            json!([{ "projectId": "[redacted]" }])
        );
        for unreadable in [
            r#"{"projectId":"secret","#,
            r#""{\"projectId\":\"secret\"}""#,
            "projectId=secret",
        ] {
            assert_eq!(shown(unreadable), json!("[redacted]"), "{unreadable}");
        }
    }

    #[test]
    fn a_row_counts_the_messages() {
        let events = |path, body| row(path, body, EntryVerdict::Recorded)["events"].clone();
        assert_eq!(events("/v1/import", br#"{"batch":[{},{"type":"page"}]}"#), 2);
        assert_eq!(events("/v1/import", br#"{"batch":{}}"#), 0);
        assert_eq!(events("/v1/t", br#"{"batch":[{},{}]}"#), 1);
        assert_eq!(events("/track", b"[]"), 0);
        assert_eq!(events("/t", b"{}"), 1);
        assert_eq!(events("/", b"{}"), 0);
    }
}
