use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Dialect, IdField};

pub(super) const RULE: Rule = Rule {
    id: "ATT006",
    name: "alias-without-ids",
    severity: Severity::Deny,
    tolerated: &[Dialect::Import],
    off: None,
    title: "An alias names at least one id",
    doc: RuleDoc {
        what: "An alias carries a previous id, a user id or an anonymous id that is not empty: `previous_id`, `user_id` or \
               `anonymous_id` on the classic wire, `previousId`, `userId` or `anonymousId` elsewhere.",
        why: "An alias is nothing but its ids: without any there is nothing to merge.",
        fix: "Send both: the previous id is the one that the person had, the user id the one to use from now on.",
        source: "Segment refuses an alias without a `userId`, and the Ruby gem's `alias` requires both ids. RudderStack's \
                 destination forwards any, so on the import wire this is only a warning.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((_, names)) = subject.alias() else {
        return Vec::new();
    };
    // A target of the wrong type is reported as that.
    let someone = |(name, id): (&str, IdField<'_>)| id.usable().is_some() || name != names.previous && !id.is_blank();
    if subject.ids().any(someone) {
        return Vec::new();
    }
    vec![Finding::of_message(format!(
        "neither `{}` nor `{}` names anyone",
        names.previous, names.user
    ))]
}
