//! A fault out of the admin API's JSON, in the words of a scenario's `fault:` step.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::{Map, Value};

use super::duration::duration;
use super::fault::{Fault, FaultAction, RetryAfter};
use super::mistake::Mistake;

/// The keys of which there must be exactly one.
const ACTIONS: [&str; 4] = ["respond", "delay", "hang", "close"];

/// Every key that a fault may have.
pub(super) const FIELDS: [&str; 8] = [
    "path",
    "respond",
    "retry_after",
    "body",
    "delay",
    "hang",
    "close",
    "times",
];

/// Reads `{"path": "/track", "respond": 503, "retry_after": 30, "times": 2}`: exactly one of the actions. A null is as
/// good as nothing, except that `times` then goes on until the fault is removed.
///
/// # Errors
///
/// When this describes no fault; the mistake says which field is to be written how.
pub(crate) fn read(body: &[u8]) -> Result<Fault, Mistake> {
    if body.trim_ascii().is_empty() {
        return Err(Mistake::Empty);
    }
    let fields = match serde_json::from_slice(body).map_err(|error| Mistake::Json(error.to_string()))? {
        Value::Object(fields) => fields,
        other => return Err(Mistake::Shape(other)),
    };
    if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(Mistake::Field(unknown.clone()));
    }
    let times = times(&fields)?;
    let path = field(&fields, "path", "text such as \"/track\"", text)?;
    let action = action(&fields)?;
    Ok(Fault { path, action, times })
}

fn action(fields: &Map<String, Value>) -> Result<FaultAction, Mistake> {
    let mut actions = ACTIONS.into_iter().filter(|key| given(fields, key).is_some());
    let first = actions.next().ok_or(Mistake::NoAction)?;
    if let Some(second) = actions.next() {
        return Err(Mistake::TwoActions(first, second));
    }
    let respond = respond(fields)?;
    let delay = field(fields, "delay", DELAY, delay)?;
    let hang = field(fields, "hang", "true", |value| value.as_bool().filter(|hang| *hang))?;
    let close = field(fields, "close", "\"before\" or \"after\"", close)?;
    respond
        .or(delay.map(FaultAction::Delay))
        .or(hang.map(|_| FaultAction::Hang))
        .or(close)
        .ok_or(Mistake::NoAction)
}

const DELAY: &str = "a duration of at most ten years, such as \"10s\", \"1m30s\" or \"1500ms\"";

fn respond(fields: &Map<String, Value>) -> Result<Option<FaultAction>, Mistake> {
    let status = field(fields, "respond", "a status from 200 to 599", status)?;
    let misplaced = ["retry_after", "body"]
        .into_iter()
        .find(|key| given(fields, key).is_some());
    let Some(status) = status else {
        return misplaced.map_or(Ok(None), |key| Err(Mistake::Misplaced(key)));
    };
    Ok(Some(FaultAction::Respond {
        status,
        retry_after: field(
            fields,
            "retry_after",
            "a number of seconds or an HTTP date",
            retry_after,
        )?,
        body: field(fields, "body", "text", text)?,
    }))
}

/// Absent is once, as in a scenario.
fn times(fields: &Map<String, Value>) -> Result<Option<u32>, Mistake> {
    let always = Value::from("always");
    match fields.get("times") {
        None => Ok(Some(1)),
        Some(times) if times.is_null() || *times == always => Ok(None),
        Some(_) => field(fields, "times", "a whole number from 1, or \"always\"", count),
    }
}

/// What one field says; none where it is not given.
fn field<T>(
    fields: &Map<String, Value>,
    name: &'static str,
    allowed: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, Mistake> {
    let Some(value) = given(fields, name) else {
        return Ok(None);
    };
    let mistake = || Mistake::Value {
        name,
        allowed,
        found: value.clone(),
    };
    read(value).map(Some).ok_or_else(mistake)
}

fn given<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !value.is_null())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn delay(value: &Value) -> Option<Duration> {
    value.as_str().and_then(duration)
}

fn status(value: &Value) -> Option<u16> {
    let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
    status.filter(|status| (200..=599).contains(status))
}

fn count(value: &Value) -> Option<u32> {
    let times = value.as_u64().and_then(|times| u32::try_from(times).ok());
    times.filter(|times| *times > 0)
}

fn close(value: &Value) -> Option<FaultAction> {
    match value.as_str()? {
        "before" => Some(FaultAction::CloseBefore),
        "after" => Some(FaultAction::CloseAfter),
        _ => None,
    }
}

fn retry_after(value: &Value) -> Option<RetryAfter> {
    let date = |text| DateTimeParser::new().parse_timestamp(text).ok();
    let seconds = value.as_u64().map(RetryAfter::Seconds);
    seconds.or_else(|| value.as_str().and_then(date).map(RetryAfter::Date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_once_unless_it_says_how_often() {
        let fault = Fault::respond(503);
        assert_eq!(read(br#"{"respond":503}"#), Ok(fault.clone().times(1)));
        assert_eq!(read(br#"{"respond":503,"times":3}"#), Ok(fault.clone().times(3)));
        assert_eq!(read(br#"{"respond":503,"times":"always"}"#), Ok(fault.clone()));
        assert_eq!(read(br#"{"respond":503,"times":null}"#), Ok(fault));
    }

    #[test]
    fn a_delay_is_written_as_in_a_scenario() {
        let read = |text: &str| read(format!(r#"{{"delay":"{text}","times":null}}"#).as_bytes());
        let delay = |milliseconds| Ok(Fault::new(FaultAction::Delay(Duration::from_millis(milliseconds))));
        assert_eq!(read("10s"), delay(10_000));
        assert_eq!(read("1m30s"), delay(90_000));
        assert_eq!(read("1500ms"), delay(1_500));
    }
}
