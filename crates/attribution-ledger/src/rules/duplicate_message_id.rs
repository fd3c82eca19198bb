use super::subject::excerpt;
use super::{Check, Finding, Repeated, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT021",
    name: "duplicate-message-id",
    severity: Severity::Warn,
    tolerated: &[],
    title: "A message id is new",
    doc: RuleDoc {
        what: "No message that was recorded before, in this request or an earlier one of any dialect, has the same \
               `messageId`. Ids are compared by exact text. This needs to know what was recorded, so it is the one rule \
               that a request alone can't break.",
        why: "An id counts once: the message changes nothing. That is right for one that is sent again because its answer \
              was lost, and loses data where a sender gives different messages one id.",
        fix: "Nothing, if it is a retry. Else give each message an id of its own, a random UUID, once, when it is made.",
        source: "Segment and RudderStack give each message an id so that receivers can tell a retry; that Attribution \
                 does is this project's decision, because its ingest is not public.",
    },
    check: Check::Repeated(check),
};

fn check(repeated: &Repeated<'_>) -> Finding {
    let Repeated { id, first } = repeated;
    Finding::at_field(
        "messageId",
        format!("{} was recorded with request {first} and counts once", excerpt(id)),
    )
}
