//! The tree of ordinary YAML in one pass over the parser's events.
//!
//! [`by_specification`](super::read::by_specification) is the specification, and this is held to it by a law (see `tests`): for
//! every text either this says nothing, and the specification is asked, or it says what the specification would have said,
//! without a mistake.
//!
//! What is not ordinary is left to the specification: anchors, tags, merge keys, numbers that JSON writes in another way,
//! keys that stand twice or are no text, more than one document, and all words.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use expectation::Span;
use expectation::tree::{Entry, Node, Shape};
use granit_parser::{Event, Parser, ScalarStyle, StrInput};

use super::place::{list, mapping, trimmed};
use super::read::{MAX_DEPTH, MAX_NODES};
use super::tree::name;

/// A longer text could have more in its scalars than the specification takes.
const MAX_BYTES: usize = 32 << 20;

/// The tree of an ordinary text.
pub(super) fn read(text: &str) -> Option<Node> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut reader = Reader {
        text,
        events: Parser::new_from_str_with_options(text, granit_parser::options! { emit_comments: false }),
        nodes: MAX_NODES,
    };
    let (Event::StreamStart, Event::DocumentStart(..)) = (reader.next()?.0, reader.next()?.0) else {
        return None;
    };
    let root = reader.node(MAX_DEPTH)?;
    let (Event::DocumentEnd, Event::StreamEnd) = (reader.next()?.0, reader.next()?.0) else {
        return None;
    };
    Some(root)
}

struct Reader<'a> {
    text: &'a str,
    events: Parser<'a, StrInput<'a>>,
    /// How many more there may be.
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        let (event, place) = self.events.next_event()?.ok()?;
        let place = place.byte_range()?;
        let at = Span {
            start: place.start,
            end: place.end.max(place.start),
        };
        Some((event, at))
    }

    /// The node that begins with the next event, which may have so many levels of lists and mappings.
    fn node(&mut self, levels: usize) -> Option<Node> {
        let (event, at) = self.next()?;
        self.begun(event, at, levels)
    }

    fn begun(&mut self, event: Event<'a>, at: Span, levels: usize) -> Option<Node> {
        self.nodes = self.nodes.checked_sub(1)?;
        match event {
            Event::Scalar(value, style, 0, None) => self.scalar(value, style, at),
            Event::SequenceStart(_, 0, None) => self.items(at, levels.checked_sub(1)?),
            Event::MappingStart(_, 0, None) => self.entries(at, levels.checked_sub(1)?),
            _ => None,
        }
    }

    fn items(&mut self, at: Span, levels: usize) -> Option<Node> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Some(list(self.text, at, items)),
                (event, at) => items.push(self.begun(event, at, levels)?),
            }
        }
    }

    fn entries(&mut self, at: Span, levels: usize) -> Option<Node> {
        let mut entries = Vec::new();
        loop {
            match self.next()? {
                (Event::MappingEnd, _) => break,
                (event, _) if is_merge(&event) => return None,
                (event, at) => {
                    let key = self.begun(event, at, levels)?;
                    entries.push(Entry {
                        at: key.at,
                        key: name(key.shape)?,
                        value: self.node(levels)?,
                    });
                }
            }
        }
        (!has_twice(&entries)).then(|| mapping(self.text, at, entries))
    }

    fn scalar(&self, value: Cow<'_, str>, style: ScalarStyle, at: Span) -> Option<Node> {
        let shape = match style {
            ScalarStyle::Plain => plain(value)?,
            _ => Shape::Text(value.into_owned()),
        };
        let at = match shape {
            Shape::Text(_) => trimmed(self.text, at),
            _ => at,
        };
        Some(Node { at, shape })
    }
}

/// What a scalar without quotes is, where there is no doubt.
fn plain(value: Cow<'_, str>) -> Option<Shape> {
    Some(match value.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Shape::Null,
        "true" | "True" | "TRUE" => Shape::Bool(true),
        "false" | "False" | "FALSE" => Shape::Bool(false),
        text if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => Shape::Text(value.into_owned()),
        text => match text.parse() {
            Ok(number) => Shape::Number(number),
            Err(_) if may_be_number(text) => return None,
            Err(_) => Shape::Text(value.into_owned()),
        },
    })
}

/// Whether YAML knows a number that looks like this: `+5`, `.5`, `0x1F`, `-.inf`.
fn may_be_number(value: &str) -> bool {
    let digits = value.trim_start_matches(['+', '-']);
    let has_base = digits.starts_with('0') && digits[1..].starts_with(['b', 'B', 'o', 'O', 'x', 'X']);
    let is_word = [".inf", ".nan"].iter().any(|word| digits.eq_ignore_ascii_case(word));
    has_base || is_word || value.parse::<f64>().is_ok()
}

fn is_merge(key: &Event<'_>) -> bool {
    matches!(key, Event::Scalar(value, ScalarStyle::Plain, ..) if value == "<<")
}

fn has_twice(entries: &[Entry]) -> bool {
    let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}
