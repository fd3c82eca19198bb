use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT047",
    name: "alias-cycle",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "Aliases lead somewhere",
    doc: RuleDoc {
        what: "The id that an alias joins was not merged, directly or through up to a hundred other aliases, into the \
               alias' own previous id.",
        why: "Both are one person already, and neither id is the last: which of them names the person is arbitrary. \
              Receivers that follow aliases one by one may follow this one forever, or drop it.",
        fix: "Look for `userId` and `previousId` in the wrong order: the previous id is the one that the person had, the \
              user id the one to use from now on.",
        source: "Attribution's documentation says nothing about cycles; that a cycle is one person is this project's \
                 decision.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::Cycle { target } => Some(Finding::at_field(
            recorded.target,
            format!("{} was merged into this alias' previous id before", excerpt(target)),
        )),
        _ => None,
    })
}
