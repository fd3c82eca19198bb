use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{IdField, Route};

pub(super) const RULE: Rule = Rule {
    id: "ATT014",
    name: "null-identity",
    severity: Severity::Warn,
    title: "An id is left out rather than null or empty",
    doc: RuleDoc {
        what: "`user_id` and `cookie_id` on `/track` and `/identify` are absent where there is no id; not null, and not \
               the empty string.",
        why: "Such an id names nobody. With the other id beside it the request counts for that one; alone, it counts for \
              no one, and a refund for a guest is never taken from anyone's revenue.",
        fix: "Leave the key out, and send the cookie's id for visitors who are not logged in.",
        source: "The destination passes an explicit null `userId` on, and the Magento extension sends null for a guest's \
                 refund (attribution-magento, `Model/Observer.php`).",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if !matches!(subject.route, Some(Route::Track | Route::Identify)) {
        return Vec::new();
    }
    let anyone = subject.ids().any(|(_, id)| id.usable().is_some());
    let consequence = if anyone {
        ""
    } else {
        ", and nothing else says whom the request is about: it counts for nobody"
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
