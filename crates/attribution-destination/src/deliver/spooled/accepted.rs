use std::fmt;

use jiff::Timestamp;
use segment_event::Event;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// An event as it lies in the spool: one JSON object.
#[derive(Debug, PartialEq)]
pub(super) struct Accepted {
    /// When it was taken in: the time of an event that has none of its own.
    pub(super) at: Timestamp,
    /// A number of the caller's own.
    pub(super) number: u64,
    pub(super) event: Event,
}

#[derive(Serialize)]
struct Written<'a> {
    at: String,
    number: u64,
    event: &'a Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'a> {
    at: String,
    number: u64,
    #[serde(borrow)]
    event: &'a RawValue,
}

/// A record is no accepted event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Accepted {
    pub(super) fn to_record(&self) -> Vec<u8> {
        let written = Written {
            at: self.at.to_string(),
            number: self.number,
            event: self.event.message(),
        };
        serde_json::to_vec(&written).expect("memory takes every byte, and all keys are strings")
    }
}

/// What a record holds: an accepted event as its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recorded<'a> {
    pub(super) at: Timestamp,
    pub(super) number: u64,
    pub(super) json: &'a str,
}

impl<'a> Recorded<'a> {
    pub(super) fn read(record: &'a [u8]) -> Result<Self, Unreadable> {
        let Read { at, number, event } = serde_json::from_slice(record).map_err(no_event)?;
        let at = at
            .parse()
            .map_err(|_| Unreadable("has no time at which it was accepted".to_owned()))?;
        let json = event.get();
        Ok(Self { at, number, json })
    }
}

/// The event in the text of a record.
pub(super) fn event(json: &str) -> Result<Event, Unreadable> {
    let event = json_value::from_str(json).map_err(no_event)?;
    Event::unchecked(event).map_err(|_| Unreadable("holds no Segment message".to_owned()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn no_event(error: serde_json::Error) -> Unreadable {
    Unreadable(format!("is no accepted event: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let message = r#"{"type":"track","userId":"u","properties":{"revenue":99.90,"b":1,"a":[null,"ü"]}}"#;
        let accepted = Accepted {
            at: "2024-01-15T10:00:00.123456789Z".parse().unwrap(),
            number: u64::MAX,
            event: Event::unchecked(serde_json::from_str(message).unwrap()).unwrap(),
        };
        let record = accepted.to_record();
        assert!(String::from_utf8_lossy(&record).ends_with(&format!(r#""event":{message}}}"#)));
        let recorded = Recorded {
            at: accepted.at,
            number: accepted.number,
            json: message,
        };
        assert_eq!(Recorded::read(&record), Ok(recorded));
        assert_eq!(event(message), Ok(accepted.event));
    }

    #[test]
    fn what_is_no_record_of_this_kind_is_told() {
        let event = json!({"type": "track"});
        for (record, why) in [
            (
                json!({"number": 1, "event": event}),
                "is no accepted event: missing field `at`",
            ),
            (
                json!({"at": "now", "number": 1, "event": event}),
                "has no time at which it was accepted",
            ),
            (
                json!({"at": "2024-01-15T10:00:00Z", "number": 1, "event": 7}),
                "holds no Segment message",
            ),
        ] {
            let record = record.to_string();
            let read = Recorded::read(record.as_bytes()).and_then(|recorded| super::event(recorded.json));
            let told = read.unwrap_err().to_string();
            assert!(told.starts_with(why), "{told}");
        }
        assert!(Recorded::read(b"").is_err());
    }
}
