use json_tree::Value;

use super::subject::{excerpt, kind_of};
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::property;
use crate::project::revenue;

pub(super) const RULE: Rule = Rule {
    id: "ATT032",
    name: "revenue-not-a-number",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "Revenue is a number",
    doc: RuleDoc {
        what: "`properties.revenue` of a track is a JSON number, negative for a refund. Null counts as absent.",
        why: "Text is read as leniently as can be, by leaving out `$`, `,` and blanks, and what is no decimal then is no \
              revenue at all. Other receivers of the same event read it differently: Segment's own reader makes 1 of \
              `\"$1,000.50\"`, because it takes out `$` only.",
        fix: "Send the amount as a number without sign of currency or thousands, `1000.50`, and the currency in \
              `properties.currency`.",
        source: "Segment's Spec (track): `revenue` is a number. Attribution's early ingest took `$` and `,` out of text \
                 (event-processor, 2015); segmentio-facade 3.4.10 takes out `$` alone.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let found = subject
        .conversion()
        .and_then(|properties| property(properties, "revenue"));
    let message = match found {
        None | Some(Value::Null | Value::Number(_)) => return Vec::new(),
        Some(text @ Value::String(written)) => match revenue(text) {
            Some(read) => format!("is the text {} and read as {read}", excerpt(written)),
            None => format!("is the text {}, so there is no revenue", excerpt(written)),
        },
        Some(other) => format!("is {}, so there is no revenue", kind_of(other)),
    };
    vec![Finding::at("/properties/revenue", message)]
}
