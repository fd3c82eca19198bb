//! What a run makes up: moments of its clock, and ids from its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::placeholder::moments;
use crate::scenario::Scenario;

/// Everything that was made up so far. Moments are told apart by the millisecond, which is what is sent.
///
/// How long a `wait` is stands in the file, and so does what is between two: whatever happens there has the moment to
/// which the waits before it have moved the clock. What else moves it, answers and retries, takes another time with
/// another seed and over sockets, and is not told.
#[derive(Clone, Debug, Default)]
pub(crate) struct MadeUp {
    /// Whether anybody wants to know.
    wanted: bool,
    /// When the scenario began.
    start: i64,
    /// How far it was moved by waits.
    waited: SignedDuration,
    /// When the clock was moved so far, in order.
    phases: Vec<(i64, SignedDuration)>,
    /// Moments that the clock gave to messages and placeholders.
    given: BTreeMap<i64, SignedDuration>,
    /// Moments that the file gives to messages.
    written: BTreeSet<i64>,
    /// To which moments waits are meant to move the clock: whoever writes one of them means the same.
    meant: BTreeMap<i64, SignedDuration>,
    ids: BTreeSet<String>,
}

impl MadeUp {
    /// Nothing yet.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let start = millis(scenario.start);
        Self {
            wanted: !scenario.snapshots().is_empty(),
            start,
            phases: vec![(start, SignedDuration::ZERO)],
            given: BTreeMap::from([(start, SignedDuration::ZERO)]),
            ..Self::default()
        }
    }

    /// Nothing yet, of no scenario.
    #[cfg(test)]
    pub(super) fn wanted() -> Self {
        Self {
            wanted: true,
            ..Self::default()
        }
    }

    /// A `wait` is over.
    pub(crate) fn waited(&mut self, duration: Duration, now: Timestamp) {
        let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        self.waited = self.waited.saturating_add(duration);
        self.phases.push((millis(now), self.waited));
        let moment = i64::try_from(self.waited.as_millis()).map(|waited| self.start.saturating_add(waited));
        self.meant.insert(moment.unwrap_or(i64::MAX), self.waited);
    }

    /// A message was given the moment at which it was made.
    pub(crate) fn made(&mut self, now: Timestamp) {
        if self.wanted {
            self.given.insert(millis(now), self.waited);
        }
    }

    /// A placeholder was given a moment of the clock.
    pub(crate) fn now(&mut self, value: &Value) {
        if let Some(moment) = value.as_str().and_then(|text| text.parse().ok()) {
            self.made(moment);
        }
    }

    /// A moment was moved. If it was made up, so is the other.
    pub(crate) fn moved(&mut self, from: &Value, to: &Value) {
        if !self.wanted || from == to {
            return;
        }
        let moment = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
        let (Some(from), Some(to)) = (moment(from), moment(to)) else {
            return;
        };
        if let Some(known) = self.given.get(&millis(from)) {
            let moved = known.saturating_add(to.duration_since(from));
            self.given.insert(millis(to), moved);
        }
    }

    /// An id was made.
    pub(crate) fn id(&mut self, value: &Value) {
        if let (true, Value::String(id)) = (self.wanted, value) {
            self.ids.insert(id.clone());
        }
    }

    /// A message is about to be sent, as the file has it.
    pub(crate) fn written(&mut self, message: &Value) {
        if !self.wanted {
            return;
        }
        match message {
            Value::String(text) => self.written.extend(moments(text).map(|(_, moment)| millis(moment))),
            Value::Array(items) => items.iter().for_each(|item| self.written(item)),
            Value::Object(entries) => entries.values().for_each(|value| self.written(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Engage made a message, with ids that it makes up.
    pub(crate) fn by_engage(&mut self, message: &Value) {
        for id in [
            "/messageId",
            "/context/personas/computation_id",
            "/context/personas/space_id",
        ] {
            if let Some(id) = message.pointer(id) {
                self.id(id);
            }
        }
    }

    /// How far waits had moved the clock at a moment that the run made up; nothing for one that it did not.
    pub(super) fn moment(&self, moment: Timestamp, now: Timestamp) -> Option<SignedDuration> {
        let at = millis(moment);
        if let Some(given) = self.given.get(&at) {
            return Some(*given);
        }
        if self.written.contains(&at) {
            return self.meant.get(&at).copied();
        }
        if at > millis(now) {
            return None;
        }
        let begun = self.phases.partition_point(|(since, _)| *since <= at);
        self.phases.get(begun.checked_sub(1)?).map(|(_, waited)| *waited)
    }

    /// The id at the beginning of a text that the run made up.
    pub(super) fn id_at<'t>(&self, text: &'t str) -> Option<&'t str> {
        // Of all that are not behind the text, the last is the only one that it can begin with: ids of a length are no
        // beginnings of each other.
        let id = self
            .ids
            .range::<str, _>((Bound::Unbounded, Bound::Included(text)))
            .next_back()?;
        text.starts_with(id.as_str()).then(|| &text[..id.len()])
    }
}

/// Since 1970, rounded down.
fn millis(moment: Timestamp) -> i64 {
    let millis = moment.as_nanosecond().div_euclid(1_000_000);
    i64::try_from(millis).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn made_up() -> MadeUp {
        let start = millis(at("2024-01-15T10:00:00Z"));
        MadeUp {
            wanted: true,
            start,
            phases: vec![(start, SignedDuration::ZERO)],
            ..MadeUp::default()
        }
    }

    #[test]
    fn a_moment_is_where_waits_have_moved_the_clock() {
        let mut made_up = made_up();
        made_up.written(&json!({ "properties": { "at": "paid 2024-01-15T10:00:07Z, due 2024-01-15T10:10:00Z" } }));
        made_up.waited(Duration::from_secs(600), at("2024-01-15T10:10:00.0667Z"));
        let now = at("2024-01-15T10:20:00Z");
        let moment = |text: &str| made_up.moment(at(text), now).map(|waited| waited.as_secs());
        assert_eq!(moment("2024-01-15T10:00:00.861Z"), Some(0));
        assert_eq!(moment("2024-01-15T10:10:00.066Z"), Some(600));
        assert_eq!(moment("2024-01-15T10:10:00Z"), Some(600), "what the file says");
        assert_eq!(moment("2024-01-15T10:00:07Z"), None, "the file says it");
        assert_eq!(moment("2024-01-15T09:59:59.999Z"), None, "before the scenario");
        assert_eq!(moment("2024-01-15T10:20:00.001Z"), None, "after now");
        made_up.waited(Duration::from_secs(60), at("2024-01-15T10:11:00.1Z"));
        let late = made_up.moment(at("2024-01-15T10:11:00Z"), now);
        assert_eq!(
            late.map(|waited| waited.as_secs()),
            Some(600),
            "late, but before the wait was over"
        );
    }

    #[test]
    fn what_is_made_of_a_moment_that_was_made_up_is_made_up() {
        let mut made_up = made_up();
        let (now, tomorrow, later) = (
            "2024-01-15T10:00:00.5Z",
            "2024-01-16T10:00:00.5Z",
            "2024-01-16T11:00:00.5Z",
        );
        made_up.now(&now.into());
        made_up.moved(&now.into(), &tomorrow.into());
        made_up.moved(&tomorrow.into(), &later.into());
        made_up.moved(&"2020-01-01T00:00:00Z".into(), &"2020-01-01T01:00:00Z".into());
        let moment = |text: &str| made_up.moment(at(text), at(now)).map(|waited| waited.as_hours());
        assert_eq!([now, tomorrow, later].map(moment), [Some(0), Some(24), Some(25)]);
        assert_eq!(moment("2020-01-01T01:00:00Z"), None);
    }

    #[test]
    fn nothing_is_kept_that_nobody_wants_to_know() {
        let mut made_up = MadeUp::default();
        made_up.id(&"a".into());
        made_up.made(at("2024-01-15T10:00:00Z"));
        made_up.written(&"2024-01-15T10:00:00Z".into());
        assert!(made_up.ids.is_empty() && made_up.given.is_empty() && made_up.written.is_empty());
    }
}
