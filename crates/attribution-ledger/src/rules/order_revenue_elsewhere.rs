use json_tree::{Object, Value};

use super::order::of_order;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::property;

pub(super) const RULE: Rule = Rule {
    id: "ATT033",
    name: "order-revenue-elsewhere",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An order's revenue is called revenue",
    doc: RuleDoc {
        what: "An `Order Completed` that has an amount in `total` or `value` has one in `revenue`, too. Other events may \
               have a `value` that is no money and are not looked at.",
        why: "Only `revenue` is counted: nothing public says that `total` or `value` are. The order counts as a conversion \
              without money, and return on ad spend comes out too low.",
        fix: "Add `revenue`: what was sold, without shipping and tax. `total` may stay beside it.",
        source: "Attribution's Ruby gem, Magento extension and Heap importer send `revenue` and no other name. Segment's \
                 Spec for orders has both; segmentio-facade reads `total` where `revenue` is missing, but this destination \
                 forwards the properties as they are.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(properties) = of_order(subject) else {
        return Vec::new();
    };
    if property(properties, "revenue").is_some_and(|revenue| *revenue != Value::Null) {
        return Vec::new();
    }
    let elsewhere = ["total", "value"].into_iter().find(|key| is_amount(properties, key));
    let message = elsewhere.map(|key| format!("is missing, and `{key}` is not counted as money"));
    message
        .map(|message| Finding::at("/properties/revenue", message))
        .into_iter()
        .collect()
}

fn is_amount(properties: &Object<'_>, key: &str) -> bool {
    property(properties, key).is_some_and(|value| matches!(value, Value::Number(_) | Value::String(_)))
}
