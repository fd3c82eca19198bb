use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Call, Dialect, IdField};

pub(super) const RULE: Rule = Rule {
    id: "ATT028",
    name: "missing-group-id",
    severity: Severity::Deny,
    tolerated: &[Dialect::Import, Dialect::Browser],
    off: None,
    title: "A group call names its group",
    doc: RuleDoc {
        what: "A group call carries a `groupId` that is not empty.",
        why: "Without it the call says nothing: a visitor belongs to no group in particular.",
        fix: "Send the group's id as `groupId`. For attribution by company, Attribution reads the trait `companyId` of \
              identify, and no group call is needed.",
        source: "Segment's Attribution (Actions) requires it; RudderStack's destination forwards a group without one, and \
                 so does attribution.js.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(fields) = subject.fields_of(Call::Group) else {
        return Vec::new();
    };
    let message = match IdField::of(fields, "groupId") {
        IdField::Text(_) | IdField::Number(_) => return Vec::new(),
        IdField::Absent => "is missing".to_owned(),
        IdField::Null => "is null".to_owned(),
        IdField::Empty => "is empty".to_owned(),
        IdField::Other(value) => format!("is {}, not a string", kind_of(value)),
    };
    vec![Finding::at_field("groupId", message)]
}
