//! From text to the tree.

use std::collections::BTreeMap;

use super::slip;
use super::string;
use crate::diagnostic::{Diagnostic, Sink};
use crate::read::twice;
use crate::source::Span;
use crate::tree::{Entry, Node, Shape};

/// How deep mappings and lists may lie in each other, as in a scenario.
pub(super) const MAX_DEPTH: usize = 128;

/// Reads one JSON text (RFC 8259). A key that is written twice is added to `sink`, and its first value counts.
///
/// # Errors
///
/// The first place at which the text is not JSON, or is nested too deeply.
pub(crate) fn read(text: &str, sink: &mut Sink) -> Result<Node, Diagnostic> {
    let mut reader = Reader {
        text,
        at: 0,
        line: 1,
        depth: 0,
        unheeded: 0,
        sink,
    };
    reader.blanks();
    if reader.rest().is_empty() {
        return Err(slip::nothing(reader.here()));
    }
    let node = reader.value()?;
    reader.blanks();
    match reader.rest() {
        "" => Ok(node),
        rest => Err(slip::more(reader.here(), rest)),
    }
}

struct Reader<'a> {
    text: &'a str,
    /// The byte that is read next.
    at: usize,
    /// The line it is in, from 1.
    line: usize,
    /// How many mappings and lists are open.
    depth: usize,
    /// How many keys are open that were written before, whose values don't count.
    unheeded: usize,
    sink: &'a mut Sink,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character, or the end of the text.
    fn here(&self) -> Span {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        Span {
            start: self.at,
            end: self.at + length,
        }
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.line += rest[..blank].matches('\n').count();
        self.at += blank;
    }

    /// Whether this character is next; then it is read, and the blanks after it.
    fn takes(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
            self.blanks();
        }
        found
    }

    fn value(&mut self) -> Result<Node, Diagnostic> {
        let start = self.at;
        let shape = match self.rest().chars().next() {
            Some('{') => self.nested(Self::entries)?,
            Some('[') => self.nested(Self::items)?,
            Some('"') => Shape::Text(self.string()?.1),
            Some(c) if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number()?,
            _ => self.word()?,
        };
        let at = Span { start, end: self.at };
        Ok(Node { at, shape })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Shape, Diagnostic>) -> Result<Shape, Diagnostic> {
        if self.depth == MAX_DEPTH {
            return Err(slip::too_deep(self.here()));
        }
        self.depth += 1;
        let shape = read(self)?;
        self.depth -= 1;
        Ok(shape)
    }

    fn items(&mut self) -> Result<Shape, Diagnostic> {
        let opened = self.line;
        self.takes('[');
        let mut items = Vec::new();
        while !self.ends(']', items.is_empty(), opened)? {
            items.push(self.value()?);
        }
        Ok(Shape::Items(items))
    }

    fn entries(&mut self) -> Result<Shape, Diagnostic> {
        let opened = self.line;
        self.takes('{');
        let mut entries = Vec::new();
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        while !self.ends('}', lines.is_empty(), opened)? {
            let line = self.line;
            let (at, key) = self.key()?;
            if let Some(first) = lines.get(&key) {
                self.second(at, &key, *first)?;
                continue;
            }
            lines.insert(key.clone(), line);
            let value = self.value()?;
            entries.push(Entry { at, key, value });
        }
        Ok(Shape::Entries(entries))
    }

    /// What stands at a key that was written before, in that line.
    fn second(&mut self, at: Span, key: &str, first: usize) -> Result<(), Diagnostic> {
        if self.unheeded == 0 {
            self.sink.push(twice(at, key, first));
        }
        self.unheeded += 1;
        self.value()?;
        self.unheeded -= 1;
        Ok(())
    }

    /// Reads up to the next item, or up to and with the bracket that closes the list or mapping.
    fn ends(&mut self, closer: char, is_first: bool, opened: usize) -> Result<bool, Diagnostic> {
        self.blanks();
        if self.rest().starts_with(closer) {
            self.at += closer.len_utf8();
            return Ok(true);
        }
        if self.rest().is_empty() {
            return Err(slip::unclosed(self.here(), closer, opened));
        }
        if is_first {
            return Ok(false);
        }
        let comma = self.here();
        if !self.takes(',') {
            return Err(slip::no_comma(comma, self.rest(), closer));
        }
        match self.rest() {
            "" => Err(slip::unclosed(self.here(), closer, opened)),
            rest if rest.starts_with(closer) => Err(slip::comma_too_many(comma, closer)),
            _ => Ok(false),
        }
    }

    /// A key with its colon.
    fn key(&mut self) -> Result<(Span, String), Diagnostic> {
        if !self.rest().starts_with('"') {
            return Err(slip::no_key(self.at, self.rest()));
        }
        let key = self.string()?;
        self.blanks();
        let colon = self.here();
        if self.takes(':') {
            Ok(key)
        } else {
            Err(slip::no_colon(colon))
        }
    }

    fn string(&mut self) -> Result<(Span, String), Diagnostic> {
        let start = self.at;
        let (length, text) = string::read(self.rest()).map_err(|wrong| wrong.diagnostic(start))?;
        self.at += length;
        let at = Span { start, end: self.at };
        Ok((at, text))
    }

    fn number(&mut self) -> Result<Shape, Diagnostic> {
        let (at, written) = self.token();
        match serde_json::from_str(written) {
            Ok(number) => Ok(Shape::Number(number)),
            Err(_) => Err(slip::no_number(at, written)),
        }
    }

    fn word(&mut self) -> Result<Shape, Diagnostic> {
        let before = self.at;
        let (at, written) = self.token();
        match written {
            "null" => Ok(Shape::Null),
            "true" => Ok(Shape::Bool(true)),
            "false" => Ok(Shape::Bool(false)),
            _ => Err(slip::no_value(at, &self.text[before..])),
        }
    }

    /// A number or a word, with whatever was written close to it.
    fn token(&mut self) -> (Span, &'a str) {
        let written = slip::token(self.rest());
        let start = self.at;
        self.at += written.len();
        let at = Span { start, end: self.at };
        (at, written)
    }
}
