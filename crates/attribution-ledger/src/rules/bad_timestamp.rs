use json_tree::Value;

use super::subject::{excerpt, kind_of};
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::Dialect;

pub(super) const RULE: Rule = Rule {
    id: "ATT005",
    name: "bad-timestamp",
    severity: Severity::Deny,
    tolerated: &[Dialect::Actions, Dialect::Import, Dialect::Browser],
    off: None,
    title: "A timestamp is an RFC 3339 date-time",
    doc: RuleDoc {
        what: "`timestamp`, where it is given, is a date-time with an offset, `2024-01-15T10:00:00.000Z`; years outside 0 \
               to 9999 have a sign and six digits. The classic wire has it on `/track` only, the others on every call.",
        why: "A time that can't be read puts the event at the time of receipt: in a replay or after an outage the \
              conversion then comes hours after the visit that led to it, or in another report.",
        fix: "Send UTC with milliseconds and a `Z`, or any other offset. Epoch numbers and dates alone are not read.",
        source: "The classic destination renders every timestamp as an ISO instant in UTC (segmentio-facade 3.2.7). \
                 Attribution (Actions) and RudderStack's destination pass on what they were given, and attribution.js \
                 what the page gave it, so on their wires this is only a warning.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let message = match subject.fields.get("timestamp") {
        None | Some(Value::Null) => return Vec::new(),
        Some(_) if subject.time().is_some() => return Vec::new(),
        Some(_) if !subject.carries("timestamp") => return Vec::new(),
        Some(Value::String(text)) => {
            format!(
                "{} is not a date-time such as `2024-01-15T10:00:00.000Z`",
                excerpt(text)
            )
        }
        Some(other) => format!(
            "is {}, not a date-time such as `2024-01-15T10:00:00.000Z`",
            kind_of(other)
        ),
    };
    vec![Finding::at_field("timestamp", message)]
}
