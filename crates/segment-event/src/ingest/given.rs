//! Whether a message has a field, and what its author may have written instead.

use serde_json::{Map, Value};

use crate::json::{quote, resembles};

/// A member of the message; an explicit null is as good as none.
pub(super) fn given<'a>(message: &'a Map<String, Value>, field: &str) -> Option<&'a Value> {
    message.get(field).filter(|value| !value.is_null())
}

/// ` ("user_id" is not read, the name is userId)` when a member that is given resembles a missing field, else nothing.
pub(super) fn misspelt(message: &Map<String, Value>, field: &str) -> String {
    let mut given = message.iter().filter(|(_, value)| !value.is_null());
    let found = given.find(|(key, _)| key.as_str() != field && resembles(key, field));
    found
        .map(|(key, _)| format!(" ({} is not read, the name is {field})", quote(key)))
        .unwrap_or_default()
}
