//! Single values.

use serde_json::Number;

use super::Sink;
use super::suggest::{help, quoted};
use crate::diagnostic::Diagnostic;
use crate::syntax::{Node, Shape};

/// Text. A number or boolean is told to be quoted rather than taken for its spelling, which YAML may have changed.
pub(super) fn text<'a>(node: &'a Node, place: &str, sink: &mut Sink) -> Option<&'a str> {
    let written = match &node.shape {
        Shape::Text(text) => return Some(text),
        Shape::Number(number) => Some(number.to_string()),
        Shape::Bool(value) => Some(value.to_string()),
        Shape::Null | Shape::Items(_) | Shape::Entries(_) => None,
    };
    let key = place.rsplit('.').next().unwrap_or(place);
    let mistake = wrong(node, place, "text");
    sink.push(match written {
        Some(written) => mistake.help(format!("quote it: `{key}: \"{written}\"`")),
        None => mistake.help(format!("write `{key}: …` with the text after the colon")),
    });
    None
}

/// Text with something in it.
pub(super) fn filled<'a>(node: &'a Node, place: &str, sink: &mut Sink) -> Option<&'a str> {
    let text = text(node, place, sink)?;
    if text.trim().is_empty() {
        sink.push(
            Diagnostic::new(node.at, format!("`{place}` is blank")).help("write something, or leave the key out"),
        );
        return None;
    }
    Some(text)
}

/// `true` or `false`.
pub(super) fn flag(node: &Node, place: &str, sink: &mut Sink) -> Option<bool> {
    if let Shape::Bool(value) = node.shape {
        return Some(value);
    }
    let meant = match &node.shape {
        Shape::Text(text) => switch(text).map(|value| (text, value)),
        _ => None,
    };
    let mistake = wrong(node, place, "true or false");
    sink.push(match meant {
        Some((text, value)) => mistake.help(format!("`{text}` is text in YAML; write `{value}`, without quotes")),
        None => mistake.help("write `true` or `false`, without quotes"),
    });
    None
}

/// What YAML 1.1 took for true or false, and YAML 1.2 takes for text.
fn switch(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some(true),
        "no" | "n" | "off" | "false" => Some(false),
        _ => None,
    }
}

/// `true`, for keys that say everything by being there.
pub(super) fn set(node: &Node, place: &str, otherwise: &str, sink: &mut Sink) -> Option<()> {
    if flag(node, place, sink)? {
        return Some(());
    }
    none(
        sink,
        Diagnostic::new(node.at, format!("`{place}` can only be `true`")).help(otherwise),
    )
}

/// A whole number from 0.
pub(super) fn count(node: &Node, place: &str, sink: &mut Sink) -> Option<u64> {
    let number: Option<&Number> = match &node.shape {
        Shape::Number(number) => Some(number),
        _ => None,
    };
    let count = number.and_then(Number::as_u64);
    if count.is_none() {
        sink.push(wrong(node, place, "a whole number from 0").help("write digits only, such as `3`"));
    }
    count
}

/// One of some words.
pub(super) fn word<'a>(node: &'a Node, place: &str, legal: &[&str], sink: &mut Sink) -> Option<&'a str> {
    let Shape::Text(word) = &node.shape else {
        return none(sink, wrong(node, place, "a word").help(help("", legal)));
    };
    if legal.contains(&word.as_str()) {
        return Some(word);
    }
    none(
        sink,
        Diagnostic::new(node.at, format!("`{place}` can't be {}", quoted(word))).help(help(word, legal)),
    )
}

/// A value of the wrong type.
pub(super) fn wrong(node: &Node, place: &str, expected: &str) -> Diagnostic {
    let found = match &node.shape {
        Shape::Number(number) => quoted(&number.to_string()),
        Shape::Null | Shape::Bool(_) | Shape::Text(_) | Shape::Items(_) | Shape::Entries(_) => node.what().to_owned(),
    };
    Diagnostic::new(node.at, format!("`{place}` must be {expected}, not {found}"))
}

fn none<T>(sink: &mut Sink, mistake: Diagnostic) -> Option<T> {
    sink.push(mistake);
    None
}
