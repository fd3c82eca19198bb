//! The fields that don't say who a message is about.

use serde_json::{Map, Value};

use super::given::{given, misspelt};
use crate::json::{child, describe};
use crate::kind::Kind;
use crate::rejection::{Rejection, RejectionCode};

/// The longest `messageId`, in characters. Source: Segment, "Handling duplicate data".
const MESSAGE_ID_LIMIT: usize = 100;

/// `meant` is the kind as far as it is known: some fields matter only to some kinds.
pub(super) fn check(message: &Map<String, Value>, meant: Option<Kind>, found: &mut Vec<Rejection>) {
    if meant == Some(Kind::Track) {
        event(message, found);
    }
    if matches!(meant, Some(Kind::Page | Kind::Screen)) {
        label(message, "name", RejectionCode::NameNotString, found);
        label(message, "category", RejectionCode::CategoryNotString, found);
    }
    object(message, "properties", RejectionCode::PropertiesNotObject, found);
    object(message, "traits", RejectionCode::TraitsNotObject, found);
    object(message, "context", RejectionCode::BadRequest, found);
    object(message, "integrations", RejectionCode::BadRequest, found);
    if matches!(meant, Some(Kind::Track | Kind::Page | Kind::Screen)) {
        timestamp(message, found);
    }
    message_id(message, found);
}

fn event(message: &Map<String, Value>, found: &mut Vec<Rejection>) {
    let (code, problem) = match message.get("event") {
        Some(Value::String(name)) if !name.is_empty() => return,
        Some(Value::String(_)) => (RejectionCode::EventNotDefined, "event is empty".to_owned()),
        None | Some(Value::Null) => (
            RejectionCode::EventNotDefined,
            format!("a track needs event{}", misspelt(message, "event")),
        ),
        Some(other) => (
            RejectionCode::EventNotString,
            format!("event must be a string, not {}", describe(other)),
        ),
    };
    let problem = format!(r#"{problem}: write the name of what was done, such as "Order Completed""#);
    found.push(Rejection::new(code, "/event", problem));
}

fn label(message: &Map<String, Value>, field: &str, code: RejectionCode, found: &mut Vec<Rejection>) {
    let Some(value) = given(message, field) else { return };
    if value.as_str().is_none_or(str::is_empty) {
        let problem = format!(
            "{field} must be a non-empty string, not {}: leave it out if there is none",
            describe(value)
        );
        found.push(Rejection::new(code, &child("", field), problem));
    }
}

fn object(message: &Map<String, Value>, field: &str, code: RejectionCode, found: &mut Vec<Rejection>) {
    let Some(value) = given(message, field) else { return };
    if !value.is_object() {
        let problem = format!(
            "{field} must be an object, not {}: leave it out if there is none",
            describe(value)
        );
        found.push(Rejection::new(code, &child("", field), problem));
    }
}

/// Whether a string can be read as a time is the destination's affair; other types nobody can read.
fn timestamp(message: &Map<String, Value>, found: &mut Vec<Rejection>) {
    let Some(value) = given(message, "timestamp") else {
        return;
    };
    if !value.is_string() && !value.is_number() {
        let problem = format!(
            r#"timestamp must be a date-time, not {}: write it as "2024-01-15T10:00:00Z", or leave it out for now"#,
            describe(value)
        );
        found.push(Rejection::new(RejectionCode::TimestampInvalid, "/timestamp", problem));
    }
}

fn message_id(message: &Map<String, Value>, found: &mut Vec<Rejection>) {
    let Some(value) = given(message, "messageId") else {
        return;
    };
    let problem = match value {
        Value::String(id) => match id.chars().count() {
            0..=MESSAGE_ID_LIMIT => return,
            length => format!("messageId has {length} characters: write at most {MESSAGE_ID_LIMIT}"),
        },
        other => format!("messageId must be a string, not {}", describe(other)),
    };
    found.push(Rejection::new(RejectionCode::BadRequest, "/messageId", problem));
}
