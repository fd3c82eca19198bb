use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::timestamp::Reading;

pub(super) const RULE: Rule = Rule {
    id: "ATT019",
    name: "time-out-of-range",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A timestamp lies between the years -9999 and 9999",
    doc: RuleDoc {
        what: "`timestamp` is a time that this double can represent. One beyond it counts as the earliest or the latest \
               there is.",
        why: "No visitor did anything then. It is nearly always an epoch in the wrong unit: microseconds read as \
              milliseconds are a date some 50,000 years ahead.",
        fix: "Send an ISO date-time, or an epoch in seconds or milliseconds, to Segment.",
        source: "The classic destination renders any instant that JavaScript has, with six digits for years outside 0 to 9999 \
                 (segmentio-facade 3.2.7).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    match subject.time() {
        Some(Reading::Clamped(nearest)) if subject.carries("timestamp") => {
            vec![Finding::at_field(
                "timestamp",
                format!("lies beyond the calendar and counts as {nearest}"),
            )]
        }
        Some(Reading::Clamped(_) | Reading::Exact(_)) | None => Vec::new(),
    }
}
