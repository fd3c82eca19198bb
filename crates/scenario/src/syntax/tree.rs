//! Gives every node its span and its value.

use std::collections::BTreeMap;

use expectation::read::twice;
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Span, Syntax};
use serde_json::Number;
use serde_saphyr::{Location, Spanned};

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
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                let last = items.iter().map(|item| item.at.end).max();
                Node {
                    at: self.container(at, last),
                    shape: Shape::Items(items),
                }
            }
            Raw::Entries(entries) => {
                let entries = self.entries(entries);
                let last = entries.iter().map(|entry| entry.value.at.end.max(entry.at.end)).max();
                Node {
                    at: self.container(at, last),
                    shape: Shape::Entries(entries),
                }
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
            let Some(name) = self.name(&key) else { continue };
            if let Some(earlier) = first.get(&name) {
                let line = self.line(earlier.start);
                self.sink.push(twice(key.at, &name, line));
                continue;
            }
            first.insert(name.clone(), key.at);
            kept.push(Entry {
                at: key.at,
                key: name,
                value,
            });
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

    /// JSON's keys are text, so a number as a key means its text.
    fn name(&mut self, key: &Node) -> Option<String> {
        match &key.shape {
            Shape::Text(text) => Some(text.clone()),
            Shape::Number(number) => Some(number.to_string()),
            Shape::Bool(value) => Some(value.to_string()),
            Shape::Null | Shape::Items(_) | Shape::Entries(_) => {
                let mistake = Diagnostic::new(key.at, format!("a key must be text, not {}", key.what(Syntax::Yaml)))
                    .help("write a name before the colon, in quotes if it has special characters");
                self.sink.push(mistake);
                None
            }
        }
    }

    /// The parser knows where a list or mapping begins; it ends where its last child does, or at its bracket.
    fn container(&self, at: Span, last: Option<usize>) -> Span {
        let opened = self.text.get(range(at)).unwrap_or_default();
        let closer = match opened {
            "{" => '}',
            "[" => ']',
            _ if opened.starts_with('*') => return at,
            _ => {
                return Span {
                    start: at.start,
                    end: last.unwrap_or(at.end).max(at.end),
                };
            }
        };
        let from = last.unwrap_or(at.end).max(at.end);
        let end = closing(self.text.get(from..).unwrap_or_default(), closer).map_or(from, |found| from + found);
        Span { start: at.start, end }
    }
}

/// Bytes up to and with the closing bracket, past nothing but blanks, commas and comments.
fn closing(rest: &str, closer: char) -> Option<usize> {
    let mut in_comment = false;
    for (offset, c) in rest.char_indices() {
        match c {
            '\n' => in_comment = false,
            _ if in_comment => {}
            '#' => in_comment = true,
            _ if c == closer => return Some(offset + c.len_utf8()),
            ',' => {}
            _ if c.is_whitespace() => {}
            _ => return None,
        }
    }
    None
}

fn integer(written: &str, value: i128) -> Number {
    // `0x1F` and `+5` are numbers of YAML but not of JSON.
    serde_json::from_str(written)
        .or_else(|_| serde_json::from_str(&value.to_string()))
        .unwrap_or_else(|_| Number::from(0))
}

/// Block scalars end with their line break; nothing of it is worth a caret.
fn trimmed(text: &str, at: Span) -> Span {
    let kept = text.get(range(at)).unwrap_or_default().trim_end().len();
    Span {
        start: at.start,
        end: at.start + kept,
    }
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

fn range(at: Span) -> std::ops::Range<usize> {
    at.start..at.end
}
