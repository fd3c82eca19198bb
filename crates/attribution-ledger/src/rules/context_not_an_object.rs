use json_tree::Value;

use super::subject::kind_of;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    id: "ATT018",
    name: "context-not-an-object",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "The context is an object",
    doc: RuleDoc {
        what: "`context`, where it is given, is an object; null counts as absent.",
        why: "The visitor's address and browser are read from it, and from a string or a list they can't be.",
        fix: "Send an object, and drop the legacy `options` of the message, which takes the context's place on the classic \
              wire.",
        source: "The classic destination sends the message's legacy `options` as the context, whatever it is \
                 (segmentio-facade, `options`).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    match subject.fields.get("context") {
        None | Some(Value::Null | Value::Object(_)) => Vec::new(),
        Some(other) if subject.carries("context") => vec![Finding::at_field(
            "context",
            format!("is {} and ignored: not an object", kind_of(other)),
        )],
        Some(_) => Vec::new(),
    }
}
