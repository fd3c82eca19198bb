use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT041",
    name: "suspected-duplicate",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A conversion without a message id is no copy of another",
    doc: RuleDoc {
        what: "No track that was recorded before has the same ids, event, time and properties, where neither has a \
               `messageId`. One without a time is not compared.",
        why: "Nothing tells a retry from a second conversion, so both count, and their revenue counts twice. On the classic \
              wire this happens whenever an answer is lost and Segment sends the event again.",
        fix: "Over the classic wire it can't be avoided: subtract the copies that this rule names, or use Attribution \
              (Actions), which carries the id. A sender of your own should send a `messageId`, or at least an order's id, \
              so that copies can be told.",
        source: "integration-attribution 1.2.2 (`lib/mapper.js`) writes no id, and Segment tries again for four hours \
                 whatever it didn't see answered in time.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::Twin { first } => Some(Finding::of_message(format!(
            "says exactly what request {first} said, at the same time, and counts again"
        ))),
        _ => None,
    })
}
