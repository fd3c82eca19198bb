use super::subject::excerpt;
use super::{Check, Finding, Posted, Rule, RuleDoc, Severity};
use crate::decode::Route;

pub(super) const RULE: Rule = Rule {
    id: "ATT020",
    name: "unknown-path",
    severity: Severity::Deny,
    tolerated: &[],
    off: None,
    title: "The path is one that takes events",
    doc: RuleDoc {
        what: "The request goes to `/track`, `/identify` or `/alias`; to `/v1/t`, `/v1/p`, `/v1/s`, `/v1/i`, `/v1/g` or \
               `/v1/a`; or to `/v1/import`. Older builds of attribution.js post to `/t`, `/p`, `/i`, `/g` or `/a`.",
        why: "No other path takes events. On the classic wire pages and screens go to `/track`, and a group has no path \
              at all.",
        fix: "Post to `https://track.attributionapp.com` and one of these paths, without a trailing slash.",
        source: "integration-attribution 1.2.2 (`lib/index.js`), attribution-ruby (`lib/attribution/client.rb`), Segment's \
                 Attribution (Actions), and RudderStack's destination.",
    },
    check: Check::Request(check),
};

fn check(posted: &Posted<'_>) -> Vec<Finding> {
    if posted.route.is_some() {
        return Vec::new();
    }
    let path = excerpt(posted.path);
    // Such a path exists, but not for the one who sent this.
    let message = match Route::of_path(posted.path) {
        Some(route) => format!(
            "{path} is for the {} dialect, and attribution.js never posts there",
            route.dialect()
        ),
        None => format!("{path} is none of {}", Route::ALL.map(Route::path).join(", ")),
    };
    vec![Finding::of_body(message)]
}
