use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{IdField, Route};

pub(super) const RULE: Rule = Rule {
    id: "ATT002",
    name: "missing-identity",
    severity: Severity::Deny,
    title: "A track or an identify says whom it is about",
    doc: RuleDoc {
        what: "`/track` and `/identify` carry a `user_id` or a `cookie_id`, and one of them is not empty. An explicit null \
               `user_id` alone is null-identity instead, because the Magento extension sends that for a guest.",
        why: "Without an id the event belongs to nobody: it can't be a visit or be credited to one.",
        fix: "Send Segment's `userId` as `user_id`, or its `anonymousId` as `cookie_id`, or both.",
        source: "Segment refuses a call without either id (`no_user_anon_id`), so its destination always sends one.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((Route::Track | Route::Identify, fields)) = subject.fields() else {
        return Vec::new();
    };
    let (user, cookie) = (IdField::of(fields, "user_id"), IdField::of(fields, "cookie_id"));
    let named = user.usable().is_some() || cookie.usable().is_some();
    // A user id of the wrong type is reported as that; a null one is what a guest's refund looks like.
    let excused = matches!(user, IdField::Other(_) | IdField::Null);
    if named || excused {
        return Vec::new();
    }
    vec![Finding::of_body("neither `user_id` nor `cookie_id` names anyone")]
}
