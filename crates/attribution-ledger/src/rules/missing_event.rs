use serde_json::Value;

use super::subject::kind_of;
use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::Route;

pub(super) const RULE: Rule = Rule {
    id: "ATT004",
    name: "missing-event",
    severity: Severity::Deny,
    title: "A track names its event",
    doc: RuleDoc {
        what: "`/track` carries an `event` that is a string and not empty.",
        why: "The name is the conversion: it is what reports group by, and for a page view it is what makes it one.",
        fix: "Name the event, `\"event\": \"Order Completed\"`. Pages come as `Viewed <name> Page` or `Loaded a Page`.",
        source: "Segment refuses a track without one (`event_not_string`), and the destination makes one for each page \
                 and screen (integration-attribution 1.2.2, `lib/mapper.js`).",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(fields) = subject.fields_on(Route::Track) else {
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
