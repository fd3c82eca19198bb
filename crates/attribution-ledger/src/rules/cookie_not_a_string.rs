use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT017",
    name: "cookie-not-a-string",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A cookie's id is a string",
    doc: RuleDoc {
        what: "`cookie_id`, or `anonymousId`, is a string. A number is numeric-identity instead.",
        why: "The value names no cookie and is ignored, so the event isn't tied to the browser's visits.",
        fix: "Send `anonymousId` with every call, and drop the legacy `sessionId`.",
        source: "Without an `anonymousId` the classic destination sends the message's legacy `sessionId`, whatever it is \
                 (segmentio-facade, `sessionId`).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(names) = subject.names_of_someone() else {
        return Vec::new();
    };
    match IdField::of(subject.fields, names.cookie) {
        IdField::Other(value) => {
            vec![Finding::at_field(
                names.cookie,
                format!("is {} and ignored: not a string", kind_of(value)),
            )]
        }
        _ => Vec::new(),
    }
}
