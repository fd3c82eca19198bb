//! `wait:`, and every other place where a duration stands.

use std::time::Duration;

use super::duration::{Mistake, duration};
use super::scalar::wrong;
use super::{Sink, suggest};
use crate::diagnostic::Diagnostic;
use crate::syntax::{Node, Shape};

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
            sink.push(wrong(node, place, "a duration").help(Mistake::Other.words().1));
            return None;
        }
    };
    let (message, help) = mistake.words();
    let found = match &node.shape {
        Shape::Text(text) => format!(": {}", suggest::quoted(text)),
        _ => String::new(),
    };
    sink.push(Diagnostic::new(node.at, format!("{message}{found}")).help(help));
    None
}
