use segment_event::Event;
use serde_json::Value;

use crate::diagnostic::MapError;
use crate::invalid::Invalid;

/// The event in a line of JSON. Without `ingest` only what makes it unreadable is wrong with it.
///
/// # Errors
///
/// `invalid_utf8` and `invalid_json` with the place; else everything for which Segment's ingest refuses the message.
pub fn parse(line: &[u8], ingest: bool) -> Result<Event, Invalid> {
    let message = value(line).map_err(Invalid::Unmapped)?;
    let event = if ingest {
        Event::ingest(message)
    } else {
        Event::unchecked(message)
    };
    event.map_err(Invalid::Rejected)
}

/// UTF-8 is checked once for the whole line, which is faster than by string.
fn value(line: &[u8]) -> Result<Value, MapError> {
    let unreadable = |code, message| MapError {
        code,
        pointer: String::new(),
        message,
    };
    let text = std::str::from_utf8(line).map_err(|error| {
        unreadable(
            "invalid_utf8",
            format!("the line is not UTF-8 from byte {} on", error.valid_up_to() + 1),
        )
    })?;
    json_value::from_str(text).map_err(|error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let what = error.to_string().replace(&place, "");
        let message = format!(
            "column {}: {what}; write one JSON object a line, as `jq -c` does",
            error.column()
        );
        unreadable("invalid_json", message)
    })
}
