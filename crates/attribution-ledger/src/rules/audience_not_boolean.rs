use json_tree::Value;

use super::computation::Computation;
use super::subject::{excerpt, kind_of};
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    id: "ATT035",
    name: "audience-not-boolean",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "Membership of an audience is true or false",
    doc: RuleDoc {
        what: "Where `context.personas` says that a message is about an audience or a step of a journey, the trait of that \
               name (of a track, the property) is `true` or `false`.",
        why: "The text `\"false\"` is something, and a filter that asks whether the trait is there, or is true as \
              JavaScript understands it, takes who has left the audience for a member.",
        fix: "Pass Engage's trait on as it is, without making text of it on the way.",
        source: "Segment's Engage writes booleans (`traits.<computation_key>`), and the resolver of its Actions destinations \
                 takes nothing else; the documentation of Journeys shows the text `\"true\"`.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    membership(subject).into_iter().collect()
}

fn membership(subject: &Subject<'_>) -> Option<Finding> {
    let Computation { class, key } = Computation::of(subject.object("context")?)?;
    if !matches!(class, "audience" | "journey_step") {
        return None;
    }
    let place = Computation::place(subject.call?)?;
    let message = match subject.object(place)?.get(key)? {
        Value::Bool(_) => return None,
        Value::String(text) => format!("is the text {}, not a boolean", excerpt(text)),
        other => format!("is {}, not a boolean", kind_of(other)),
    };
    Some(Finding::below(place, key, message))
}
