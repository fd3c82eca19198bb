use super::subject::kind_of;
use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{IdField, Route};

pub(super) const RULE: Rule = Rule {
    id: "ATT012",
    name: "alias-without-previous-id",
    severity: Severity::Warn,
    title: "An alias names the previous id",
    doc: RuleDoc {
        what: "`/alias` carries a `previous_id` beside the id that it joins, and it is a string; a number is \
               numeric-identity instead.",
        why: "Without it nobody is merged: what the person did before stays a stranger's, and its visits are never \
              credited.",
        fix: "Pass the previous id. Libraries on servers don't know it; in the browser analytics.js fills in the current \
              id when there is one.",
        source: "The destination leaves the key out when the call has no previous id, and passes one of any type on \
                 (integration-attribution 1.2.2, `lib/mapper.js`): Segment checks the type of `userId` only.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(fields) = subject.fields_on(Route::Alias) else {
        return Vec::new();
    };
    let someone_else = subject.ids().any(|(name, id)| name != "previous_id" && !id.is_blank());
    let what = match IdField::of(fields, "previous_id") {
        IdField::Other(value) if someone_else => format!("is {}, not a string", kind_of(value)),
        previous if previous.is_blank() && someone_else => "names nobody".to_owned(),
        _ => return Vec::new(),
    };
    vec![Finding::at_field("previous_id", what + ", so nobody is merged")]
}
