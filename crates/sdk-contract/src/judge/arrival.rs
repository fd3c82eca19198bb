use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::SHOWN;
use crate::case::Case;
use crate::observed::{Observed, id};
use crate::report::Failure;

/// Keys that a case looks at by a demand of their own.
const APART: [&str; 2] = ["messageId", "timestamp"];

/// Each message arrived once with its fields, under an id of its own, and those of a request in the order of the calls.
pub(super) fn arrived(case: &Case, observed: &Observed) -> Vec<Failure> {
    let mut left: Vec<(usize, &Value)> = observed.arrived().into_iter().enumerate().collect();
    let mut failures = Vec::new();
    let mut ids = BTreeSet::new();
    for message in case.messages() {
        let Some(place) = left.iter().position(|(_, arrived)| has(arrived, message)) else {
            failures.push(missing(message, &left));
            continue;
        };
        let (_, arrived) = left.remove(place);
        failures.extend(identified(arrived, &mut ids));
    }
    for (_, extra) in left {
        if case.messages().any(|message| has(extra, message)) {
            failures.push(Failure::new(title(extra), "arrives once", "arrived once more"));
        }
    }
    failures.extend(in_order(case, observed));
    failures
}

/// An id that Segment can tell it by, which nothing else has.
fn identified<'a>(arrived: &'a Value, ids: &mut BTreeSet<&'a str>) -> Option<Failure> {
    match id(arrived) {
        None => Some(Failure::new(title(arrived), "has a messageId", "has none")),
        Some(id) if !ids.insert(id) => Some(Failure::new(
            title(arrived),
            "has a messageId of its own",
            format!("has {id:?}, as another has"),
        )),
        Some(_) => None,
    }
}

fn missing(message: &Value, left: &[(usize, &Value)]) -> Failure {
    let of_the_kind = left
        .iter()
        .find(|(_, arrived)| arrived.get("type") == message.get("type"));
    match of_the_kind.and_then(|(_, arrived)| difference(arrived, message, "")) {
        Some((pointer, wanted, found)) => Failure::new(
            format!("{} at {pointer}", title(message)),
            cut(&wanted.to_string()),
            found.map_or_else(|| "nothing is there".to_owned(), |found| cut(&found.to_string())),
        ),
        None => Failure::new(title(message), "arrives once", "did not arrive"),
    }
}

/// Within a request; requests may overtake each other.
fn in_order(case: &Case, observed: &Observed) -> Option<Failure> {
    let place = |arrived: &Value| case.messages().position(|message| has(arrived, message));
    let requests = observed.deliveries.iter();
    let wrong = requests
        .map(|delivery| delivery.messages.iter().filter_map(place).collect::<Vec<_>>())
        .find(|places| !places.is_sorted())?;
    let words = |places: &[usize]| {
        let numbers = places.iter().map(|place| (place + 1).to_string());
        numbers.collect::<Vec<_>>().join(", ")
    };
    let mut sorted = wrong.clone();
    sorted.sort_unstable();
    Some(Failure::new(
        "the order within a request",
        format!("calls {}", words(&sorted)),
        format!("calls {}", words(&wrong)),
    ))
}

/// So many messages arrived.
pub(super) fn arrives(count: usize, observed: &Observed) -> Option<Failure> {
    let arrived = observed.arrived().len();
    (arrived != count).then(|| Failure::new("messages that arrive", count.to_string(), arrived.to_string()))
}

/// What the caller gave there arrived.
pub(super) fn keeps(key: &str, case: &Case, observed: &Observed) -> Option<Failure> {
    let message = case.messages().next()?;
    let given = message.get(key)?;
    let arrived = observed.arrived().into_iter().find(|arrived| has(arrived, message))?;
    let found = arrived.get(key).unwrap_or(&Value::Null);
    (!is_the_same(given, found)).then(|| Failure::new(key, given.to_string(), cut(&found.to_string())))
}

/// The same text, or the same moment.
fn is_the_same(given: &Value, found: &Value) -> bool {
    let moment = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
    given == found || (moment(given).is_some() && moment(given) == moment(found))
}

/// Whether a message that arrived has all that it was called with.
fn has(arrived: &Value, message: &Value) -> bool {
    difference(arrived, message, "").is_none()
}

/// The first place where something is not as it was given, with what was given and what is there.
fn difference<'a>(arrived: &'a Value, given: &'a Value, at: &str) -> Option<(String, &'a Value, Option<&'a Value>)> {
    match (arrived, given) {
        (Value::Object(arrived), Value::Object(given)) => of_objects(arrived, given, at),
        (arrived, given) if equal(arrived, given) => None,
        (arrived, given) => Some((at.to_owned(), given, Some(arrived))),
    }
}

fn of_objects<'a>(
    arrived: &'a Map<String, Value>,
    given: &'a Map<String, Value>,
    at: &str,
) -> Option<(String, &'a Value, Option<&'a Value>)> {
    let looked_at = |key: &str| !at.is_empty() || !APART.contains(&key);
    let mut fields = given.iter().filter(|(key, _)| looked_at(key));
    fields.find_map(|(key, given)| {
        let at = format!("{at}/{key}");
        match arrived.get(key) {
            Some(arrived) => difference(arrived, given, &at),
            None => Some((at, given, None)),
        }
    })
}

/// Numbers are equal by what they are, not by how they are written.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| difference(one, other, "/").is_none())
        }
        (one, other) => one == other,
    }
}

/// What a message is, in words.
pub(super) fn title(message: &Value) -> String {
    let text = |key: &str| message.get(key).and_then(Value::as_str);
    let kind = text("type").unwrap_or("a message without type");
    let name = ["event", "name", "groupId", "previousId"].into_iter().find_map(text);
    match name {
        Some(name) => format!("{kind} {}", cut(&format!("{name:?}"))),
        None => cut(kind),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
