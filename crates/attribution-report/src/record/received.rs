use std::borrow::Cow;

use attribution_ledger::{AliasHit, Call, Entry, EntryVerdict, Headers, Hit, Ids, Message, Request};
use jiff::Timestamp;
use json_tree::Object;
use serde::Deserialize;
use serde_json::Value;

use super::rows::RowsError;

/// The requests that count, with what their messages say: what rows no longer tell, such as which ids a message named and
/// from which address it came.
///
/// ```
/// use attribution_report::record::Received;
///
/// let mut received = Received::default();
/// let next = received.part(br#"{"requests": [{"seq": 1, "at": "2024-01-15T10:00:00Z", "path": "/track", "recorded": true,
///     "body": {"cookie_id": "anon-1", "event": "Sign Up"}}], "total": 1}"#)?;
/// assert_eq!((received.len(), next), (1, None));
/// # Ok::<(), attribution_report::record::RowsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    pub(crate) requests: Vec<ReceivedRequest>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReceivedRequest {
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    pub(crate) messages: Vec<Message<'static>>,
}

/// A part of the list that `/__admin/requests` answers with.
#[derive(Deserialize)]
struct Part {
    requests: Vec<Row>,
    next: Option<u64>,
}

#[derive(Deserialize)]
struct Row {
    seq: u64,
    at: Timestamp,
    path: String,
    dialect: Option<String>,
    recorded: bool,
    #[serde(deserialize_with = "json_value::deserialize")]
    body: Value,
}

impl Received {
    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Takes the next entry of a journal in, if it counts.
    pub fn entry(&mut self, entry: &Entry) {
        if entry.verdict == EntryVerdict::Recorded {
            self.take(entry.seq, &entry.request);
        }
    }

    /// Takes in the next part of the list that `/__admin/requests` answers with, and says what is to be asked for `after` to
    /// get the rest; none where there is no more.
    ///
    /// # Errors
    ///
    /// When it is not that; nothing of it is taken in then.
    pub fn part(&mut self, json: &[u8]) -> Result<Option<u64>, RowsError> {
        let part: Part = serde_json::from_slice(json).map_err(RowsError)?;
        for row in part.requests.into_iter().filter(|row| row.recorded) {
            let body = match &row.body {
                Value::String(text) => text.as_bytes().into(),
                body => body.to_string().into_bytes().into(),
            };
            let request = Request {
                received_at: row.at,
                path: Cow::Owned(row.path),
                browser: row.dialect.as_deref() == Some("browser"),
                headers: Headers::default(),
                encoding: None,
                body,
            };
            self.take(row.seq, &request);
        }
        Ok(part.next)
    }

    fn take(&mut self, number: u64, request: &Request) {
        let messages = request.assess().messages;
        self.requests.push(ReceivedRequest {
            number,
            at: request.received_at,
            messages: messages.into_iter().map(Message::into_owned).collect(),
        });
    }

    /// Every message in the order of arrival.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&ReceivedRequest, &Message<'static>)> {
        let requests = self.requests.iter();
        requests.flat_map(|request| request.messages.iter().map(move |message| (request, message)))
    }

    /// The request of this number. Numbers only grow.
    pub(crate) fn request(&self, number: u64) -> Option<&ReceivedRequest> {
        let place = self.requests.binary_search_by_key(&number, |request| request.number);
        place.ok().map(|place| &self.requests[place])
    }
}

/// What every hit tells, whatever it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) call: Call,
    /// The sender's time, where there is one.
    pub(crate) at: Option<Timestamp>,
    /// The ids that it names: of an alias the previous one first.
    pub(crate) ids: [Option<&'a str>; 2],
    pub(crate) cookie: Option<&'a str>,
    pub(crate) properties: Option<&'a Object<'a>>,
    pub(crate) context: Option<&'a Object<'a>>,
}

impl<'a> Told<'a> {
    pub(crate) fn by(hit: &'a Hit<'a>) -> Self {
        let told = |at, ids: &'a Ids, properties, context| Self {
            call: hit.call(),
            at,
            ids: [ids.cookie(), ids.user()],
            cookie: ids.cookie(),
            properties,
            context,
        };
        match hit {
            Hit::Page(page) => told(page.at, &page.ids, Some(&page.properties), Some(&page.context)),
            Hit::Track(track) => told(track.at, &track.ids, Some(&track.properties), Some(&track.context)),
            Hit::Identify(identify) => told(identify.at, &identify.ids, None, Some(&identify.context)),
            Hit::Group(group) => told(group.at, &group.ids, None, None),
            Hit::Alias(alias) => Self {
                call: hit.call(),
                at: alias.at,
                ids: joined(alias),
                cookie: alias.cookie.as_deref(),
                properties: None,
                context: None,
            },
        }
    }
}

/// The ids that an alias joins. One of them alone joins nothing.
fn joined(alias: &AliasHit) -> [Option<&str>; 2] {
    let into = alias.user.as_deref().or(alias.cookie.as_deref());
    match (alias.previous.as_deref(), into) {
        (Some(previous), Some(into)) => [Some(previous), Some(into)],
        _ => [None, None],
    }
}
