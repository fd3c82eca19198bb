use json_tree::Value;

use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Call, Dialect, page_name};

pub(super) const RULE: Rule = Rule {
    id: "ATT010",
    name: "page-like-track",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A track isn't named as a page",
    doc: RuleDoc {
        what: "On the classic wire an event named `Viewed <name> Page` or `Viewed <name> Screen` carries that very name in \
               `properties.name`, as it does when the destination writes a page. One named `Loaded a Page` or \
               `Loaded a Screen` can't be told from a page at all and isn't flagged.",
        why: "The classic wire sends pages as tracks, and only the event's name tells them apart. A track with such a \
              name is recorded as a page view: it can begin a visit, and it is no conversion, whatever its revenue.",
        fix: "Give the track another name, `Pricing Viewed`. If it is a page view, use a page call, with the name as its \
              own argument and not in the properties.",
        source: "integration-attribution 1.2.2 (`lib/mapper.js`) and segmentio-facade put a page's name into its \
                 properties whenever the event's name has it.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    evidence(subject).into_iter().collect()
}

/// What says that the sender didn't mean a page: the name isn't where the destination always puts it.
fn evidence(subject: &Subject<'_>) -> Option<Finding> {
    if subject.dialect() != Dialect::Classic {
        return None;
    }
    let fields = subject.fields_of(Call::Track)?;
    let name = page_name(fields.get("event")?.as_str()?)?.name?;
    let found = fields.get("properties").and_then(|properties| properties.get("name"));
    if found.and_then(Value::as_str) == Some(name) {
        return None;
    }
    let message = format!("is recorded as a page view, but a page would have {name:?} as its `properties.name`, too");
    Some(Finding::at_field("event", message))
}
