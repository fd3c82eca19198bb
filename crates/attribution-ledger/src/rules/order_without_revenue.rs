use super::order::of_order;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::property;
use crate::project::revenue;

pub(super) const RULE: Rule = Rule {
    id: "ATT034",
    name: "order-without-revenue",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An order's revenue is not zero",
    doc: RuleDoc {
        what: "The `revenue` of an `Order Completed` is not 0.",
        why: "The conversion counts and earns its channel nothing. A zero is what a sender writes when the event leaves \
              before the cart's sum is known, or when a sum is converted that wasn't there.",
        fix: "Send the event once the sum is known. If the order was free, leave `revenue` out, or switch this rule off.",
        source: "segmentio-facade 3.4.10 takes a revenue of 0 for none; Segment's Spec for orders defines it as what was \
                 earned.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let found = of_order(subject).and_then(|properties| property(properties, "revenue"));
    let zero = found
        .and_then(revenue)
        .is_some_and(|revenue| revenue.as_f64() == Some(0.0));
    if !zero {
        return Vec::new();
    }
    vec![Finding::at(
        "/properties/revenue",
        "is 0, so the order earns its channel nothing",
    )]
}
