//! The `timestamp` of a page, track or screen: read more widely than date-like strings are.

use jiff::Timestamp;
use serde_json::{Number, Value};

use super::MapErrorCode;
use super::instant::Instant;
use super::iso::{self, Shape};
use crate::diagnostic::MapError;

/// Numbers below this are seconds, which makes it the year 2970; all others are milliseconds, from 1971 on.
const SMALLEST_IN_MILLIS: f64 = 31_557_600_000.0;

/// How much of an unreadable value its error shows, in characters.
const SHOWN: usize = 60;

/// When the message happened: its `timestamp`, or `now` when there is none.
///
/// # Errors
///
/// `timestamp_invalid` when it can't be read as a time.
pub(super) fn read(timestamp: Option<&Value>, now: Timestamp) -> Result<Instant, MapError> {
    match timestamp {
        None | Some(Value::Null) => Ok(now.into()),
        Some(given) => instant(given).ok_or_else(|| unreadable(given)),
    }
}

fn instant(given: &Value) -> Option<Instant> {
    match given {
        Value::String(given) => text(given),
        Value::Number(number) => epoch(number),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The instant that a string stands for as a timestamp.
pub(super) fn text(given: &str) -> Option<Instant> {
    iso::read(given, Shape::Timestamp).or_else(|| epoch_digits(given))
}

/// Ten digits are seconds, thirteen milliseconds.
fn epoch_digits(text: &str) -> Option<Instant> {
    let seconds_to_millis = match text.len() {
        10 => 1_000,
        13 => 1,
        _ => return None,
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.parse::<i64>().ok())
        .flatten()
        .and_then(|number| Instant::from_millis(number * seconds_to_millis))
}

fn epoch(number: &Number) -> Option<Instant> {
    let given = number.as_f64()?;
    let millis = if given < SMALLEST_IN_MILLIS {
        given * 1_000.0
    } else {
        given
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "cutting off the fraction is the point, and the cast saturates"
    )]
    Instant::from_millis(millis as i64)
}

fn unreadable(given: &Value) -> MapError {
    let given = given.to_string();
    let shown = match given.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &given[..end]),
        None => given,
    };
    MapError {
        code: MapErrorCode::TimestampInvalid.as_str(),
        pointer: "/timestamp".to_owned(),
        message: format!(
            r#"{shown} can't be read as a time; write an ISO 8601 time such as "2024-01-15T10:00:00Z", or the seconds or milliseconds since 1970 such as 1705312800"#
        ),
    }
}

#[cfg(test)]
mod tests;
