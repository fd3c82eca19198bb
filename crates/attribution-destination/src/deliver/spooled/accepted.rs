use std::fmt;

use bytes::Bytes;
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

    /// What a record holds, and the event's own text in it.
    pub(super) fn from_record(record: &[u8]) -> Result<(Self, Bytes), Unreadable> {
        let no_event = |error| Unreadable(format!("is no accepted event: {error}"));
        let Read { at, number, event } = serde_json::from_slice(record).map_err(no_event)?;
        let json = Bytes::copy_from_slice(event.get().as_bytes());
        let event: Value = serde_json::from_str(event.get()).map_err(no_event)?;
        let at = at
            .parse()
            .map_err(|_| Unreadable("has no time at which it was accepted".to_owned()))?;
        let event = Event::unchecked(event).map_err(|_| Unreadable("holds no Segment message".to_owned()))?;
        Ok((Self { at, number, event }, json))
    }
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
        let json = Bytes::from_static(message.as_bytes());
        assert_eq!(Accepted::from_record(&record), Ok((accepted, json)));
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
            let told = Accepted::from_record(record.to_string().as_bytes())
                .unwrap_err()
                .to_string();
            assert!(told.starts_with(why), "{told}");
        }
        assert!(Accepted::from_record(b"").is_err());
    }
}
