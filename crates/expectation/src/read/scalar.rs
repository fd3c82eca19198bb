//! Single values.

use serde_json::Number;

use super::suggest::{help, quoted};
use crate::diagnostic::{Diagnostic, Sink};
use crate::tree::{Node, Shape};

/// Text. A number or boolean is told to be quoted rather than taken for its spelling, which YAML may have changed.
pub fn text<'a>(node: &'a Node, place: &str, sink: &mut Sink) -> Option<&'a str> {
    let written = match &node.shape {
        Shape::Text(text) => return Some(text),
        Shape::Number(number) => Some(number.to_string()),
        Shape::Bool(value) => Some(value.to_string()),
        Shape::Null | Shape::Items(_) | Shape::Entries(_) => None,
    };
    let key = place.rsplit('.').next().unwrap_or(place);
    let mistake = wrong(node, place, "text", sink);
    let example = |value: &str| sink.syntax().example(&format!("{key}: {value}"));
    let help = match written {
        Some(written) => format!("quote it: {}", example(&format!("\"{written}\""))),
        None => format!("write {} with the text after the colon", example("…")),
    };
    sink.push(mistake.help(help));
    None
}

/// Text with something in it.
pub fn filled<'a>(node: &'a Node, place: &str, sink: &mut Sink) -> Option<&'a str> {
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
pub fn flag(node: &Node, place: &str, sink: &mut Sink) -> Option<bool> {
    if let Shape::Bool(value) = node.shape {
        return Some(value);
    }
    let meant = match &node.shape {
        Shape::Text(text) => switch(text).map(|value| (text, value)),
        _ => None,
    };
    let mistake = wrong(node, place, "true or false", sink);
    let syntax = sink.syntax().as_str();
    sink.push(match meant {
        Some((text, value)) => mistake.help(format!("`{text}` is text in {syntax}; write `{value}`, without quotes")),
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
pub fn set(node: &Node, place: &str, otherwise: &str, sink: &mut Sink) -> Option<()> {
    if flag(node, place, sink)? {
        return Some(());
    }
    none(
        sink,
        Diagnostic::new(node.at, format!("`{place}` can only be `true`")).help(otherwise),
    )
}

/// A whole number from 0.
pub fn count(node: &Node, place: &str, sink: &mut Sink) -> Option<u64> {
    let number: Option<&Number> = match &node.shape {
        Shape::Number(number) => Some(number),
        _ => None,
    };
    let count = number.and_then(Number::as_u64);
    if count.is_none() {
        sink.push(wrong(node, place, "a whole number from 0", sink).help("write digits only, such as `3`"));
    }
    count
}

/// One of some words.
pub fn word<'a>(node: &'a Node, place: &str, legal: &[&str], sink: &mut Sink) -> Option<&'a str> {
    let Shape::Text(word) = &node.shape else {
        let mistake = wrong(node, place, "a word", sink);
        return none(sink, mistake.help(help("", legal)));
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
pub fn wrong(node: &Node, place: &str, expected: &str, sink: &Sink) -> Diagnostic {
    let found = match &node.shape {
        Shape::Number(number) => quoted(&number.to_string()),
        Shape::Null | Shape::Bool(_) | Shape::Text(_) | Shape::Items(_) | Shape::Entries(_) => {
            node.what(sink.syntax()).to_owned()
        }
    };
    Diagnostic::new(node.at, format!("`{place}` must be {expected}, not {found}"))
}

fn none<T>(sink: &mut Sink, mistake: Diagnostic) -> Option<T> {
    sink.push(mistake);
    None
}
