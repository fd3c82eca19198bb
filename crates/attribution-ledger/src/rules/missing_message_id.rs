use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Dialect, IdField};

pub(super) const RULE: Rule = Rule {
    id: "ATT022",
    name: "missing-message-id",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A message has an id",
    doc: RuleDoc {
        what: "On every wire but the classic one a message carries a `messageId` that is not empty.",
        why: "Without one a message that is sent again can't be told from a new one, so an answer that is lost makes a \
              second conversion with the same revenue.",
        fix: "Give each message a random UUID when it is made, and keep it when it is sent again. Segment's and \
              RudderStack's libraries do so by themselves.",
        source: "Segment's Attribution (Actions) requires it; RudderStack's destination forwards a message as it is.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let what = match (subject.dialect(), IdField::of(subject.fields, "messageId")) {
        (Dialect::Classic, _) | (_, IdField::Text(_) | IdField::Number(_)) => return Vec::new(),
        (_, IdField::Absent) => "is missing",
        (_, IdField::Null) => "is null",
        (_, IdField::Empty) => "is empty",
        (_, IdField::Other(value)) => &format!("is {}, not a string", kind_of(value)),
    };
    vec![Finding::at_field(
        "messageId",
        format!("{what}, so the message counts each time it is sent"),
    )]
}
