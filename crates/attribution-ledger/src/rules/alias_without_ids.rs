use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{IdField, Route};

pub(super) const RULE: Rule = Rule {
    id: "ATT006",
    name: "alias-without-ids",
    severity: Severity::Deny,
    title: "An alias names at least one id",
    doc: RuleDoc {
        what: "`/alias` carries a `previous_id`, a `user_id` or an `anonymous_id` that is not empty.",
        why: "An alias is nothing but its ids: without any there is nothing to merge.",
        fix: "Send both: `previous_id` is the id that the person had, `user_id` the one to use from now on.",
        source: "Segment refuses an alias without a `userId`, and the Ruby gem's `alias` requires both ids.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    // A target of the wrong type is reported as that.
    let someone = |(name, id): (&str, IdField<'_>)| id.usable().is_some() || name != "previous_id" && !id.is_blank();
    if subject.fields_on(Route::Alias).is_none() || subject.ids().any(someone) {
        return Vec::new();
    }
    vec![Finding::of_body("neither `previous_id` nor `user_id` names anyone")]
}
