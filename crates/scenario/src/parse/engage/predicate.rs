//! What is asked of a trait or a property.

use expectation::read::{Fields, flag, help, nearest, quoted, text, wrong};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink};
use segment_engage::Predicate;
use serde_json::{Number, Value};

/// What can be asked.
pub(crate) const PREDICATES: &[&str] = &[
    "equals",
    "exists",
    "contains",
    "more_than",
    "at_least",
    "less_than",
    "at_most",
];

/// What they are called elsewhere, in letters too different for a slip.
const MEANT: &[(&str, &str)] = &[
    ("is", "equals"),
    ("eq", "equals"),
    ("includes", "contains"),
    ("has", "contains"),
    ("gt", "more_than"),
    ("above", "more_than"),
    ("greater_than", "more_than"),
    ("gte", "at_least"),
    ("min", "at_least"),
    ("lt", "less_than"),
    ("below", "less_than"),
    ("lte", "at_most"),
    ("max", "at_most"),
];

/// `where:`: what is asked of each property. A single value is what the property equals.
pub(super) fn filters(node: &Node, sink: &mut Sink) -> Vec<(String, Predicate)> {
    let fields = Fields::any(node, "where", sink);
    let mut found = Vec::new();
    for entry in fields.into_iter().flat_map(|fields| fields.entries) {
        let place = format!("where.{}", entry.key);
        let predicates = match &entry.value.shape {
            Shape::Entries(entries) => predicates(&entry.value, entries.iter(), &place, sink),
            _ => equals(&entry.value, &place, sink).into_iter().collect(),
        };
        found.extend(predicates.into_iter().map(|predicate| (entry.key.clone(), predicate)));
    }
    found
}

/// One or several, which must all hold.
pub(super) fn predicates<'a>(
    node: &Node,
    entries: impl Iterator<Item = &'a Entry>,
    place: &str,
    sink: &mut Sink,
) -> Vec<Predicate> {
    let mut found = Vec::new();
    let mut is_empty = true;
    for entry in entries {
        is_empty = false;
        found.extend(predicate(entry, place, sink));
    }
    if is_empty {
        let mistake = Diagnostic::new(node.at, format!("nothing is asked of {}", quoted(place)));
        sink.push(mistake.help(format!("add one of `{}`", PREDICATES.join("`, `"))));
    }
    found
}

fn predicate(entry: &Entry, place: &str, sink: &mut Sink) -> Option<Predicate> {
    let node = &entry.value;
    let below = format!("{place}.{}", entry.key);
    let number = |of: fn(Number) -> Predicate, sink: &mut Sink| number(node, &below, sink).map(of);
    match entry.key.as_str() {
        "equals" => equals(node, &below, sink),
        "exists" => flag(node, &below, sink).map(Predicate::Exists),
        "contains" => text(node, &below, sink).map(|text| Predicate::Contains(text.to_owned())),
        "more_than" => number(Predicate::MoreThan, sink),
        "at_least" => number(Predicate::AtLeast, sink),
        "less_than" => number(Predicate::LessThan, sink),
        "at_most" => number(Predicate::AtMost, sink),
        other => {
            sink.push(unknown(entry, place, other));
            None
        }
    }
}

fn unknown(entry: &Entry, place: &str, key: &str) -> Diagnostic {
    let bare = key.trim_start_matches('$');
    let meant = MEANT.iter().find(|(word, _)| *word == bare).map(|(_, meant)| *meant);
    let mistake = Diagnostic::new(
        entry.at,
        format!("{} can't be asked for {}", quoted(place), quoted(key)),
    );
    mistake.help(match meant.or_else(|| nearest(key, PREDICATES)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => help(key, PREDICATES),
    })
}

fn equals(node: &Node, place: &str, sink: &mut Sink) -> Option<Predicate> {
    match node.to_value() {
        Value::Null => {
            let mistake = Diagnostic::new(node.at, format!("{} equals nothing", quoted(place)));
            sink.push(mistake.help("write the value, or `exists: false` for one that is not there"));
            None
        }
        value => Some(Predicate::Equals(value)),
    }
}

fn number(node: &Node, place: &str, sink: &mut Sink) -> Option<Number> {
    if let Shape::Number(number) = &node.shape {
        return Some(number.clone());
    }
    let mistake = wrong(node, place, "a number", sink);
    sink.push(mistake.help("write digits without quotes, such as `99.90`"));
    None
}
