use jiff::{SignedDuration, Timestamp};
use json_tree::Value;

use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::Dialect;
use crate::decode::timestamp::{self, Reading};

pub(super) const RULE: Rule = Rule {
    id: "ATT037",
    name: "clock-skew",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A message arrives when it is sent",
    doc: RuleDoc {
        what: "`sentAt` and `receivedAt`, where a message has both, lie at most ten minutes apart. Only the import wire \
               carries them.",
        why: "`timestamp` was corrected by the difference, as if the device's clock were wrong by that much. If the \
              device's clock was right and the message merely waited, or an import says when something happened in \
              `sentAt`, everything has moved to the time of the import.",
        fix: "Set `sentAt` when the request leaves, not when the event is made, and leave it out of a historical import.",
        source: "Segment's Spec (common fields): `timestamp` is `receivedAt - (sentAt - originalTimestamp)`. Imports that \
                 moved to now are public reports (segmentio/analytics-java#340).",
    },
    check: Check::Message(check),
};

/// A device's clock may be off by so much, and a message under way so long, without anybody noticing.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Dialect::Import, Some(sent), Some(received)) =
        (subject.dialect(), at(subject, "sentAt"), at(subject, "receivedAt"))
    else {
        return Vec::new();
    };
    let skew = received.duration_since(sent);
    if skew.abs() <= TOLERANCE {
        return Vec::new();
    }
    let side = if skew.is_positive() { "before" } else { "after" };
    let message = format!(
        "is {:#} {side} `receivedAt`, and `timestamp` was moved by as much",
        SignedDuration::from_secs(skew.abs().as_secs())
    );
    vec![Finding::at_field("sentAt", message)]
}

fn at(subject: &Subject<'_>, name: &str) -> Option<Timestamp> {
    let text = subject.fields.get(name).and_then(Value::as_str)?;
    timestamp::read(text).map(Reading::timestamp)
}
