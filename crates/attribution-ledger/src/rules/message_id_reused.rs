use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT040",
    name: "message-id-reused",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A message id is used for one message",
    doc: RuleDoc {
        what: "A message whose `messageId` was recorded before says what the first one said: the same call about the same \
               ids, event, name, properties and traits. Time and context may differ. One that says the same is \
               duplicate-message-id instead.",
        why: "An id counts once, so this message is lost although it says something new.",
        fix: "Give each message an id of its own, a random UUID, when it is made. Don't make ids of the time or of the \
              user's, and don't copy a message with its id to send another.",
        source: "Segment drops what has an id of the last 24 hours without looking at the rest, so reused ids lose data \
                 there, too (Segment's documentation of duplicate data).",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    let first = recorded.facts.iter().find_map(|fact| match fact {
        Fact::Reused { first } => Some(*first),
        _ => None,
    })?;
    let id = recorded.message.id.as_deref().unwrap_or_default();
    let message = format!(
        "{} was recorded with request {first}, which said something else, so this message is lost",
        excerpt(id)
    );
    Some(Finding::at_field("messageId", message))
}
