//! Whether a value is what a pattern says, and where it isn't.

use serde_json::{Map, Number, Value};

use super::failure::Difference;
use super::number;
use super::pattern::{Pattern, PatternKind};
use crate::pointer::token;
use crate::source::Span;

/// Any id to the visitor who owns it.
pub(super) type Resolve<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The one key of a row that is compared by who owns it.
pub(super) const VISITOR: &str = "visitor";

/// What stands for a value that is not there.
pub(super) const NOTHING: &str = "nothing";

/// How a row differs from what is expected; not at all when it matches.
pub(super) fn row(pattern: &Pattern, row: &Value, resolve: Resolve<'_>) -> Vec<Difference> {
    let mut differences = Vec::new();
    Matcher {
        resolve,
        part: Part::Row,
    }
    .differences(pattern, Some(row), "", &mut differences);
    differences
}

/// Whether a row is as expected: [`row`] without a word of why it isn't.
pub(super) fn is(pattern: &Pattern, row: &Value, resolve: Resolve<'_>) -> bool {
    let part = Part::Row;
    Matcher { resolve, part }.matches(pattern, Some(row))
}

/// How a value differs from what is expected, without anything special about visitors.
pub(super) fn value(pattern: &Pattern, value: Option<&Value>) -> Vec<Difference> {
    let mut differences = Vec::new();
    Matcher {
        resolve: &|_| None,
        part: Part::Value,
    }
    .differences(pattern, value, "", &mut differences);
    differences
}

/// Whether a value is as expected: [`value`] without a word of why it isn't.
pub(super) fn value_is(pattern: &Pattern, value: Option<&Value>) -> bool {
    let (resolve, part): (Resolve<'_>, _) = (&|_| None, Part::Value);
    Matcher { resolve, part }.matches(pattern, value)
}

/// What a pattern is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A whole row, in which `visitor` is special.
    Row,
    /// The `visitor` of a row.
    Visitor,
    /// Anything else.
    Value,
}

#[derive(Clone, Copy)]
struct Matcher<'a> {
    resolve: Resolve<'a>,
    part: Part,
}

impl Matcher<'_> {
    fn differences(self, pattern: &Pattern, actual: Option<&Value>, pointer: &str, out: &mut Vec<Difference>) {
        match (&pattern.kind, actual) {
            (PatternKind::Partial(fields), Some(Value::Object(object))) => {
                for (key, pattern) in fields {
                    let pointer = format!("{pointer}/{}", token(key));
                    self.below(key).differences(pattern, object.get(key), &pointer, out);
                }
            }
            (PatternKind::Items(patterns), Some(Value::Array(items))) if patterns.len() == items.len() => {
                for (index, (pattern, item)) in patterns.iter().zip(items).enumerate() {
                    self.below("")
                        .differences(pattern, Some(item), &format!("{pointer}/{index}"), out);
                }
            }
            _ if self.matches(pattern, actual) => {}
            _ => out.push(difference(pattern.at, pointer, pattern.to_string(), actual)),
        }
    }

    /// For what lies below this; `visitor` is special only at the top of a row.
    fn below(self, key: &str) -> Self {
        let part = if self.part == Part::Row && key == VISITOR {
            Part::Visitor
        } else {
            Part::Value
        };
        Self { part, ..self }
    }

    fn matches(self, pattern: &Pattern, actual: Option<&Value>) -> bool {
        let present = actual.filter(|value| !value.is_null());
        match &pattern.kind {
            PatternKind::Any => present.is_some(),
            PatternKind::Absent | PatternKind::Literal(Value::Null) => present.is_none(),
            PatternKind::Literal(expected) => present.is_some_and(|actual| self.equal(expected, actual)),
            PatternKind::Exactly(expected) => actual.is_some_and(|actual| exactly(expected, actual)),
            PatternKind::Regex(regex) => present.and_then(Value::as_str).is_some_and(|text| regex.is_match(text)),
            PatternKind::Compare { comparison, limit } => present
                .and_then(|actual| ordering(actual, limit))
                .is_some_and(|ordering| comparison.admits(ordering)),
            PatternKind::Approx { value, within } => present
                .and_then(as_number)
                .is_some_and(|actual| number::close(actual, value, within)),
            PatternKind::Not(pattern) => !self.matches(pattern, actual),
            PatternKind::OneOf(patterns) => patterns.iter().any(|pattern| self.matches(pattern, actual)),
            PatternKind::All(patterns) => patterns.iter().all(|pattern| self.matches(pattern, actual)),
            PatternKind::Partial(fields) => present.and_then(Value::as_object).is_some_and(|object| {
                fields
                    .iter()
                    .all(|(key, pattern)| self.below(key).matches(pattern, object.get(key)))
            }),
            PatternKind::Items(patterns) => present.and_then(Value::as_array).is_some_and(|items| {
                let mut pairs = patterns.iter().zip(items);
                patterns.len() == items.len()
                    && pairs.all(|(pattern, item)| self.below("").matches(pattern, Some(item)))
            }),
        }
    }

    fn equal(self, expected: &Value, actual: &Value) -> bool {
        exactly(expected, actual)
            || match (expected, actual) {
                (Value::String(expected), Value::String(actual)) if self.part == Part::Visitor => {
                    self.same_visitor(expected, actual)
                }
                (Value::String(expected), Value::String(actual)) => same_moment(expected, actual),
                _ => false,
            }
    }

    fn same_visitor(self, expected: &str, actual: &str) -> bool {
        let owner = (self.resolve)(expected);
        owner.is_some() && owner == (self.resolve)(actual)
    }
}

/// Equal at every depth, numbers by value and fields in any order.
pub(super) fn exactly(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(expected), Value::Number(actual)) => number::compare(expected, actual).is_eq(),
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual).all(|(left, right)| exactly(left, right))
        }
        (Value::Object(expected), Value::Object(actual)) => same_fields(expected, actual),
        _ => expected == actual,
    }
}

fn same_fields(expected: &Map<String, Value>, actual: &Map<String, Value>) -> bool {
    expected.len() == actual.len()
        && expected
            .iter()
            .all(|(key, left)| actual.get(key).is_some_and(|right| exactly(left, right)))
}

fn same_moment(left: &str, right: &str) -> bool {
    moment(left).is_some_and(|left| Some(left) == moment(right))
}

fn moment(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok()
}

fn ordering(actual: &Value, limit: &Value) -> Option<std::cmp::Ordering> {
    match (actual, limit) {
        (Value::Number(actual), Value::Number(limit)) => Some(number::compare(actual, limit)),
        (Value::String(actual), Value::String(limit)) => Some(moment(actual)?.cmp(&moment(limit)?)),
        _ => None,
    }
}

fn as_number(value: &Value) -> Option<&Number> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn difference(at: Span, pointer: &str, expected: String, actual: Option<&Value>) -> Difference {
    let actual = actual.map_or_else(|| NOTHING.to_owned(), Value::to_string);
    Difference {
        pointer: pointer.to_owned(),
        at,
        expected,
        actual,
    }
}

#[cfg(test)]
mod tests;
