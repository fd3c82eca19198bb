use json_tree::Value;

use super::subject::kind_of;
use super::{Check, Finding, Posted, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT026",
    name: "missing-batch",
    severity: Severity::Deny,
    tolerated: &[],
    off: None,
    title: "An import carries a batch of messages",
    doc: RuleDoc {
        what: "The body of `/v1/import` has a `batch`, and it is an array with at least one message.",
        why: "Messages are read from nowhere else, so whatever the body says is lost.",
        fix: "Put the messages into an array, even a single one: `{\"batch\": [{\"type\": \"track\", …}]}`.",
        source: "RudderStack's destination puts each message into a batch of one (rudder-transformer, \
                 `v0/destinations/attribution`).",
    },
    check: Check::Request(check),
};

fn check(posted: &Posted<'_>) -> Vec<Finding> {
    let message = match posted.batch() {
        None => return Vec::new(),
        Some(Value::Array(batch)) if !batch.is_empty() => return Vec::new(),
        Some(Value::Array(_)) => "is empty".to_owned(),
        Some(Value::Null) => "is missing: messages go into an array".to_owned(),
        Some(other) => format!("is {}, not an array of messages", kind_of(other)),
    };
    vec![Finding::at_field("batch", message)]
}
