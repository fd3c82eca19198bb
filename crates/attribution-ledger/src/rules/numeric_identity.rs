use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT016",
    name: "numeric-identity",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An id is quoted",
    doc: RuleDoc {
        what: "Every id is a string, not a number.",
        why: "The digits count as written, so `12345` is the user `\"12345\"`. But numbers lose digits on their way \
              through JavaScript, and `1.0` and `1` are one number and two ids.",
        fix: "Convert the database's key to a string before sending it: `\"user_id\": \"12345\"`.",
        source: "The Ruby gem and the Magento extension pass a database's key on as it is, number or string.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    subject
        .ids()
        .filter_map(|(name, id)| match id {
            IdField::Number(number) => Some(Finding::at_field(name, format!("is a number and read as \"{number}\""))),
            _ => None,
        })
        .collect()
}
