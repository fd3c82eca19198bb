use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::decode::Route;

/// One request as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When its body was complete.
    pub received_at: Timestamp,
    /// The request path, `/track`.
    pub path: String,
    /// The content encoding in which the body came, `gzip`; none for a plain one.
    pub encoding: Option<String>,
    /// The body's bytes after content-decoding.
    pub body: Vec<u8>,
}

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
    /// The entry as people and scenarios look at it.
    pub fn row(&self) -> EntryRow {
        let body = readable(&self.request.body);
        EntryRow {
            seq: self.seq,
            at: self.request.received_at,
            path: self.request.path.clone(),
            status: self.status,
            recorded: self.verdict == EntryVerdict::Recorded,
            events: events(&self.request.path, &body),
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
    /// The HTTP status of the answer.
    pub status: u16,
    /// Whether the projections count it.
    pub recorded: bool,
    /// How many messages it holds: of an import so many as stand in its batch, else one; 0 where there is nothing that
    /// could be one.
    pub events: usize,
    /// Parsed where it is JSON, else the text.
    pub body: Value,
}

/// The body as JSON where it is JSON, else as text.
fn readable(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

fn events(path: &str, body: &Value) -> usize {
    match Route::of_path(path) {
        Some(Route::Import) => body.get("batch").and_then(Value::as_array).map_or(0, Vec::len),
        Some(Route::Track | Route::Identify | Route::Alias | Route::Actions(_)) => usize::from(body.is_object()),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::{Entry, EntryVerdict, Request};

    fn row(path: &str, body: &[u8], verdict: EntryVerdict) -> Value {
        let request = Request {
            received_at: Timestamp::UNIX_EPOCH,
            path: path.to_owned(),
            encoding: None,
            body: body.to_vec(),
        };
        serde_json::to_value(
            Entry {
                seq: 1,
                request,
                verdict,
                status: 200,
            }
            .row(),
        )
        .unwrap()
    }

    #[test]
    fn a_row_shows_the_body_as_json() {
        assert_eq!(
            row("/track", br#"{"event":"x"}"#, EntryVerdict::Recorded),
            json!({
                "seq": 1, "at": "1970-01-01T00:00:00Z", "path": "/track", "status": 200, "recorded": true, "events": 1,
                "body": { "event": "x" },
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
    fn a_row_counts_the_messages() {
        let events = |path, body| row(path, body, EntryVerdict::Recorded)["events"].clone();
        assert_eq!(events("/v1/import", br#"{"batch":[{},{"type":"page"}]}"#), 2);
        assert_eq!(events("/v1/import", br#"{"batch":{}}"#), 0);
        assert_eq!(events("/v1/t", br#"{"batch":[{},{}]}"#), 1);
        assert_eq!(events("/track", b"[]"), 0);
        assert_eq!(events("/", b"{}"), 0);
    }
}
