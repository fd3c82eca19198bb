use super::subject::kind_of;
use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{IdField, Route};

pub(super) const RULE: Rule = Rule {
    id: "ATT017",
    name: "cookie-not-a-string",
    severity: Severity::Warn,
    title: "A cookie's id is a string",
    doc: RuleDoc {
        what: "`cookie_id` is a string. A number is numeric-identity instead.",
        why: "The value names no cookie and is ignored, so the event isn't tied to the browser's visits.",
        fix: "Send `anonymousId` with every call, and drop the legacy `sessionId`.",
        source: "Without an `anonymousId` the destination sends the message's legacy `sessionId`, whatever it is \
                 (segmentio-facade, `sessionId`).",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((Route::Track | Route::Identify, fields)) = subject.fields() else {
        return Vec::new();
    };
    match IdField::of(fields, "cookie_id") {
        IdField::Other(value) => {
            vec![Finding::at_field(
                "cookie_id",
                format!("is {} and ignored: not a string", kind_of(value)),
            )]
        }
        _ => Vec::new(),
    }
}
