//! The import dialect: what RudderStack's Attribution destination sends.
//!
//! Every call, whatever its type, is `POST /v1/import` with `{"batch":[message]}`: the whole message with its members in
//! their order, and then
//!
//! - `traits` is the first of `traits` and `context.traits` that is neither missing, null nor `""`,
//! - `timestamp` is the first of `timestamp` and `originalTimestamp` by the same rule; a message with neither stays without,
//! - an `anonymousId` within those traits is removed where they were found if JavaScript takes it for true, so from
//!   `context.traits` too if they are the chosen ones,
//! - and what is null is removed, but nothing within anything.
//!
//! What is new comes last, the traits before the timestamp. Nothing is validated, and no date is rewritten; numbers keep
//! their digits, where the original writes those of a double.

use segment_event::Event;
use segment_event::json::truthy;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Mapped, import_notes};
use crate::request::WireRequest;
use crate::settings::ProjectId;
use crate::visitor;

type Message = Map<String, Value>;

/// Writes the one request of a message.
pub(super) fn map(event: &Event, project_id: &ProjectId) -> Mapped {
    let item = Item::of(event.message());
    Mapped {
        request: WireRequest::import(project_id, &item.json()),
        visitor: visitor::ids(event),
        diagnostics: import_notes::about(event),
    }
}

/// A message as an item of a batch.
#[derive(Debug)]
struct Item<'a> {
    message: &'a Message,
    traits: Option<Traits<'a>>,
    timestamp: Option<&'a Value>,
}

impl<'a> Item<'a> {
    fn of(message: &'a Message) -> Self {
        let own = given(message, "traits").map(Traits::OfMessage);
        let context = message.get("context").and_then(Value::as_object);
        let of_context = || {
            context
                .and_then(|context| given(context, "traits"))
                .map(Traits::OfContext)
        };
        Self {
            message,
            traits: own.or_else(of_context),
            timestamp: given(message, "timestamp").or_else(|| given(message, "originalTimestamp")),
        }
    }

    fn json(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(1_024);
        serde_json::to_writer(&mut json, self).expect("memory takes every byte, and all keys are strings");
        json
    }
}

/// What counts as given: false and 0 do.
fn given<'a>(object: &'a Message, key: &str) -> Option<&'a Value> {
    object
        .get(key)
        .filter(|value| !value.is_null() && value.as_str() != Some(""))
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.message {
            match (key.as_str(), value, self.traits) {
                ("traits", _, Some(traits)) => map.serialize_entry(key, &traits)?,
                ("timestamp", _, _) => {
                    if let Some(timestamp) = self.timestamp {
                        map.serialize_entry(key, timestamp)?;
                    }
                }
                ("traits", _, None) | (_, Value::Null, _) => {}
                ("context", Value::Object(context), Some(traits @ Traits::OfContext(_))) => {
                    map.serialize_entry(key, &Context { context, traits })?;
                }
                _ => map.serialize_entry(key, value)?,
            }
        }
        if let Some(traits) = self.traits.filter(|_| !self.message.contains_key("traits")) {
            map.serialize_entry("traits", &traits)?;
        }
        if let Some(timestamp) = self.timestamp.filter(|_| !self.message.contains_key("timestamp")) {
            map.serialize_entry("timestamp", timestamp)?;
        }
        map.end()
    }
}

/// The chosen traits, of whatever type, written without the anonymous id.
#[derive(Clone, Copy, Debug)]
enum Traits<'a> {
    OfMessage(&'a Value),
    OfContext(&'a Value),
}

impl Serialize for Traits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (Self::OfMessage(traits) | Self::OfContext(traits)) = self;
        let Value::Object(traits) = traits else {
            return traits.serialize(serializer);
        };
        let kept = |(key, value): &(&String, &Value)| *key != "anonymousId" || !truthy(value);
        serializer.collect_map(traits.iter().filter(kept))
    }
}

/// The context whose traits are the chosen ones.
struct Context<'a> {
    context: &'a Message,
    traits: Traits<'a>,
}

impl Serialize for Context<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.context.len()))?;
        for (key, value) in self.context {
            if key == "traits" {
                map.serialize_entry(key, &self.traits)?;
            } else {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}
