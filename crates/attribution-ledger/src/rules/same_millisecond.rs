use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT042",
    name: "same-millisecond",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A visitor does one thing at a time",
    doc: RuleDoc {
        what: "Fewer than five page views and tracks in a row, of the same ids, carry the very same `timestamp`, copies \
               aside. The fifth is flagged, once for each such time.",
        why: "What came first can't be told, so neither can which visit led to the conversion. It is what a client looks \
              like that sends a batch without any time: all of it is stamped with the batch's arrival.",
        fix: "Stamp each event when it happens (`timestamp` on a server, `originalTimestamp` in a library), and the \
              request when it leaves (`sentAt`).",
        source: "A raw client without the three time fields, 62 % of whose events share a millisecond with another, is a \
                 public report (decentraland/godot-explorer#2440). Five is this project's decision: a page and a few \
                 tracks together are common.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::ManyAtOnce { count } => Some(Finding::at_field(
            "timestamp",
            format!("is that of {} other events of the visitor", count - 1),
        )),
        _ => None,
    })
}
