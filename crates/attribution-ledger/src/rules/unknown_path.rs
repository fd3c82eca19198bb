use super::{Finding, Rule, RuleDoc, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    id: "ATT020",
    name: "unknown-path",
    severity: Severity::Deny,
    title: "The path is one of the three that there are",
    doc: RuleDoc {
        what: "The request goes to `/track`, `/identify` or `/alias`.",
        why: "No other path of the classic wire takes events. Pages and screens go to `/track`, and a group has no \
              path at all.",
        fix: "Post to `https://track.attributionapp.com/track`, `/identify` or `/alias`, without a trailing slash.",
        source: "integration-attribution 1.2.2 (`lib/index.js`) and attribution-ruby (`lib/attribution/client.rb`).",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    match subject.route {
        Some(_) => Vec::new(),
        None => vec![Finding::of_body(format!(
            "{:?} is none of `/track`, `/identify` and `/alias`",
            subject.path
        ))],
    }
}
