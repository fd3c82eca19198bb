use super::subject::excerpt;
use super::{Check, Finding, Rule, RuleDoc, Severity};
use crate::decode::Call;
use crate::project::Unlinked;

pub(super) const RULE: Rule = Rule {
    id: "ATT048",
    name: "unlinked-conversion",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "Who converts has been seen on a page",
    doc: RuleDoc {
        what: "A user with a conversion has a page view, or has come at least once with an anonymous id, or was merged with \
               somebody who has. Where no page view of anybody was recorded, there is nothing to link to and nobody is \
               flagged. It is looked for whenever violations are listed, for a later request may still make the link, and \
               is said of the user's first conversion.",
        why: "Visits belong to anonymous ids, conversions to user ids. Without one message that carries both, the \
              conversion has no visit before it, and its revenue is nobody's.",
        fix: "Call identify in the browser when the user signs up or in, or pass the browser's anonymous id (the cookie \
              `ajs_anonymous_id`) to the server and send it with the user id.",
        source: "Segment's server libraries know no anonymous id by themselves (segmentio/analytics-ruby#173 and #174); \
                 Attribution's documentation says that identify assigns a user to what an anonymous visitor did.",
    },
    check: Check::Unlinked(check),
};

fn check(unlinked: &Unlinked) -> Finding {
    let others = match unlinked.conversions {
        1 => String::new(),
        2 => " and another conversion".to_owned(),
        count => format!(" and {} other conversions", count - 1),
    };
    let names = unlinked.spoken.dialect.names(Call::Track);
    Finding::at_field(
        names.cookie,
        format!(
            "names nobody, here or in any message of user {}: {}{others} can't be linked to any visit",
            excerpt(&unlinked.visitor),
            excerpt(&unlinked.event)
        ),
    )
}
