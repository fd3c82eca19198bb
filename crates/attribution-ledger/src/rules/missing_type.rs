use super::message_type::MessageType;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::Dialect;

pub(super) const RULE: Rule = Rule {
    id: "ATT023",
    name: "missing-type",
    severity: Severity::Deny,
    tolerated: &[Dialect::Browser],
    off: None,
    title: "A message says what it is",
    doc: RuleDoc {
        what: "On every wire but the classic one a message carries a `type` that is not empty.",
        why: "In a batch nothing else tells a page from a conversion, so a message without a type is lost.",
        fix: "Send Segment's `type` along: `track`, `page`, `screen`, `identify`, `group` or `alias`.",
        source: "Segment's Attribution (Actions) writes it into every body, and RudderStack's destination refuses a message \
                 without one (`Event type is required`). What attribution.js posts is told by its path, so there this is only a \
                 warning.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.dialect() == Dialect::Classic || MessageType::of(subject.fields) != MessageType::Missing {
        return Vec::new();
    }
    vec![Finding::at_field(
        "type",
        "is missing: write `track`, `page`, `screen`, `identify`, `group` or `alias`",
    )]
}
