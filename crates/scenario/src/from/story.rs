//! Events as steps, and the time between them.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use segment_event::Kind;
use serde_json::{Map, Value};

use super::FromError;
use super::yaml::{self, Yaml};
use crate::parse::MESSAGE_KEYS;

/// What Segment itself adds on the way, or the step's key says.
const ADDED: &[&str] = &[
    "type",
    "sentAt",
    "receivedAt",
    "originalTimestamp",
    "writeKey",
    "projectId",
    "version",
    "_metadata",
];

/// Where the moment stands at which an event came, the best word first.
const MOMENTS: &[&str] = &["receivedAt", "sentAt", "timestamp"];

/// Longer pauses than this are none of one recording, and past what `wait` takes.
const LONGEST: Duration = Duration::from_secs(3_650 * 24 * 60 * 60);

/// What is told.
pub(super) struct Story {
    /// When the first event came, where any says so.
    pub(super) start: Option<Timestamp>,
    steps: Vec<Told>,
    /// Fields that no message has, so that no step can either.
    left_out: Vec<String>,
}

enum Told {
    Wait(Duration),
    Call(Kind, Map<String, Value>),
}

impl Story {
    pub(super) fn of(events: &[Value]) -> Result<Self, FromError> {
        if events.is_empty() {
            return Err(FromError::Empty);
        }
        let mut story = Self {
            start: events.iter().find_map(came),
            steps: Vec::new(),
            left_out: Vec::new(),
        };
        let mut now = story.start;
        for (index, event) in events.iter().enumerate() {
            let (kind, message) = call(index, event)?;
            if let Some(pause) = pause(now, came(event)) {
                story.steps.push(Told::Wait(pause));
                now = came(event);
            }
            let call = story.kept(message, now);
            story.steps.push(Told::Call(kind, call));
        }
        Ok(story)
    }

    /// The message as a step says it.
    fn kept(&mut self, message: &Map<String, Value>, now: Option<Timestamp>) -> Map<String, Value> {
        let mut kept = Map::new();
        for (key, value) in message {
            if !MESSAGE_KEYS.contains(&key.as_str()) {
                if !self.left_out.contains(key) {
                    self.left_out.push(key.clone());
                }
            } else if !is_said_already(key, value, now) {
                kept.insert(key.clone(), value.clone());
            }
        }
        kept
    }

    pub(super) fn write(&self, yaml: &mut Yaml) {
        if !self.left_out.is_empty() {
            let names: Vec<String> = self.left_out.iter().map(|name| super::one_line(name)).collect();
            let names = super::one_line(&names.join(", "));
            yaml.comment(&format!(
                "Left out, since no Segment message has it at its top: {names}."
            ));
        }
        yaml.line(0, "steps:");
        for step in &self.steps {
            match step {
                Told::Wait(pause) => yaml.line(2, &format!("- wait: {}", written(*pause))),
                Told::Call(kind, message) => {
                    let short = yaml::inline(&Value::Object(message.clone()));
                    if yaml::fits(&short, 2) {
                        yaml.line(2, &format!("- {kind}: {short}"));
                    } else {
                        yaml.line(2, &format!("- {kind}:"));
                        message.iter().for_each(|(key, value)| yaml.entry(6, key, value));
                    }
                }
            }
        }
    }
}

fn call(index: usize, event: &Value) -> Result<(Kind, &Map<String, Value>), FromError> {
    let not = |found: String| FromError::NotACall { index, found };
    let Value::Object(message) = event else {
        return Err(not("it is no JSON object".to_owned()));
    };
    let kind = match message.get("type") {
        Some(Value::String(kind)) => kind.parse().ok(),
        Some(_) => None,
        None => return Err(not("it has no `type`".to_owned())),
    };
    let kind = kind.ok_or_else(|| {
        not(format!(
            "its `type` is {}",
            super::one_line(&message["type"].to_string())
        ))
    })?;
    Ok((kind, message))
}

/// When an event came, in whole milliseconds.
fn came(event: &Value) -> Option<Timestamp> {
    let moment = MOMENTS.iter().find_map(|key| event.get(key)?.as_str()?.parse().ok())?;
    Timestamp::from_millisecond(Timestamp::as_millisecond(moment)).ok()
}

/// How long it is to the next; time never runs backwards.
fn pause(now: Option<Timestamp>, next: Option<Timestamp>) -> Option<Duration> {
    let pause: Duration = next?.duration_since(now?).try_into().ok()?;
    (!pause.is_zero() && pause <= LONGEST).then_some(pause)
}

/// Whether a step says it without this field.
fn is_said_already(key: &str, value: &Value, now: Option<Timestamp>) -> bool {
    ADDED.contains(&key) || (key == "timestamp" && is_now(value, now))
}

/// Whether a step at this moment has this timestamp without saying so.
fn is_now(timestamp: &Value, now: Option<Timestamp>) -> bool {
    let said = timestamp.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    said.is_some() && said == now
}

/// As `wait` takes it: `1h30m`.
fn written(duration: Duration) -> String {
    let mut left = duration.as_millis();
    let mut text = String::new();
    for (unit, millis) in [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
        ("ms", 1),
    ] {
        let count = left / millis;
        left %= millis;
        if count > 0 {
            // Writing to a string can't fail.
            let _ = write!(text, "{count}{unit}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_best_word_for_when_an_event_came_is_taken() {
        let event =
            json!({ "receivedAt": "soon", "sentAt": "2024-01-15T10:00:00.1239Z", "timestamp": "2024-01-15T09:00:00Z" });
        assert_eq!(came(&event).unwrap().to_string(), "2024-01-15T10:00:00.123Z");
        assert_eq!(came(&json!({ "timestamp": 5 })), None);
    }

    #[test]
    fn an_event_that_came_earlier_than_the_one_before_does_not_turn_time_back() {
        let at = |text: &str| json!({ "type": "page", "anonymousId": "a", "timestamp": text });
        let events = [
            at("2024-01-15T10:00:00Z"),
            at("2024-01-15T09:00:00Z"),
            at("2024-01-15T10:00:05Z"),
        ];
        let mut yaml = Yaml::default();
        Story::of(&events).unwrap().write(&mut yaml);
        assert_eq!(
            yaml.text,
            "steps:\n  - page: { anonymousId: a }\n  - page: { anonymousId: a, timestamp: \"2024-01-15T09:00:00Z\" }\n  \
             - wait: 5s\n  - page: { anonymousId: a }\n"
        );
    }

    proptest! {
        #[test]
        fn a_pause_is_read_as_it_was_written(millis in 1_u64..315_360_000_000) {
            let pause = Duration::from_millis(millis);
            prop_assert_eq!(clock::duration(&written(pause)), Ok(pause));
        }
    }
}
