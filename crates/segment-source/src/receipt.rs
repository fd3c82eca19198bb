use jiff::Timestamp;
use segment_event::Kind;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// What became of a message at ingest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number, from 1 on: the order in which messages were looked at.
    pub number: u64,
    /// When it was received.
    pub received_at: Timestamp,
    /// Which route its write key stands for, where it may send.
    pub route: Option<usize>,
    /// How many messages it is for: more than one where a request was refused unread.
    pub messages: u64,
    /// Who and what it is about, as far as it says so.
    pub about: About,
    /// What became of it.
    pub verdict: Verdict,
}

/// What a message says it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Which call.
    pub kind: Option<Kind>,
    /// The `event` of a track, the `name` of a page or screen.
    pub name: Option<String>,
    /// Its `userId`.
    pub user_id: Option<String>,
    /// Its `anonymousId`.
    pub anonymous_id: Option<String>,
    /// Its `messageId`, the one that it was given included.
    pub message_id: Option<String>,
}

/// What ingest made of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is handed on.
    Accepted,
    /// Its `messageId` was seen before, so it is dropped, as Segment does.
    Duplicate,
    /// It is dropped for these reasons.
    Rejected(Vec<Refusal>),
}

impl About {
    /// What this message says, before anybody looked whether it is right.
    pub(crate) fn of(message: &Map<String, Value>) -> Self {
        let text = |key: &str| message.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            kind: message
                .get("type")
                .and_then(Value::as_str)
                .and_then(|kind| kind.parse().ok()),
            name: text("event").or_else(|| text("name")),
            user_id: text("userId"),
            anonymous_id: text("anonymousId"),
            message_id: text("messageId"),
        }
    }
}

impl Verdict {
    /// In one word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Rejected(_) => "rejected",
        }
    }
}

impl Receipt {
    /// Writes the members that tell what the message is, for a list that has more to say of it.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize_about<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("number", &self.number)?;
        map.serialize_entry("received_at", &format_args!("{:.3}", self.received_at))?;
        if let Some(kind) = self.about.kind {
            map.serialize_entry("type", &kind)?;
        }
        let texts = [
            ("name", &self.about.name),
            ("user_id", &self.about.user_id),
            ("anonymous_id", &self.about.anonymous_id),
            ("message_id", &self.about.message_id),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                map.serialize_entry(key, text)?;
            }
        }
        if self.messages != 1 {
            map.serialize_entry("messages", &self.messages)?;
        }
        Ok(())
    }

    /// Writes all of its members.
    pub(crate) fn serialize_members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.serialize_about(map)?;
        map.serialize_entry("verdict", self.verdict.as_str())?;
        if let Verdict::Rejected(refusals) = &self.verdict {
            map.serialize_entry("rejections", refusals)?;
        }
        Ok(())
    }
}

impl Serialize for Receipt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.serialize_members(&mut map)?;
        map.end()
    }
}
