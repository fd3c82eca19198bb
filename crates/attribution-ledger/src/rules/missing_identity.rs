use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Dialect, IdField};

pub(super) const RULE: Rule = Rule {
    id: "ATT002",
    name: "missing-identity",
    severity: Severity::Deny,
    tolerated: &[Dialect::Import],
    off: None,
    title: "A message says whom it is about",
    doc: RuleDoc {
        what: "Every message but an alias carries the user's id or the cookie's, and one of them is not empty: `user_id` or \
               `cookie_id` on the classic wire, `userId` or `anonymousId` elsewhere. An explicit null for the user alone is \
               null-identity instead, because the Magento extension sends that for a guest.",
        why: "Without an id the event belongs to nobody: it can't be a visit or be credited to one.",
        fix: "Send Segment's `userId`, or its `anonymousId`, or both; on the classic wire as `user_id` and `cookie_id`.",
        source: "Segment refuses a call without either id (`no_user_anon_id`), so its destinations always send one. RudderStack's \
                 requires neither, so on the import wire this is only a warning.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(names) = subject.names_of_someone() else {
        return Vec::new();
    };
    let [user, cookie] = [names.user, names.cookie].map(|name| IdField::of(subject.fields, name));
    let anyone = user.usable().is_some() || cookie.usable().is_some();
    // A user id of the wrong type is reported as that; a null one is what a guest's refund looks like.
    let excused = matches!(user, IdField::Other(_) | IdField::Null);
    if anyone || excused {
        return Vec::new();
    }
    vec![Finding::of_message(format!(
        "neither `{}` nor `{}` names anyone",
        names.user, names.cookie
    ))]
}
