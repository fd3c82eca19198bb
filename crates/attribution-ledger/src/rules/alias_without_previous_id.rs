use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT012",
    name: "alias-without-previous-id",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An alias names the previous id",
    doc: RuleDoc {
        what: "An alias carries a previous id, `previous_id` or `previousId`, beside the id that it joins, and it is a \
               string; a number is numeric-identity instead.",
        why: "Without it nobody is merged: what the person did before stays a stranger's, and its visits are never \
              credited.",
        fix: "Pass the previous id. Libraries on servers don't know it; in the browser analytics.js fills in the current \
              id when there is one. In Segment's Attribution (Actions) add the mapping: the default one has no previous \
              id.",
        source: "The destination leaves the key out when the call has no previous id, and passes one of any type on \
                 (integration-attribution 1.2.2, `lib/mapper.js`): Segment checks the type of `userId` only. \
                 The default preset of Attribution (Actions) maps no `previousId`.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((fields, names)) = subject.alias() else {
        return Vec::new();
    };
    let someone_else = subject.ids().any(|(name, id)| name != names.previous && !id.is_blank());
    let what = match IdField::of(fields, names.previous) {
        IdField::Other(value) if someone_else => format!("is {}, not a string", kind_of(value)),
        previous if previous.is_blank() && someone_else => "names nobody".to_owned(),
        _ => return Vec::new(),
    };
    vec![Finding::at_field(names.previous, what + ", so nobody is merged")]
}
