//! `engage:`: audiences, computed traits, and when a destination is told of them.

mod condition;
mod predicate;
mod schedule;
#[cfg(test)]
mod tests;

use expectation::read::{Fields, filled, nearest, quoted, word, wrong};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Span};
use segment_engage::key::{KeyFlaw, snake_case};
use segment_engage::{Aggregate, Aliases, Audience, ComputedTrait, Condition, Flaw, FlawKind, Form, flaws};

pub(crate) use self::condition::{COUNTS, EVENTS};
use self::condition::{Selected, condition, selected};
pub(crate) use self::predicate::PREDICATES;
use self::schedule::schedule;
use crate::scenario::EngageSettings;

pub(crate) const KEYS: &[&str] = &["audiences", "traits", "first_sync", "every", "form", "alias"];

pub(crate) const AUDIENCE: &[&str] = &["name", "key", "when"];

pub(crate) const AGGREGATES: &[&str] = &[
    "count",
    "sum",
    "min",
    "max",
    "average",
    "most_frequent",
    "first",
    "last",
    "unique_list",
    "unique_count",
];

const AN_AUDIENCE: &str =
    "write one such as `- { name: Buyers, when: { event: Order Completed, at_least: 1, within: 30d } }`";

const A_TRAIT: &str = "write one such as `- { name: Spent, sum: { event: Order Completed, property: revenue } }`";

/// What Engage computes and tells; nothing only where a mistake was reported.
pub(super) fn engage(node: &Node, sink: &mut Sink) -> Option<EngageSettings> {
    let fields = Fields::of(node, "engage", KEYS, sink)?;
    let schedule = schedule(fields, sink);
    let form = fields
        .get("form")
        .and_then(|node| word(node, "engage.form", Form::NAMES, sink))
        .map_or_else(Form::default, |word| match word {
            "track" => Form::Track,
            _ => Form::Identify,
        });
    let aliases = fields
        .get("alias")
        .and_then(|node| word(node, "engage.alias", Aliases::NAMES, sink))
        .map_or_else(Aliases::default, |word| match word {
            "ignore" => Aliases::Ignore,
            _ => Aliases::Join,
        });
    let audiences = list(fields, "audiences", AN_AUDIENCE, audience, sink);
    let traits = list(fields, "traits", A_TRAIT, computed, sink);
    let misspelt = |entry: &Entry| !KEYS.contains(&entry.key.as_str()) && nearest(&entry.key, KEYS).is_some();
    if fields.get("audiences").or(fields.get("traits")).is_none() && !fields.entries.iter().any(misspelt) {
        sink.push(Diagnostic::new(node.at, "`engage` computes nothing").help("give it `audiences:` or `traits:`"));
    }
    let (mut places, audiences): (Vec<Place>, Vec<Audience>) = audiences.into_iter().unzip();
    let (places_of_traits, traits): (Vec<Place>, Vec<ComputedTrait>) = traits.into_iter().unzip();
    places.extend(places_of_traits);
    for flaw in flaws(&audiences, &traits) {
        let place = places.get(flaw.computation).copied();
        sink.push(diagnostic(
            flaw,
            place.unwrap_or(Place {
                name: node.at,
                key: None,
            }),
        ));
    }
    Some(EngageSettings {
        audiences,
        traits,
        schedule,
        form,
        aliases,
    })
}

/// Where the name and the key of a computation stand.
#[derive(Clone, Copy)]
struct Place {
    name: Span,
    key: Option<Span>,
}

/// The items of a list that has some.
fn list<T>(
    fields: Fields<'_>,
    key: &str,
    example: &str,
    item: fn(&Node, &mut Sink) -> Option<T>,
    sink: &mut Sink,
) -> Vec<T> {
    let Some(node) = fields.get(key) else { return Vec::new() };
    match &node.shape {
        Shape::Items(items) if !items.is_empty() => items.iter().filter_map(|node| item(node, sink)).collect(),
        Shape::Items(_) => {
            sink.push(Diagnostic::new(node.at, format!("`engage.{key}` has no item")).help(example));
            Vec::new()
        }
        _ => {
            sink.push(wrong(node, &format!("engage.{key}"), "a list", sink).help(example));
            Vec::new()
        }
    }
}

/// One whose condition is mistaken is kept, so that its key is still held against the others.
fn audience(node: &Node, sink: &mut Sink) -> Option<(Place, Audience)> {
    let fields = Fields::of(node, "audience", AUDIENCE, sink)?;
    let when = match fields.get("when") {
        Some(node) => condition(node, sink),
        None if misses(fields, "when", AUDIENCE) => {
            sink.push(Diagnostic::new(node.at, "the audience has no `when`").help(AN_AUDIENCE));
            None
        }
        None => None,
    };
    let (place, name, key) = named(fields, "audience", AUDIENCE, AN_AUDIENCE, sink)?;
    let when = when.unwrap_or(Condition::All(Vec::new()));
    Some((place, Audience { name, key, when }))
}

fn computed(node: &Node, sink: &mut Sink) -> Option<(Place, ComputedTrait)> {
    let legal = [&["name", "key"], AGGREGATES].concat();
    let fields = Fields::of(node, "trait", &legal, sink)?;
    let named = named(fields, "trait", &legal, A_TRAIT, sink);
    let mut given = fields
        .entries
        .iter()
        .filter(|entry| AGGREGATES.contains(&entry.key.as_str()));
    let Some(entry) = given.next() else {
        let misspelt = |entry: &Entry| !legal.contains(&entry.key.as_str());
        if !fields.entries.iter().any(misspelt) {
            let what = AGGREGATES.join("`, `");
            sink.push(
                Diagnostic::new(node.at, "the trait does not say what is computed")
                    .help(format!("write one of `{what}`")),
            );
        }
        return None;
    };
    if let Some(second) = given.next() {
        let message = format!(
            "a trait is computed in one way, not by `{}` and `{}`",
            entry.key, second.key
        );
        sink.push(Diagnostic::new(second.at, message).help("make it two traits"));
    }
    let body = body(entry, sink);
    let (place, name, key) = named?;
    let (Selected { events, within }, aggregate) = body?;
    let computed = ComputedTrait {
        name,
        key,
        events,
        within,
        aggregate,
    };
    Some((place, computed))
}

/// What an aggregate is made of.
fn body(entry: &Entry, sink: &mut Sink) -> Option<(Selected, Aggregate)> {
    let name = entry.key.as_str();
    let of: Option<fn(String) -> Aggregate> = match name {
        "sum" => Some(Aggregate::Sum),
        "min" => Some(Aggregate::Minimum),
        "max" => Some(Aggregate::Maximum),
        "average" => Some(Aggregate::Average),
        "most_frequent" => Some(Aggregate::MostFrequent),
        "first" => Some(Aggregate::First),
        "last" => Some(Aggregate::Last),
        "unique_list" => Some(Aggregate::UniqueList),
        "unique_count" => Some(Aggregate::UniqueCount),
        _ => None,
    };
    let more: &[&str] = if of.is_some() { &["property"] } else { &[] };
    let (fields, events) = selected(&entry.value, name, more, sink)?;
    let Some(of) = of else {
        return Some((events?, Aggregate::Count));
    };
    let property = if let Some(node) = fields.get("property") {
        filled(node, "property", sink).map(str::to_owned)
    } else {
        let message = format!("`{name}` has no `property`");
        sink.push(Diagnostic::new(entry.at, message).help("name the property, such as `property: revenue`"));
        None
    };
    Some((events?, of(property?)))
}

/// Name and key, with their places.
fn named(
    fields: Fields<'_>,
    what: &str,
    legal: &[&str],
    example: &str,
    sink: &mut Sink,
) -> Option<(Place, String, Option<String>)> {
    let key = fields.get("key");
    let given = key.map(|node| filled(node, "key", sink).map(str::to_owned));
    let Some(node) = fields.get("name") else {
        if misses(fields, "name", legal) {
            sink.push(Diagnostic::new(fields.at, format!("the {what} has no `name`")).help(example));
        }
        return None;
    };
    let name = filled(node, "name", sink)?.to_owned();
    let place = Place {
        name: node.at,
        key: key.map(|node| node.at),
    };
    match given {
        Some(None) => None,
        Some(key) => Some((place, name, key)),
        None => Some((place, name, None)),
    }
}

/// Whether a key is missing, and not only misspelt, which is told already.
fn misses(fields: Fields<'_>, key: &str, legal: &[&str]) -> bool {
    let meant = |entry: &Entry| !legal.contains(&entry.key.as_str()) && nearest(&entry.key, legal) == Some(key);
    !fields.entries.iter().any(meant)
}

fn diagnostic(flaw: Flaw, place: Place) -> Diagnostic {
    let at = place.key.unwrap_or(place.name);
    match flaw.kind {
        FlawKind::NameWithoutKey => Diagnostic::new(at, "no key can be made of this name")
            .help("give the key that Segment shows, such as `key: buyers`: it has Latin letters and digits only"),
        FlawKind::Key { key, why } => {
            let why = match why {
                KeyFlaw::Empty => "is empty".to_owned(),
                KeyFlaw::Character(c) => format!("has {} in it", quoted(&c.to_string())),
                KeyFlaw::Edge => "begins or ends with `_`".to_owned(),
            };
            let made = snake_case(&key);
            let help = if made.is_empty() {
                "write the key that Segment shows, of small letters, digits and `_`".to_owned()
            } else {
                format!("write {}, or leave `key` out: it is made of the name", quoted(&made))
            };
            Diagnostic::new(at, format!("Segment makes no such key: {} {why}", quoted(&key))).help(help)
        }
        FlawKind::KeyTwice { key, .. } => {
            let message = format!("the key {} belongs to another audience or trait already", quoted(&key));
            Diagnostic::new(at, message).help("give one of the two another `key:`: Attribution can't tell them apart")
        }
    }
}
