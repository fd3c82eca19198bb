use jiff::SignedDuration;

use super::{Check, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT038",
    name: "time-in-the-future",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "Nothing has happened later than it is received",
    doc: RuleDoc {
        what: "`timestamp` lies at most one hour after the time at which the request was received. One beyond the calendar \
               is time-out-of-range instead. On the classic wire, identify and alias carry no time.",
        why: "Everything is ordered by this time. A conversion that is dated ahead of later visits is credited to visits \
              that hadn't been made, and reports of the day don't show it.",
        fix: "Leave `timestamp` out of live events. Where a server sets it, send UTC with a `Z`, and mind that local time \
              with a `Z` is ahead of UTC in half of the world. Let devices send `sentAt`, by which Segment corrects their \
              clocks.",
        source: "Segment's Spec (common fields) lists wrong clocks and manual overrides as causes; a timestamp two weeks \
                 ahead is a public report (segmentio/analytics-react-native#977). The tolerance is this project's decision.",
    },
    check: Check::Recorded(check),
};

const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    let ahead = recorded.since_receipt()?;
    (ahead > TOLERANCE).then(|| {
        let ahead = SignedDuration::from_secs(ahead.as_secs());
        Finding::at_field("timestamp", format!("is {ahead:#} later than the request was received"))
    })
}
