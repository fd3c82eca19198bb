use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Call, Dialect, IdField};

pub(super) const RULE: Rule = Rule {
    id: "ATT003",
    name: "identity-not-a-string",
    severity: Severity::Deny,
    tolerated: &[Dialect::Import, Dialect::Browser],
    off: None,
    title: "An id is a string",
    doc: RuleDoc {
        what: "The user's id and, on an alias, the anonymous id are strings: `user_id` and `anonymous_id`, or `userId` and \
               `anonymousId`. A number is numeric-identity instead. Of another type, the anonymous id of any other call is \
               cookie-not-a-string, and a previous id alias-without-previous-id.",
        why: "An object, an array or a boolean names nobody, so whatever the request says is lost.",
        fix: "Send the id itself, in quotes: `\"user_id\": \"user-1\"`, not the user object that holds it.",
        source: "Segment refuses a `userId` that is not a string, Attribution (Actions) writes ids as text, and the Ruby \
                 gem's and the Magento extension's ids are strings or numbers. RudderStack's destination forwards any, and \
                 attribution.js whatever the page calls its user, so on their wires this is only a warning.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(call) = subject.call else {
        return Vec::new();
    };
    let names = subject.dialect().names(call);
    subject
        .ids()
        .filter(|&(name, _)| name == names.user || name == names.cookie && call == Call::Alias)
        .filter_map(|(name, id)| match id {
            IdField::Other(value) => Some(Finding::at_field(name, format!("is {}, not a string", kind_of(value)))),
            _ => None,
        })
        .collect()
}
