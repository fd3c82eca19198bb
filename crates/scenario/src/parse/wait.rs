//! `wait:`, and every other place where a duration stands.

use std::time::Duration;

use expectation::read::{quoted, wrong};
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink};

use super::duration::{Mistake, duration};

/// A duration such as `40m`.
pub(super) fn wait(node: &Node, place: &str, sink: &mut Sink) -> Option<Duration> {
    let mistake = match &node.shape {
        Shape::Text(text) => match duration(text) {
            Ok(duration) => return Some(duration),
            Err(mistake) => mistake,
        },
        Shape::Number(number) => {
            let number = number.to_string();
            if number.starts_with('-') {
                Mistake::Negative
            } else {
                Mistake::NoUnit(number)
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Items(_) | Shape::Entries(_) => {
            sink.push(wrong(node, place, "a duration", sink).help(Mistake::Other.words().1));
            return None;
        }
    };
    let (message, help) = mistake.words();
    let found = match &node.shape {
        Shape::Text(text) => format!(": {}", quoted(text)),
        _ => String::new(),
    };
    sink.push(Diagnostic::new(node.at, format!("{message}{found}")).help(help));
    None
}
