use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT013",
    name: "alias-without-user-id",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An alias names the user that the previous id joins",
    doc: RuleDoc {
        what: "An alias carries the user's id, `user_id` or `userId`, beside the previous id.",
        why: "Without it nobody is merged, unless an anonymous id says which cookie to join: then two anonymous \
              visitors become one.",
        fix: "Pass the user's id as soon as it is known. A null one comes from calling alias before the login is \
              complete.",
        source: "Attribution's own importers send `previous_id` with `anonymous_id` (amplitude-processor, \
                 `lib/amplitude-processor/loader.rb`); a null `userId` in alias is analytics.js issue 434.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((fields, names)) = subject.alias() else {
        return Vec::new();
    };
    let [user, previous, cookie] = [names.user, names.previous, names.cookie].map(|name| IdField::of(fields, name));
    if !user.is_blank() || previous.is_blank() && cookie.is_blank() {
        return Vec::new();
    }
    let message = match cookie.usable() {
        Some(cookie) => format!("names nobody; the cookie {cookie:?} is joined instead"),
        None => "names nobody, so nobody is merged".to_owned(),
    };
    vec![Finding::at_field(names.user, message)]
}
