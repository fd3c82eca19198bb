use super::subject::kind_of;
use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT003",
    name: "identity-not-a-string",
    severity: Severity::Deny,
    title: "An id is a string",
    doc: RuleDoc {
        what: "`user_id` and `anonymous_id` are strings. A number is numeric-identity instead. Of another type, a \
               `cookie_id` is cookie-not-a-string and a `previous_id` alias-without-previous-id.",
        why: "An object, an array or a boolean names nobody, so whatever the request says is lost.",
        fix: "Send the id itself, in quotes: `\"user_id\": \"user-1\"`, not the user object that holds it.",
        source: "Segment refuses a `userId` that is not a string, and the Ruby gem's and the Magento extension's ids \
                 are strings or numbers.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    subject
        .ids()
        .filter(|&(name, _)| !matches!(name, "cookie_id" | "previous_id"))
        .filter_map(|(name, id)| match id {
            IdField::Other(value) => Some(Finding::at_field(name, format!("is {}, not a string", kind_of(value)))),
            _ => None,
        })
        .collect()
}
