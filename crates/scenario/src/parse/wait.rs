//! `wait:`, and every other place where a duration stands.

use std::time::Duration;

use clock::DurationError;
use expectation::read::{quoted, wrong};
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
