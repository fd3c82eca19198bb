use json_tree::Object;

use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{PageKind, text_property};

pub(super) const RULE: Rule = Rule {
    id: "ATT031",
    name: "server-page-without-visitor",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A page that a server sends says whose browser it was",
    doc: RuleDoc {
        what: "A page view that one of Segment's server libraries made (`context.library.name` says so) carries the \
               visitor's `context.ip` and `context.userAgent`. Tracks are not looked at, since what a known user does on a \
               server needs neither.",
        why: "A server library fills in its own name and nothing else. Without the visitor's address and browser the visit \
              has the server's place in the world, and can't be told from a bot's.",
        fix: "Pass `context: { ip, userAgent }` from the request that the server answers, and `properties.url` and \
              `properties.referrer` with it; or call page in the browser.",
        source: "Segment's Spec (common fields): server libraries collect `context.library` only. Attribution's early \
                 ingest took the address of whoever sent the request where `context.ip` was missing (event-processor, \
                 2015).",
    },
    check: Check::Message(check),
};

/// The names under which Segment's server libraries speak.
const LIBRARIES: [&str; 8] = [
    "@segment/analytics-node",
    "analytics-node",
    "analytics-ruby",
    "analytics-python",
    "analytics-java",
    "analytics-go",
    "analytics-php",
    "analytics.net",
];

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let (Some((PageKind::Page, _)), Some(context)) = (subject.page(), subject.object("context")) else {
        return Vec::new();
    };
    let Some(library) = server_library(context) else {
        return Vec::new();
    };
    let missing: Vec<&str> = ["ip", "userAgent"]
        .into_iter()
        .filter(|key| text_property(context, key).is_none())
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let message = format!("of {library} has no {} of the visitor", missing.join(" and no "));
    vec![Finding::at_field("context", message)]
}

fn server_library<'a>(context: &'a Object<'a>) -> Option<&'a str> {
    let name = context.get("library")?.get("name")?.as_str()?;
    LIBRARIES
        .iter()
        .any(|library| library.eq_ignore_ascii_case(name))
        .then_some(name)
}
