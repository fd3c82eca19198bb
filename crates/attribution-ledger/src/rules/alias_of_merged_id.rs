use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT045",
    name: "alias-of-merged-id",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An id is merged once",
    doc: RuleDoc {
        what: "The previous id of an alias was not the previous id of an earlier one.",
        why: "An alias can't be undone. Onto the same id, a second one changes nothing. Onto another id, it makes one \
              person of two customers, whose visits and conversions can't be told apart any more.",
        fix: "Call alias once, at sign-up. If two ids really are one person, alias the one onto the other, not both onto \
              it what they have in common.",
        source: "Attribution's documentation of alias: it merges two users. That a second alias at each login is ignored is \
                 a public report (segmentio/analytics-android#160); that it fuses is this project's reading of merging.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::MergedBefore { into, request, again } => {
            let into = excerpt(into);
            let message = if *again {
                format!("was merged into {into} by request {request} already, so this changes nothing")
            } else {
                format!("was merged into {into} by request {request}, so now that one is the same person, too")
            };
            Some(Finding::at_field(recorded.names.previous, message))
        }
        _ => None,
    })
}
