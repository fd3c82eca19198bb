use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT021",
    name: "duplicate-message-id",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A message id is new",
    doc: RuleDoc {
        what: "No message that was recorded before, in this request or an earlier one of any dialect, has the same \
               `messageId` and says the same. Ids are compared by exact text. One that says something else is \
               message-id-reused instead.",
        why: "An id counts once: the message changes nothing. That is right for one that is sent again because its answer \
              was lost.",
        fix: "Nothing, if it is a retry. Else give each message an id of its own, a random UUID, once, when it is made.",
        source: "Segment and RudderStack give each message an id so that receivers can tell a retry; that Attribution \
                 does is this project's decision, because its ingest is not public.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    let first = recorded.facts.iter().find_map(|fact| match fact {
        Fact::Repeated { first } => Some(*first),
        _ => None,
    })?;
    let id = recorded.message.id.as_deref().unwrap_or_default();
    let message = format!("{} was recorded with request {first} and counts once", excerpt(id));
    Some(Finding::at_field("messageId", message))
}
