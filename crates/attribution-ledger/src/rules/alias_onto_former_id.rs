use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT046",
    name: "alias-onto-former-id",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An alias joins an id that is still in use",
    doc: RuleDoc {
        what: "The id that an alias joins was not the previous id of an earlier alias. One that leads back to where the \
               alias begins is alias-cycle instead.",
        why: "Somebody has moved on from that id, and the sender doesn't know. This double follows the chain to its end; \
              receivers that don't leave this alias' visits with an id that nobody uses.",
        fix: "Alias onto the id that the person has now.",
        source: "Attribution's documentation says nothing about chains; following them is this project's decision.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::OntoFormer { into, request } => Some(Finding::at_field(
            recorded.target,
            format!("was itself merged into {} by request {request}", excerpt(into)),
        )),
        _ => None,
    })
}
