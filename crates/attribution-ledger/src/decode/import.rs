//! The import dialect: `/v1/import` with a batch of whole Segment messages, in camelCase.
//!
//! Source: RudderStack's Attribution destination (rudder-transformer 1.145.0, `v0/destinations/attribution`), whose output
//! is restated in the wire fixtures. It forwards every field of a message as it is, whatever its type, and requires nothing
//! but `type`; `traits` and `timestamp` were hoisted from `context.traits` and `originalTimestamp` where they were missing,
//! so only these two are looked at. It puts one message into a batch. More than one are read in their order, as so many
//! requests would be.
//!
//! What is decided here is what the actions dialect decides, and one thing more: `type` is read by exact text, and a message
//! of any other type is nothing that could be counted.

use json_tree::{Object, Value};

use super::{Call, Message, Names, spec};

/// What the ids are called.
pub(crate) const NAMES: Names = spec::NAMES;

/// What is read of a message; any other field may stand beside these.
pub(crate) const FIELDS: &[&str] = &[
    "messageId",
    "timestamp",
    "type",
    "userId",
    "anonymousId",
    "context",
    "event",
    "name",
    "properties",
    "traits",
    "groupId",
    "previousId",
];

/// The call that a message says it is.
pub(crate) fn call(message: &Object<'_>) -> Option<Call> {
    message.get("type").and_then(Value::as_str).and_then(Call::of_type)
}

/// Reads a batch, leaving out what can't be used, down to whole messages.
pub(crate) fn decode(mut body: Object<'_>) -> Vec<Message<'_>> {
    let Some(Value::Array(batch)) = body.remove("batch") else {
        return Vec::new();
    };
    let messages = batch.into_iter().enumerate();
    messages
        .filter_map(|(index, message)| match message {
            Value::Object(message) => spec::decode(call(&message)?, Some(index), message),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests;
