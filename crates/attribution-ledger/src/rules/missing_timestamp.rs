use json_tree::Value;

use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    id: "ATT015",
    name: "missing-timestamp",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A message says when it happened",
    doc: RuleDoc {
        what: "A message carries a `timestamp`; on the classic wire only `/track` has one.",
        why: "Without one the time of receipt is used. That is right for a request sent at once, and wrong for one that \
              waited in a queue, was retried, or is imported later.",
        fix: "Send the time at which the event happened, `2024-01-15T10:00:00.000Z`.",
        source: "Segment's destinations always send one, and RudderStack's what it was given; the Ruby gem's and the Magento extension's samples send none, and the \
                 early ingest then took the server's time (event-processor, 2015).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    match subject.fields.get("timestamp") {
        None | Some(Value::Null) if subject.carries("timestamp") => {
            vec![Finding::at_field(
                "timestamp",
                "is missing: the time of receipt is used",
            )]
        }
        _ => Vec::new(),
    }
}
