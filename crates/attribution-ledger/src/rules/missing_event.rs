use json_tree::Value;

use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Call, Dialect};

pub(super) const RULE: Rule = Rule {
    id: "ATT004",
    name: "missing-event",
    severity: Severity::Deny,
    tolerated: &[Dialect::Import, Dialect::Browser],
    off: None,
    title: "A track names its event",
    doc: RuleDoc {
        what: "A track carries an `event` that is a string and not empty.",
        why: "The name is the conversion: it is what reports group by, and for a page view it is what makes it one.",
        fix: "Name the event, `\"event\": \"Order Completed\"`. On the classic wire pages come as `Viewed <name> Page` or `Loaded a Page`.",
        source: "Segment refuses a track without one (`event_not_string`), its classic destination makes one for each page \
                 and screen (integration-attribution 1.2.2, `lib/mapper.js`), and Attribution (Actions) requires it. \
                 RudderStack's destination doesn't, and in a page nothing checks, so on the import and the browser wire this \
                 is only a warning.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(fields) = subject.fields_of(Call::Track) else {
        return Vec::new();
    };
    let message = match fields.get("event") {
        Some(Value::String(event)) if !event.is_empty() => return Vec::new(),
        Some(Value::String(_)) => "is empty".to_owned(),
        Some(other) => format!("is {}, not a string", kind_of(other)),
        None => "is missing".to_owned(),
    };
    vec![Finding::at_field("event", message)]
}
