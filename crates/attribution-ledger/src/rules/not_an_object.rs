use json_tree::Value;

use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::Dialect;

pub(super) const RULE: Rule = Rule {
    id: "ATT008",
    name: "not-an-object",
    severity: Severity::Deny,
    tolerated: &[Dialect::Import, Dialect::Browser],
    off: None,
    title: "Properties and traits are objects",
    doc: RuleDoc {
        what: "`properties` and `traits`, where a call has them and they are given, are objects; null counts as absent. A \
               `context` of another type is context-not-an-object.",
        why: "The landing url, the referrer and the revenue are properties, and name and email are traits. From a string \
              or a list none of them can be read.",
        fix: "Send an object, `{}` when there is nothing to say. A body that was serialised twice arrives as a string.",
        source: "Segment refuses other types (`properties_not_object`, `traits_not_object`), and so does \
                 Attribution (Actions). RudderStack's destination forwards any, and attribution.js what the page gave \
                 it, so on their wires this is only a warning.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    ["properties", "traits"]
        .into_iter()
        .filter_map(|name| match subject.fields.get(name)? {
            Value::Null | Value::Object(_) => None,
            other if subject.carries(name) => {
                Some(Finding::at_field(name, format!("is {}, not an object", kind_of(other))))
            }
            _ => None,
        })
        .collect()
}
