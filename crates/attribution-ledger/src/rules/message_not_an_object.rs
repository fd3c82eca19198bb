use json_tree::Value;

use super::subject::kind_of;
use super::{Check, Finding, Posted, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT027",
    name: "message-not-an-object",
    severity: Severity::Deny,
    tolerated: &[],
    off: None,
    title: "Every message of a batch is an object",
    doc: RuleDoc {
        what: "The array `batch` of `/v1/import` holds objects and nothing else.",
        why: "From a string or a list nothing can be read. A message that was serialised on its own is a string.",
        fix: "Put the messages into the array as objects, and serialise the whole body once.",
        source: "RudderStack's destination puts the message itself into the batch (rudder-transformer, \
                 `v0/destinations/attribution`).",
    },
    check: Check::Request(check),
};

fn check(posted: &Posted<'_>) -> Vec<Finding> {
    let batch = posted.batch().and_then(Value::as_array).into_iter().flatten();
    let others = batch.enumerate().filter(|(_, message)| message.as_object().is_none());
    others
        .map(|(index, message)| {
            let what = format!("is {}, not an object", kind_of(message));
            Finding::at(&format!("/batch/{index}"), what)
        })
        .collect()
}
