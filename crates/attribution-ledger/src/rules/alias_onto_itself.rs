use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{IdField, Route};

pub(super) const RULE: Rule = Rule {
    id: "ATT007",
    name: "alias-onto-itself",
    severity: Severity::Warn,
    title: "An alias names two different ids",
    doc: RuleDoc {
        what: "`previous_id` differs from the id that it joins.",
        why: "Such an alias merges nobody. It is what a second alias at each login looks like, when the browser already \
              knows the user and fills in the user's own id as the previous one.",
        fix: "Call alias once, at sign-up, before identify; or pass the previous id yourself.",
        source: "analytics.js fills in the current id when none is passed; Attribution's documentation of alias requires \
                 two ids.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(fields) = subject.fields_on(Route::Alias) else {
        return Vec::new();
    };
    let [previous, user, cookie] = ["previous_id", "user_id", "anonymous_id"].map(|name| IdField::of(fields, name));
    match (previous.usable(), user.usable().or(cookie.usable())) {
        (Some(previous), Some(target)) if previous == target => {
            vec![Finding::at_field(
                "previous_id",
                format!("{previous:?} joins itself, so nobody is merged"),
            )]
        }
        _ => Vec::new(),
    }
}
