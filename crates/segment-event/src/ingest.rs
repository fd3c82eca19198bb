//! What Segment's ingest checks of a message.

use serde_json::{Map, Value};

use self::given::{given, misspelt};
use crate::json::{describe, quote};
use crate::kind::Kind;
use crate::rejection::{Rejection, RejectionCode};

mod fields;
mod given;
mod identity;
#[cfg(test)]
mod tests;

/// The message as an object, or the one rejection that hides all others.
pub(crate) fn object(message: Value) -> Result<Map<String, Value>, Vec<Rejection>> {
    match message {
        Value::Object(message) => Ok(message),
        other => {
            let message = format!(
                r#"a message must be an object such as {{"type": "track", …}}, not {}"#,
                describe(&other)
            );
            Err(vec![Rejection::new(RejectionCode::BadRequest, "", message)])
        }
    }
}

/// The message's `type`.
pub(crate) fn kind(message: &Map<String, Value>) -> Result<Kind, Rejection> {
    let problem = match given(message, "type") {
        None => format!("type is missing{}", misspelt(message, "type")),
        Some(Value::String(text)) => match text.parse::<Kind>() {
            Ok(kind) => return Ok(kind),
            Err(_) => format!("type {} is not known", quote(text)),
        },
        Some(other) => format!("type must be a string, not {}", describe(other)),
    };
    let instead = match nearest(message) {
        Some(kind) => format!(r#"write "{kind}""#),
        None => format!("write one of {}", Kind::ALL.map(|kind| quote(kind.as_str())).join(", ")),
    };
    Err(Rejection::new(
        RejectionCode::TypeInvalid,
        "/type",
        format!("{problem}: {instead}"),
    ))
}

/// The kind that a `type` in the wrong case means.
fn nearest(message: &Map<String, Value>) -> Option<Kind> {
    message.get("type").and_then(Value::as_str).and_then(Kind::nearest)
}

/// Everything that Segment's ingest has against the message, or its kind.
pub(crate) fn check(message: &Map<String, Value>) -> Result<Kind, Vec<Rejection>> {
    let kind = kind(message);
    // A type that is only in the wrong case says which rules its author will meet next.
    let meant = kind.as_ref().ok().copied().or_else(|| nearest(message));
    let mut found: Vec<Rejection> = Vec::new();
    identity::check(message, meant, &mut found);
    fields::check(message, meant, &mut found);
    match kind {
        Ok(kind) if found.is_empty() => Ok(kind),
        Ok(_) => Err(found),
        Err(rejection) => {
            found.insert(0, rejection);
            Err(found)
        }
    }
}
