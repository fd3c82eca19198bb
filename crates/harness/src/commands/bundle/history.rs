//! `clock.ndjson`: what happened when on the scenario's clock, one line a step, message or attempt.

use std::time::Duration;

use jiff::Timestamp;
use scenario::{Message, Outcome, Source, Span};
use serde_json::{Value, json};

/// All of it, in the order of time; what is at one moment is in the order of steps, then messages.
pub(super) fn text(outcome: &Outcome, source: &Source) -> String {
    let place = |at: Span| {
        let line = source.position(at.start).line;
        match source.name_at(at.start) {
            name if name == source.name => json!({ "line": line }),
            name => json!({ "file": name, "line": line }),
        }
    };
    let mut moments: Vec<(Timestamp, Value)> = Vec::new();
    for step in &outcome.steps {
        let value = json!({
            "at": step.started.to_string(),
            "step": step.name,
            "place": place(step.at),
            "took_seconds": step.took.as_secs_f64(),
        });
        moments.push((step.started, value));
    }
    for message in &outcome.timeline.messages {
        let value = json!({
            "at": message.made.to_string(),
            "message": message.message_id,
            "kind": message.kind,
            "name": message.name,
            "place": place(message.at),
            "fate": message.fate,
        });
        moments.push((message.made, value));
        attempts(message, &mut moments);
    }
    // It keeps the order of what is equal.
    moments.sort_by_key(|(at, _)| *at);
    let lines: Vec<String> = moments.into_iter().map(|(_, value)| value.to_string() + "\n").collect();
    lines.concat()
}

/// Each attempt, with how long there was nothing to wait for but the next one.
fn attempts(message: &Message, moments: &mut Vec<(Timestamp, Value)>) {
    let mut free = message.made;
    for (number, attempt) in (1..).zip(&message.attempts) {
        let waited: Duration = attempt.at.duration_since(free).try_into().unwrap_or_default();
        let value = json!({
            "at": attempt.at.to_string(),
            "message": message.message_id,
            "attempt": number,
            "waited_seconds": waited.as_secs_f64(),
            "took_seconds": attempt.took.as_secs_f64(),
            "answer": attempt.answer,
        });
        moments.push((attempt.at, value));
        free = attempt.at.checked_add(attempt.took).unwrap_or(attempt.at);
    }
}
