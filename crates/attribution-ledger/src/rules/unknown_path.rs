use super::subject::excerpt;
use super::{Check, Finding, Posted, Rule, RuleDoc, Severity};
use crate::decode::Route;

pub(super) const RULE: Rule = Rule {
    id: "ATT020",
    name: "unknown-path",
    severity: Severity::Deny,
    tolerated: &[],
    title: "The path is one that takes events",
    doc: RuleDoc {
        what: "The request goes to `/track`, `/identify` or `/alias`; to `/v1/t`, `/v1/p`, `/v1/s`, `/v1/i`, `/v1/g` or \
               `/v1/a`; or to `/v1/import`.",
        why: "No other path takes events. On the classic wire pages and screens go to `/track`, and a group has no path \
              at all.",
        fix: "Post to `https://track.attributionapp.com` and one of these paths, without a trailing slash.",
        source: "integration-attribution 1.2.2 (`lib/index.js`), attribution-ruby (`lib/attribution/client.rb`), Segment's \
                 Attribution (Actions), and RudderStack's destination.",
    },
    check: Check::Request(check),
};

fn check(posted: &Posted<'_>) -> Vec<Finding> {
    match posted.route {
        Some(_) => Vec::new(),
        None => vec![Finding::of_body(format!(
            "{} is none of {}",
            excerpt(posted.path),
            Route::ALL.map(Route::path).join(", ")
        ))],
    }
}
