use super::subject::kind_of;
use super::{Check, Finding, Posted, Rule, RuleDoc, Severity};
use crate::decode::Body;

pub(super) const RULE: Rule = Rule {
    id: "ATT001",
    name: "body-not-json-object",
    severity: Severity::Deny,
    tolerated: &[],
    off: None,
    title: "The body is a JSON object",
    doc: RuleDoc {
        what: "The request body, after its content encoding is undone, is UTF-8 JSON and an object.",
        why: "Nothing can be read from anything else. A batch is an array inside an object, and only `/v1/import` takes \
              one; Segment's destinations send one event a request.",
        fix: "Serialise one event as an object, send it as `Content-Type: application/json` (attribution.js as `text/plain`), and check that the body \
              isn't cut short or form-encoded.",
        source: "Every public sender posts one object: integration-attribution 1.2.2 (`lib/index.js`), attribution-ruby \
                 (`lib/attribution/client.rb`), Segment's Attribution (Actions), and RudderStack's destination.",
    },
    check: Check::Request(check),
};

fn check(posted: &Posted<'_>) -> Vec<Finding> {
    match posted.body {
        Body::Object(_) => Vec::new(),
        Body::Other(value) => vec![Finding::of_body(format!(
            "the body is {}, not an object",
            kind_of(value)
        ))],
        Body::Unreadable(error) => vec![Finding::of_body(format!("the body is not JSON: {error}"))],
    }
}
