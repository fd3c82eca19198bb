//! The classic dialect: what Segment's Attribution destination sends.
//!
//! | call | request | body keys, in this order, absent when there is no value |
//! |---|---|---|
//! | track, page, screen | `POST /track` | `user_id`, `timestamp`, `cookie_id`, `properties`, `context`, `event` |
//! | identify | `POST /identify` | `user_id`, `cookie_id`, `traits`, `context` |
//! | alias | `POST /alias` | `previous_id`, `user_id` |
//!
//! Nothing else of a message reaches the wire, `messageId` included. Look-ups are by exact key. Where a field falls back
//! to another one, it does so unless JavaScript takes the first for true, as in the original. Before anything else the
//! original rewrites every date-like string of the message; here [`Member`]s are rewritten while they are written.
//!
//! Deliberate differences from the original: a timestamp that can't be read is an error of its own (there an exception
//! that is retried for hours), an explicitly null one is now (there 1970), and a date-like name of a page is written as
//! an instant in the event, as it is everywhere else (there a text of JavaScript's).

use std::borrow::Cow;

use jiff::Timestamp;
use segment_event::json::describe;
use segment_event::{Event, Kind};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::instant::Instant;
use super::rewritten::{Member, Merged};
use super::{MapErrorCode, Mapped, classic_notes, date_like, timestamp};
use crate::diagnostic::MapError;
use crate::request::WireRequest;
use crate::settings::{Dialect, ProjectId};
use crate::visitor;

type Message = Map<String, Value>;

/// Writes the one request of a message.
pub(super) fn map(event: &Event, project_id: &ProjectId, now: Timestamp) -> Result<Mapped, MapError> {
    let message = event.message();
    let body = match event.kind() {
        Kind::Track => Body::Hit(Hit::track(message, now)?),
        Kind::Page => Body::Hit(Hit::view(message, "Page", now)?),
        Kind::Screen => Body::Hit(Hit::view(message, "Screen", now)?),
        Kind::Identify => Body::Identify(Identify::of(message)),
        Kind::Alias => Body::Alias(Alias::of(message)),
        Kind::Group => return Err(no_request(Kind::Group)),
    };
    let request = WireRequest::new(Dialect::Classic, project_id, body.path(), body.json());
    Ok(Mapped {
        request,
        visitor: visitor::ids(event),
        diagnostics: classic_notes::about(event, &body),
    })
}

/// The body of a request, which decides its path.
#[derive(Debug)]
pub(super) enum Body<'a> {
    Hit(Hit<'a>),
    Identify(Identify<'a>),
    Alias(Alias<'a>),
}

impl Body<'_> {
    fn path(&self) -> &'static str {
        match self {
            Self::Hit(_) => "/track",
            Self::Identify(_) => "/identify",
            Self::Alias(_) => "/alias",
        }
    }

    fn json(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(1_024);
        match self {
            Self::Hit(hit) => serde_json::to_writer(&mut json, hit),
            Self::Identify(identify) => serde_json::to_writer(&mut json, identify),
            Self::Alias(alias) => serde_json::to_writer(&mut json, alias),
        }
        .expect("memory takes every byte, and all keys are strings");
        json
    }
}

/// `POST /track`: something happened.
#[derive(Debug, Serialize)]
pub(super) struct Hit<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<Member<'a>>,
    pub(super) timestamp: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cookie_id: Option<Member<'a>>,
    pub(super) properties: Merged<'a, 2>,
    pub(super) context: Merged<'a, 0>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<EventName<'a>>,
}

impl<'a> Hit<'a> {
    /// A track keeps its event as given, and neither its name nor its category gets anywhere.
    fn track(message: &'a Message, now: Timestamp) -> Result<Self, MapError> {
        let event = Member::of(message, "event").map(EventName::Given);
        Self::of(message, [None, None], event, now)
    }

    /// A page or screen becomes an event, and its category and name become properties.
    fn view(message: &'a Message, noun: &'static str, now: Timestamp) -> Result<Self, MapError> {
        let category = Member::given(message, "category");
        let name = Member::given(message, "name");
        let event = match name {
            Some(name) => EventName::Viewed {
                name: text_of(name)?,
                noun,
            },
            None => EventName::Loaded { noun },
        };
        Self::of(message, [category, name], Some(event), now)
    }

    fn of(
        message: &'a Message,
        [category, name]: [Option<Member<'a>>; 2],
        event: Option<EventName<'a>>,
        now: Timestamp,
    ) -> Result<Self, MapError> {
        let properties = Member::given(message, "properties");
        Ok(Self {
            user_id: Member::of(message, "userId"),
            timestamp: timestamp::read(message.get("timestamp"), now)?,
            cookie_id: cookie_id(message),
            properties: Merged {
                object: properties,
                put: [("category", category), ("name", name)],
            },
            context: context(message),
            event,
        })
    }
}

/// `POST /identify`: who someone is, from the moment it arrives. The wire has no timestamp here.
#[derive(Debug, Serialize)]
pub(super) struct Identify<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<Member<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cookie_id: Option<Member<'a>>,
    pub(super) traits: Merged<'a, 1>,
    pub(super) context: Merged<'a, 0>,
}

impl<'a> Identify<'a> {
    fn of(message: &'a Message) -> Self {
        let id = Member::given(message, "userId");
        Self {
            user_id: Member::of(message, "userId"),
            cookie_id: cookie_id(message),
            traits: Merged {
                object: Member::given(message, "traits"),
                put: [("id", id)],
            },
            context: context(message),
        }
    }
}

/// `POST /alias`: two ids are one person, from the moment it arrives. Neither cookie nor context nor timestamp.
#[derive(Debug, Serialize)]
pub(super) struct Alias<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous_id: Option<Member<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<Member<'a>>,
}

impl<'a> Alias<'a> {
    fn of(message: &'a Message) -> Self {
        Self {
            previous_id: Member::given(message, "previousId").or_else(|| Member::of(message, "from")),
            user_id: Member::given(message, "userId").or_else(|| Member::of(message, "to")),
        }
    }
}

/// The visitor's cookie: the anonymous id, else the session id whatever it is.
fn cookie_id(message: &Message) -> Option<Member<'_>> {
    Member::given(message, "anonymousId").or_else(|| Member::of(message, "sessionId"))
}

/// The legacy `options` instead of the context, not merged with it.
fn context(message: &Message) -> Merged<'_, 0> {
    let object = Member::given(message, "options").or_else(|| Member::given(message, "context"));
    Merged { object, put: [] }
}

/// What the event is called.
#[derive(Clone, Debug)]
pub(super) enum EventName<'a> {
    /// As the message has it.
    Given(Member<'a>),
    /// `Viewed <name> Page`: of a view with a name, which is not trimmed.
    Viewed { name: Cow<'a, str>, noun: &'static str },
    /// `Loaded a Page`: of a view without one.
    Loaded { noun: &'static str },
}

impl Serialize for EventName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Given(event) => event.serialize(serializer),
            Self::Viewed { name, noun } => serializer.collect_str(&format_args!("Viewed {name} {noun}")),
            Self::Loaded { noun } => serializer.collect_str(&format_args!("Loaded a {noun}")),
        }
    }
}

/// A name as it stands within the event.
fn text_of(name: Member<'_>) -> Result<Cow<'_, str>, MapError> {
    match name.value {
        Value::String(text) => {
            Ok(date_like::instant(text).map_or(Cow::Borrowed(text), |instant| instant.to_string().into()))
        }
        Value::Number(_) | Value::Bool(_) | Value::Null => Ok(name.value.to_string().into()),
        Value::Array(_) | Value::Object(_) => Err(MapError {
            code: MapErrorCode::NameNotString.as_str(),
            pointer: "/name".to_owned(),
            message: format!(
                r#"the name is {}; write a string such as "Pricing", or leave it out"#,
                describe(name.value)
            ),
        }),
    }
}

fn no_request(kind: Kind) -> MapError {
    MapError {
        code: MapErrorCode::UnsupportedEventType.as_str(),
        pointer: "/type".to_owned(),
        message: format!("Attribution has no request for {kind} calls; send a page, identify, track or alias"),
    }
}
