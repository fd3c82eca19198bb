use serde_json::Value;

use super::subject::kind_of;
use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::Route;

pub(super) const RULE: Rule = Rule {
    id: "ATT008",
    name: "not-an-object",
    severity: Severity::Deny,
    title: "Properties and traits are objects",
    doc: RuleDoc {
        what: "`properties` on `/track` and `traits` on `/identify`, where they are given, are objects; null counts as \
               absent. A `context` of another type is context-not-an-object.",
        why: "The landing url, the referrer and the revenue are properties, and name and email are traits. From a string \
              or a list none of them can be read.",
        fix: "Send an object, `{}` when there is nothing to say. A body that was serialised twice arrives as a string.",
        source: "Segment refuses other types (`properties_not_object`, `traits_not_object`), and the destination sends \
                 `{}` where there are none.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((route, fields)) = subject.fields() else {
        return Vec::new();
    };
    let field = match route {
        Route::Track => "properties",
        Route::Identify => "traits",
        Route::Alias => return Vec::new(),
    };
    match fields.get(field) {
        None | Some(Value::Null | Value::Object(_)) => Vec::new(),
        Some(other) => vec![Finding::at_field(
            field,
            format!("is {}, not an object", kind_of(other)),
        )],
    }
}
