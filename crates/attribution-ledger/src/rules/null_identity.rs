use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT014",
    name: "null-identity",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An id is left out rather than null or empty",
    doc: RuleDoc {
        what: "The user's and the cookie's id, on every message but an alias, are absent where there is no id; not null, \
               and not the empty string.",
        why: "Such an id names nobody. With the other id beside it the message counts for that one; alone, it counts for \
              no one, and a refund for a guest is never taken from anyone's revenue.",
        fix: "Leave the key out, and send the cookie's id for visitors who are not logged in.",
        source: "The classic destination passes an explicit null `userId` on, and the Magento extension sends null for a guest's \
                 refund (attribution-magento, `Model/Observer.php`).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.names_of_someone().is_none() {
        return Vec::new();
    }
    let anyone = subject.ids().any(|(_, id)| id.usable().is_some());
    let consequence = if anyone {
        ""
    } else {
        ", and nothing else says whom this is about: it counts for nobody"
    };
    subject
        .ids()
        .filter_map(|(name, id)| {
            let what = match id {
                IdField::Null => "is null",
                IdField::Empty => "is empty",
                IdField::Absent | IdField::Text(_) | IdField::Number(_) | IdField::Other(_) => return None,
            };
            Some(Finding::at_field(name, format!("{what}{consequence}")))
        })
        .collect()
}
