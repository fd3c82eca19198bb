use jiff::SignedDuration;

use super::{Check, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT039",
    name: "time-in-the-far-past",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "What is received has happened in the last ten years",
    doc: RuleDoc {
        what: "`timestamp` lies at most ten years before the time at which the request was received, a year being 365.25 \
               days. One beyond the calendar is time-out-of-range instead. On the classic wire, identify and alias carry \
               no time.",
        why: "History can be imported, but hardly that much of it. A date of January 1970 is an epoch of 0, or one in \
              seconds that was read as milliseconds, and such an event is in nobody's report.",
        fix: "Send an ISO date-time, or an epoch in milliseconds, to Segment; and nothing at all where the time isn't known.",
        source: "Segment takes any past `timestamp`, and what Attribution's cut-off is, if it has one, is not public. The \
                 ten years are this project's decision.",
    },
    check: Check::Recorded(check),
};

/// Ten years of 365.25 days.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(10 * 8_766);

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    let behind = -recorded.since_receipt()?;
    (behind > TOLERANCE).then(|| {
        let years = behind.as_hours() / 8_766;
        Finding::at_field("timestamp", format!("is {years} years before the request was received"))
    })
}
