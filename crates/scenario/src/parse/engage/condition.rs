//! `when:`: who is in an audience.

use std::time::Duration;

use expectation::read::{Fields, count, filled, help, nearest, quoted, unknown};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink};
use segment_engage::{Condition, Count, Selection};

use super::predicate::{PREDICATES, filters, predicates};
use crate::parse::wait::wait;

/// What a condition begins with.
const CONDITIONS: &[&str] = &["event", "page", "screen", "trait", "and", "or", "not"];

pub(crate) const EVENTS: &[&str] = &["event", "page", "screen"];

pub(crate) const COUNTS: &[&str] = &["at_least", "exactly", "at_most"];

/// Which events are meant, and how old they are at most.
pub(super) struct Selected {
    pub(super) events: Selection,
    pub(super) within: Option<Duration>,
}

/// A condition, of whichever kind.
pub(super) fn condition(node: &Node, sink: &mut Sink) -> Option<Condition> {
    let entries = entries(node, sink)?;
    let mut kinds = entries.iter().filter(|entry| CONDITIONS.contains(&entry.key.as_str()));
    let Some(kind) = kinds.next() else {
        sink.push(no_condition(node, entries));
        return None;
    };
    if let Some(second) = kinds.next() {
        let message = format!("a condition is one thing, not `{}` and `{}`", kind.key, second.key);
        let help = format!("write `and: [{{ {}: … }}, {{ {}: … }}]`", kind.key, second.key);
        sink.push(Diagnostic::new(second.at, message).help(help));
        return None;
    }
    match kind.key.as_str() {
        "and" => conditions(kind, entries, sink).map(Condition::All),
        "or" => conditions(kind, entries, sink).map(Condition::Any),
        "not" => {
            alone(kind, entries, sink);
            condition(&kind.value, sink).map(|one| Condition::Not(Box::new(one)))
        }
        "trait" => of_trait(node, kind, entries, sink),
        _ => of_events(node, &kind.key, sink),
    }
}

fn entries<'a>(node: &'a Node, sink: &mut Sink) -> Option<&'a [Entry]> {
    if let Shape::Entries(entries) = &node.shape {
        return Some(entries);
    }
    let mistake = Diagnostic::new(
        node.at,
        format!("a condition is a mapping, not {}", node.what(sink.syntax())),
    );
    sink.push(mistake.help(match &node.shape {
        Shape::Items(_) => "write `and:` or `or:` before the list",
        _ => "write one such as `{ event: Order Completed, at_least: 1, within: 30d }`",
    }));
    None
}

fn no_condition(node: &Node, entries: &[Entry]) -> Diagnostic {
    let misspelt = entries
        .iter()
        .find_map(|entry| Some((entry, nearest(&entry.key, CONDITIONS)?)));
    match misspelt {
        Some((entry, near)) => Diagnostic::new(entry.at, format!("there is no condition {}", quoted(&entry.key)))
            .help(format!("did you mean `{near}`?")),
        None => Diagnostic::new(node.at, "nothing here says what must be so").help(help("", CONDITIONS)),
    }
}

fn conditions(kind: &Entry, all: &[Entry], sink: &mut Sink) -> Option<Vec<Condition>> {
    alone(kind, all, sink);
    match &kind.value.shape {
        Shape::Items(items) if !items.is_empty() => {
            let found: Vec<Condition> = items.iter().filter_map(|item| condition(item, sink)).collect();
            (found.len() == items.len()).then_some(found)
        }
        _ => {
            let message = format!("`{}` must be a list of conditions", kind.key);
            let help = format!("write `{}: [{{ event: … }}, {{ trait: … }}]`", kind.key);
            sink.push(Diagnostic::new(kind.value.at, message).help(help));
            None
        }
    }
}

/// Beside `and`, `or` and `not` nothing else stands.
fn alone(kind: &Entry, all: &[Entry], sink: &mut Sink) {
    for entry in all.iter().filter(|entry| entry.key != kind.key) {
        let message = format!("{} stands beside `{}`", quoted(&entry.key), kind.key);
        sink.push(Diagnostic::new(entry.at, message).help(format!("put it into a condition below `{}:`", kind.key)));
    }
}

fn of_trait(node: &Node, kind: &Entry, entries: &[Entry], sink: &mut Sink) -> Option<Condition> {
    let name = filled(&kind.value, "trait", sink).map(str::to_owned);
    let asked = entries.iter().filter(|entry| entry.key != "trait");
    let place = name.clone().unwrap_or_else(|| "trait".to_owned());
    let predicates = predicates(node, asked, &place, sink);
    let name = name?;
    let mut conditions: Vec<Condition> = predicates
        .into_iter()
        .map(|predicate| Condition::Trait(name.clone(), predicate))
        .collect();
    if conditions.len() == 1 {
        return conditions.pop();
    }
    Some(Condition::All(conditions))
}

fn of_events(node: &Node, kind: &str, sink: &mut Sink) -> Option<Condition> {
    let (fields, selected) = selected(node, kind, COUNTS, sink)?;
    let mut bounds = fields
        .entries
        .iter()
        .filter(|entry| COUNTS.contains(&entry.key.as_str()));
    let count = match bounds.next() {
        Some(entry) => bound(entry, sink),
        None => Some(Count::AtLeast(1)),
    };
    if let Some(second) = bounds.next() {
        let mistake = Diagnostic::new(second.at, format!("how often is said already, before `{}`", second.key));
        sink.push(mistake.help("keep one of the two, or make it two conditions below `and:`"));
    }
    let Selected { events, within } = selected?;
    Some(Condition::event(events, count?, within))
}

fn bound(entry: &Entry, sink: &mut Sink) -> Option<Count> {
    let number = count(&entry.value, &entry.key, sink)?;
    match entry.key.as_str() {
        "exactly" => Some(Count::Exactly(number)),
        "at_most" => Some(Count::AtMost(number)),
        _ if number == 0 => {
            let mistake = Diagnostic::new(entry.value.at, "everyone did it at least 0 times");
            sink.push(mistake.help("write `exactly: 0` for those who never did it, or `at_least: 1`"));
            None
        }
        _ => Some(Count::AtLeast(number)),
    }
}

/// A mapping that says which events are meant, and `more`; the fields are there where the events are mistaken, too.
pub(super) fn selected<'a>(
    node: &'a Node,
    place: &str,
    more: &[&str],
    sink: &mut Sink,
) -> Option<(Fields<'a>, Option<Selected>)> {
    let legal = [EVENTS, &["where", "within"], more].concat();
    let fields = Fields::any(node, place, sink)?;
    for entry in fields
        .entries
        .iter()
        .filter(|entry| !legal.contains(&entry.key.as_str()))
    {
        sink.push(stray(entry, place, &legal));
    }
    let within = fields.get("within").map(|node| wait(node, "within", sink));
    let filters = fields.get("where").map(|node| filters(node, sink)).unwrap_or_default();
    let selection = selection(fields, place, sink);
    let selected = selection.and_then(|selection| {
        let events = filters.into_iter().fold(selection, |selection, (property, predicate)| {
            selection.filter(property, predicate)
        });
        let within = within.map_or(Some(None), |within| within.map(Some))?;
        Some(Selected { events, within })
    });
    Some((fields, selected))
}

fn selection(fields: Fields<'_>, place: &str, sink: &mut Sink) -> Option<Selection> {
    let mut given = fields
        .entries
        .iter()
        .filter(|entry| EVENTS.contains(&entry.key.as_str()));
    let Some(entry) = given.next() else {
        let misspelt = |entry: &Entry| nearest(&entry.key, EVENTS).is_some();
        if !fields.entries.iter().any(misspelt) {
            let mistake = Diagnostic::new(fields.at, format!("{} does not say which events count", quoted(place)));
            sink.push(mistake.help("add `event: Order Completed`, `page: Pricing` or `screen: Home`"));
        }
        return None;
    };
    if let Some(second) = given.next() {
        let message = format!("events are of one kind, not `{}` and `{}`", entry.key, second.key);
        sink.push(Diagnostic::new(second.at, message).help("keep one of the two"));
    }
    let name = filled(&entry.value, &entry.key, sink)?;
    Some(match entry.key.as_str() {
        "page" => Selection::page(name),
        "screen" => Selection::screen(name),
        _ => Selection::track(name),
    })
}

/// What is asked of a value has its place below `where`.
fn stray(entry: &Entry, place: &str, legal: &[&str]) -> Diagnostic {
    let mistake = unknown(entry, &format!("`{place}`"), legal);
    if nearest(&entry.key, legal).is_none() && PREDICATES.contains(&entry.key.as_str()) {
        return mistake.help(format!(
            "ask it of a property: `where: {{ revenue: {{ {}: … }} }}`",
            entry.key
        ));
    }
    mistake
}
