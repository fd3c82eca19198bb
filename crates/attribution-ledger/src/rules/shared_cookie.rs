use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT044",
    name: "shared-cookie",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An anonymous id is one browser's",
    doc: RuleDoc {
        what: "Fewer than five users come with the same anonymous id. The fifth is flagged. Engage's messages don't count.",
        why: "A cookie belongs to one user at a time, so each of them takes it from the one before, and what happens \
              without a user id goes to whoever came last. So many users on one device are nearly always an id that was \
              compiled into an application, or made once when a server started.",
        fix: "Make the anonymous id on the device, at random, once. On a server, take it from the browser's cookie or send \
              none. A shared terminal should call `reset()` when one user leaves.",
        source: "A constant anonymous id for everybody is a public report (segmentio/analytics-react-native#439). Five is \
                 this project's decision: families share devices.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::ManyUsers { cookie, count } => Some(Finding::at_field(
            recorded.names.cookie,
            format!("{} has come with {count} different users", excerpt(cookie)),
        )),
        _ => None,
    })
}
