use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT007",
    name: "alias-onto-itself",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An alias names two different ids",
    doc: RuleDoc {
        what: "The previous id, `previous_id` or `previousId`, differs from the id that it joins.",
        why: "Such an alias merges nobody. It is what a second alias at each login looks like, when the browser already \
              knows the user and fills in the user's own id as the previous one.",
        fix: "Call alias once, at sign-up, before identify; or pass the previous id yourself.",
        source: "analytics.js fills in the current id when none is passed; Attribution's documentation of alias requires \
                 two ids.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((fields, names)) = subject.alias() else {
        return Vec::new();
    };
    let [previous, user, cookie] = [names.previous, names.user, names.cookie].map(|name| IdField::of(fields, name));
    match (previous.usable(), user.usable().or(cookie.usable())) {
        (Some(previous), Some(target)) if previous == target => {
            vec![Finding::at_field(
                names.previous,
                format!("{previous:?} joins itself, so nobody is merged"),
            )]
        }
        _ => Vec::new(),
    }
}
