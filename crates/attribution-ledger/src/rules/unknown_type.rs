use json_tree::Value;

use super::message_type::MessageType;
use super::subject::{excerpt, kind_of};
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Call, Route};

pub(super) const RULE: Rule = Rule {
    id: "ATT024",
    name: "unknown-type",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A message is one of the six calls",
    doc: RuleDoc {
        what: "The `type` of a message in a batch is `track`, `page`, `screen`, `identify`, `group` or `alias`, in lower \
               case.",
        why: "What a message of another type says isn't known, so it counts for nothing.",
        fix: "Write the type in lower case, and send what is of no such type as a track with an event of its own.",
        source: "RudderStack's destination forwards a message whatever its type is; that only the types of the Segment Spec \
                 are read is this project's decision.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Route::Import, MessageType::Unknown(found)) = (subject.route, MessageType::of(subject.fields)) else {
        return Vec::new();
    };
    vec![Finding::at_field("type", message(found))]
}

fn message(found: &Value) -> String {
    let Some(text) = found.as_str() else {
        return format!("is {}, not a string, so the message counts for nothing", kind_of(found));
    };
    let meant = Call::ALL
        .into_iter()
        .find(|call| call.as_str().eq_ignore_ascii_case(text.trim()));
    let hint = meant
        .map(|call| format!("; did you mean `{call}`?"))
        .unwrap_or_default();
    format!(
        "{} is none of the six calls, so the message counts for nothing{hint}",
        excerpt(text)
    )
}
