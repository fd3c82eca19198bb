use super::message_type::MessageType;
use super::subject::{excerpt, kind_of};
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::Route;

pub(super) const RULE: Rule = Rule {
    id: "ATT025",
    name: "type-contradicts-path",
    severity: Severity::Deny,
    tolerated: &[],
    off: None,
    title: "A message is what its path says",
    doc: RuleDoc {
        what: "On `/v1/t`, `/v1/p`, `/v1/s`, `/v1/i`, `/v1/g` and `/v1/a` the body's `type` is the call with that first \
               letter. What attribution.js sends is held to its path likewise; only `/track`, where its oldest builds post, \
               takes pages as well as tracks.",
        why: "One of the two is wrong, and which can't be known: read by the path, a page would be a conversion, or the \
              other way round.",
        fix: "Post each call to the path of its own first letter.",
        source: "Segment's Attribution (Actions) makes the path of the type, and each call of attribution.js has its own.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let call = match subject.route {
        Route::Actions(call) => call,
        Route::Browser(route) => route.call(subject.fields),
        Route::Track | Route::Identify | Route::Alias | Route::Import => return Vec::new(),
    };
    let found = match MessageType::of(subject.fields) {
        MessageType::Missing => return Vec::new(),
        MessageType::Known(found) if found == call => return Vec::new(),
        MessageType::Known(found) => format!("is `{found}`"),
        MessageType::Unknown(value) => match value.as_str() {
            Some(text) => format!("is {}", excerpt(text)),
            None => format!("is {}", kind_of(value)),
        },
    };
    vec![Finding::at_field(
        "type",
        format!("{found}, but {} takes `{call}`", subject.route),
    )]
}
