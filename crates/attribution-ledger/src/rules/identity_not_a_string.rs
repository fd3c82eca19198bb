use super::subject::kind_of;
use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT003",
    name: "identity-not-a-string",
    severity: Severity::Deny,
    title: "An id is a string",
    doc: RuleDoc {
        what: "`user_id`, `previous_id` and `anonymous_id` are strings. A number is numeric-identity instead, and a \
               `cookie_id` of another type is cookie-not-a-string.",
        why: "An object, an array or a boolean names nobody, so whatever the request says is lost.",
        fix: "Send the id itself, in quotes: `\"user_id\": \"user-1\"`, not the user object that holds it.",
        source: "Segment refuses ids that are not strings, and the Ruby gem's and the Magento extension's ids are \
                 strings or numbers.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    subject
        .ids()
        .filter(|&(name, _)| name != "cookie_id")
        .filter_map(|(name, id)| match id {
            IdField::Other(value) => Some(Finding::at_field(name, format!("is {}, not a string", kind_of(value)))),
            _ => None,
        })
        .collect()
}
