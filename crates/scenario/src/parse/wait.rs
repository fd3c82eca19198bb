//! `wait:`, and every other place where a duration stands.

use std::time::Duration;

use clock::DurationError;
use expectation::read::{Fields, quoted, wrong};
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink};

/// A duration such as `40m`.
pub(super) fn wait(node: &Node, place: &str, sink: &mut Sink) -> Option<Duration> {
    let mistake = match &node.shape {
        Shape::Text(text) => match clock::duration(text) {
            Ok(duration) => return Some(duration),
            Err(mistake) => mistake,
        },
        Shape::Number(number) => {
            let number = number.to_string();
            if number.starts_with('-') {
                DurationError::Negative
            } else {
                DurationError::NoUnit(number)
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Items(_) | Shape::Entries(_) => {
            sink.push(wrong(node, place, "a duration", sink).help(DurationError::Other.help()));
            return None;
        }
    };
    let found = match &node.shape {
        Shape::Text(text) => format!(": {}", quoted(text)),
        _ => String::new(),
    };
    sink.push(Diagnostic::new(node.at, format!("{}{found}", mistake.message())).help(mistake.help()));
    None
}

/// A duration, or a mapping of the shortest and the longest. The example is what to write instead of half of it.
pub(super) fn range(node: &Node, place: &str, example: &str, sink: &mut Sink) -> Option<(Duration, Duration)> {
    let Shape::Entries(_) = &node.shape else {
        return wait(node, place, sink).map(|duration| (duration, duration));
    };
    let fields = Fields::of(node, place, &["from", "to"], sink)?;
    let mut end = |key: &str| -> Option<Duration> {
        let node = fields.get(key)?;
        wait(node, &format!("{place}.{key}"), sink)
    };
    let ends = (end("from"), end("to"));
    let there = fields.get("from").and(fields.get("to"));
    match (ends, there) {
        ((Some(from), Some(to)), _) if from <= to => Some((from, to)),
        ((Some(_), Some(_)), Some(to)) => {
            sink.push(Diagnostic::new(to.at, format!("`{place}` ends before it begins")).help("swap the two"));
            None
        }
        (_, Some(_)) => None,
        (_, None) => {
            sink.push(Diagnostic::new(node.at, format!("`{place}` has not both ends")).help(example));
            None
        }
    }
}
