//! Gives every node its span and its value.

use std::collections::BTreeMap;

use expectation::read::twice;
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Span, Syntax};
use serde_json::Number;
use serde_saphyr::{Location, Spanned};

use super::place::{list, mapping, range, trimmed};
use super::raw::Raw;

pub(super) struct Tree<'a> {
    text: &'a str,
    sink: &'a mut Sink,
    /// The offsets of all line breaks, once someone asks for a line.
    breaks: Option<Vec<usize>>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(text: &'a str, sink: &'a mut Sink) -> Self {
        Self {
            text,
            sink,
            breaks: None,
        }
    }

    pub(super) fn node(&mut self, raw: Spanned<Raw>) -> Node {
        let at = span(raw.referenced);
        let written = self.text.get(range(span(raw.defined))).unwrap_or_default();
        match raw.value {
            Raw::Null => Node { at, shape: Shape::Null },
            Raw::Bool(value) => Node {
                at,
                shape: Shape::Bool(value),
            },
            Raw::Integer(value) => Node {
                at,
                shape: Shape::Number(integer(written, value)),
            },
            Raw::Float(value) => Node {
                at,
                shape: self.float(at, written, value),
            },
            Raw::Text(text) => Node {
                at: trimmed(self.text, at),
                shape: Shape::Text(text),
            },
            Raw::Items(items) => {
                let items = items.into_iter().map(|item| self.node(item)).collect();
                list(self.text, at, items)
            }
            Raw::Entries(entries) => {
                let entries = self.entries(entries);
                mapping(self.text, at, entries)
            }
        }
    }

    fn float(&mut self, at: Span, written: &str, value: f64) -> Shape {
        if let Ok(number) = serde_json::from_str(written) {
            return Shape::Number(number);
        }
        Number::from_f64(value).map_or_else(
            || {
                let mistake = Diagnostic::new(at, format!("`{written}` is no JSON number"))
                    .label("JSON can't carry it")
                    .help(format!("quote it if it is text: \"{written}\""));
                self.sink.push(mistake);
                Shape::Null
            },
            Shape::Number,
        )
    }

    fn entries(&mut self, entries: Vec<(Spanned<Raw>, Spanned<Raw>)>) -> Vec<Entry> {
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        let mut kept = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let value = self.node(value);
            let key = self.node(key);
            let at = key.at;
            let Some(name) = self.name(key) else { continue };
            if let Some(earlier) = first.get(&name) {
                let line = self.line(earlier.start);
                self.sink.push(twice(at, &name, line));
                continue;
            }
            first.insert(name.clone(), at);
            kept.push(Entry { at, key: name, value });
        }
        kept
    }

    /// The line of an offset, from 1.
    fn line(&mut self, offset: usize) -> usize {
        let breaks = self
            .breaks
            .get_or_insert_with(|| self.text.match_indices('\n').map(|(at, _)| at).collect());
        breaks.partition_point(|at| *at < offset) + 1
    }

    fn name(&mut self, key: Node) -> Option<String> {
        let (at, what) = (key.at, key.what(Syntax::Yaml));
        let name = name(key.shape);
        if name.is_none() {
            let mistake = Diagnostic::new(at, format!("a key must be text, not {what}"))
                .help("write a name before the colon, in quotes if it has special characters");
            self.sink.push(mistake);
        }
        name
    }
}

/// JSON's keys are text, so a number as a key means its text.
pub(super) fn name(key: Shape) -> Option<String> {
    match key {
        Shape::Text(text) => Some(text),
        Shape::Number(number) => Some(number.to_string()),
        Shape::Bool(value) => Some(value.to_string()),
        Shape::Null | Shape::Items(_) | Shape::Entries(_) => None,
    }
}

fn integer(written: &str, value: i128) -> Number {
    // `0x1F` and `+5` are numbers of YAML but not of JSON.
    serde_json::from_str(written)
        .or_else(|_| serde_json::from_str(&value.to_string()))
        .unwrap_or_else(|_| Number::from(0))
}

fn span(location: Location) -> Span {
    let found = location.span();
    let start = found
        .byte_offset()
        .and_then(|offset| usize::try_from(offset).ok())
        .unwrap_or_default();
    let length = found
        .byte_len()
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or_default();
    Span {
        start,
        end: start + length,
    }
}
