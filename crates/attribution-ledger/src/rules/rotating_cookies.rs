use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT043",
    name: "rotating-cookies",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A user keeps their anonymous id",
    doc: RuleDoc {
        what: "A user comes with fewer than five anonymous ids within one hour, by the time of receipt. The fifth is \
               flagged, and each fifth after it. Engage's messages, which go to all ids that a profile has, don't count.",
        why: "Each anonymous id is a browser of its own: visits end at every change, and those that were made under an id \
              with which the user never came are lost. A server that makes up an id for each request looks like this, and \
              so does a page that calls `reset()` when it loads.",
        fix: "On a server, take the id from the browser's cookie (`ajs_anonymous_id`), or send none. In the browser, call \
              `reset()` at logout and nowhere else.",
        source: "analytics.js makes a new anonymous id at `reset()`, and when another user is identified (Segment's \
                 documentation of identity). Five within an hour is this project's decision.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::ManyCookies { user, count } => Some(Finding::at_field(
            recorded.names.cookie,
            format!("is the {count}th of user {} within an hour", excerpt(user)),
        )),
        _ => None,
    })
}
