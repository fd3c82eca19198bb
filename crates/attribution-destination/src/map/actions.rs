//! The actions dialect: what Segment's Attribution (Actions) destination sends.
//!
//! | call | request | body keys after `messageId`, `timestamp`, `userId`, `anonymousId`, `context`, `type` |
//! |---|---|---|
//! | track | `POST /v1/t` | `event`, `properties`, `traits` |
//! | page, screen | `POST /v1/p`, `/v1/s` | `name`, `properties`, `traits` |
//! | identify | `POST /v1/i` | `traits` |
//! | group | `POST /v1/g` | `groupId`, `traits` |
//! | alias | `POST /v1/a` | `previousId`, where it is [mapped](PreviousId) |
//!
//! Only the id and the time of the message and its type are always there. Nothing else reaches the wire: not `category`,
//! `integrations` or `channel`, nor a field that belongs to another call. Look-ups are by exact key, the legacy `from`,
//! `to`, `options` and `sessionId` are not read, and dates are left as they are written.
//!
//! As in the original, every field is validated whatever the type: null and `""` are as good as nothing, text may be
//! given as a number or a truth value, or in a list of one, and objects must be objects.
//!
//! Deliberate differences from the original: of several errors the first is reported; a list of one null or one `""` is as
//! good as nothing too (there a required field passes with it, and is sent empty); and so is a null context (there an
//! exception). A missing timestamp is now, as RFC 3339 in UTC to the millisecond: the original requires one, and Segment
//! never hands it a message without. A `messageId` Segment assigns before, so that one is required here as well.

use std::borrow::Cow;

use jiff::Timestamp;
use segment_event::json::describe;
use segment_event::{Event, Kind};
use serde::Serialize;
use serde_json::{Map, Value};

use super::instant::Instant;
use super::scalar_text::scalar_text;
use super::{MapErrorCode, Mapped, actions_notes};
use crate::diagnostic::MapError;
use crate::request::WireRequest;
use crate::settings::{Dialect, PreviousId, Settings};
use crate::visitor;

type Message = Map<String, Value>;

/// Writes the one request of a message.
pub(super) fn map(event: &Event, settings: &Settings, now: Timestamp) -> Result<Mapped, MapError> {
    let fields = Fields::of(event, settings.previous_id, now)?;
    let body = Body::of(event.kind(), fields);
    let request = WireRequest::new(Dialect::Actions, &settings.project_id, body.path(), body.json());
    Ok(Mapped {
        request,
        visitor: visitor::ids(event),
        diagnostics: actions_notes::about(event, &body),
    })
}

/// Text that is there and not empty.
type Text<'a> = Cow<'a, str>;

/// Everything that is read of a message, whatever its type.
struct Fields<'a> {
    message_id: Text<'a>,
    timestamp: Text<'a>,
    event: Option<Text<'a>>,
    name: Option<Text<'a>>,
    properties: Option<&'a Message>,
    traits: Option<&'a Message>,
    user_id: Option<Text<'a>>,
    anonymous_id: Option<Text<'a>>,
    group_id: Option<Text<'a>>,
    context: Option<&'a Message>,
    previous_id: Option<Text<'a>>,
}

impl<'a> Fields<'a> {
    /// The first error in the order of the fields, or all of them.
    fn of(event: &'a Event, previous_id: PreviousId, now: Timestamp) -> Result<Self, MapError> {
        let (kind, message) = (event.kind(), event.message());
        let required = |key, of, owner, example| match text(message, key) {
            Ok(None) if of == kind => Err(missing(message, key, owner, example)),
            read => read,
        };
        Ok(Self {
            message_id: text(message, "messageId")?
                .ok_or_else(|| missing(message, "messageId", "every message", "msg-0001"))?,
            timestamp: timestamp(message, now)?,
            event: required("event", Kind::Track, "a track", "Order Completed")?,
            name: text(message, "name")?,
            properties: object(message.get("properties"), "/properties")?,
            traits: traits(message)?,
            user_id: required("userId", Kind::Alias, "an alias", "user-1")?,
            anonymous_id: text(message, "anonymousId")?,
            group_id: required("groupId", Kind::Group, "a group", "account-1")?,
            context: object(message.get("context"), "/context")?,
            previous_id: match previous_id {
                PreviousId::Mapped => text(message, "previousId")?,
                PreviousId::Preset => None,
            },
        })
    }
}

/// A field that is text.
fn text<'a>(message: &'a Message, key: &'static str) -> Result<Option<Text<'a>>, MapError> {
    let Some(given) = message.get(key) else { return Ok(None) };
    let single = match given {
        Value::Array(items) if items.len() == 1 => &items[0],
        other => other,
    };
    match scalar_text(single) {
        Some(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        None => Err(MapError {
            code: MapErrorCode::FieldNotString.as_str(),
            pointer: format!("/{key}"),
            message: format!(
                "{key} is {}; write a string, or leave it out if there is none",
                describe(given)
            ),
        }),
    }
}

/// A field that is an object, empty or not.
fn object<'a>(given: Option<&'a Value>, pointer: &'static str) -> Result<Option<&'a Message>, MapError> {
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(other) => Err(MapError {
            code: MapErrorCode::FieldNotObject.as_str(),
            pointer: pointer.to_owned(),
            message: format!(
                "{} is {}; write an object, or leave it out if there is none",
                pointer[1..].replace('/', "."),
                describe(other)
            ),
        }),
    }
}

/// Given or not by whether it is null; the context's stand in only for traits that aren't given.
fn traits(message: &Message) -> Result<Option<&Message>, MapError> {
    match message.get("traits") {
        None | Some(Value::Null) => {
            let traits = message.get("context").and_then(|context| context.get("traits"));
            object(traits, "/context/traits")
        }
        given => object(given, "/traits"),
    }
}

fn timestamp(message: &Message, now: Timestamp) -> Result<Text<'_>, MapError> {
    match message.get("timestamp") {
        None | Some(Value::Null) => Ok(Instant::from(now).to_string().into()),
        Some(_) => text(message, "timestamp")?
            .ok_or_else(|| missing(message, "timestamp", "every message", "2024-01-15T10:00:00Z")),
    }
}

/// Something is missing, or empty. Where the message has a legacy name of it, its author wonders why that doesn't count.
fn missing(message: &Message, key: &'static str, owner: &str, example: &str) -> MapError {
    let legacy = key == "userId" && message.get("to").is_some_and(|to| !to.is_null());
    let hint = if legacy { " (the legacy \"to\" is not read)" } else { "" };
    MapError {
        code: MapErrorCode::FieldMissing.as_str(),
        pointer: format!("/{key}"),
        message: format!(r#"{owner} needs {key}{hint}; write a string such as "{example}""#),
    }
}

/// The body of a request, in the order of its keys. Its type decides its path.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    message_id: Text<'a>,
    timestamp: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anonymous_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) context: Option<&'a Message>,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) properties: Option<&'a Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traits: Option<&'a Message>,
}

impl<'a> Body<'a> {
    /// Of the fields that not every call has, those of this one.
    fn of(kind: Kind, fields: Fields<'a>) -> Self {
        let common = Self {
            message_id: fields.message_id,
            timestamp: fields.timestamp,
            user_id: fields.user_id,
            anonymous_id: fields.anonymous_id,
            context: fields.context,
            kind,
            event: None,
            name: None,
            group_id: None,
            previous_id: None,
            properties: None,
            traits: None,
        };
        let Fields {
            event,
            name,
            group_id,
            previous_id,
            properties,
            traits,
            ..
        } = fields;
        match kind {
            Kind::Track => Self {
                event,
                properties,
                traits,
                ..common
            },
            Kind::Page | Kind::Screen => Self {
                name,
                properties,
                traits,
                ..common
            },
            Kind::Identify => Self { traits, ..common },
            Kind::Group => Self {
                group_id,
                traits,
                ..common
            },
            Kind::Alias => Self { previous_id, ..common },
        }
    }

    fn path(&self) -> &'static str {
        match self.kind {
            Kind::Track => "/v1/t",
            Kind::Page => "/v1/p",
            Kind::Screen => "/v1/s",
            Kind::Identify => "/v1/i",
            Kind::Group => "/v1/g",
            Kind::Alias => "/v1/a",
        }
    }

    fn json(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(1_024);
        serde_json::to_writer(&mut json, self).expect("memory takes every byte, and all keys are strings");
        json
    }
}
