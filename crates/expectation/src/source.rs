//! A text and places in it.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Sink, SourceError};
use crate::syntax::Syntax;

/// A text: what it is called and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user typed it; what a diagnostic names.
    pub name: String,
    /// The whole text, without a byte order mark; behind it those of the files that it includes.
    pub text: String,
    /// Where the text of each included file begins, in ascending order. Places in it are told as that file's own.
    pub included: Vec<Included>,
}

/// A file whose text stands behind that of the file that includes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// What a diagnostic names.
    pub name: String,
    /// Offset of its first byte in the whole text.
    pub start: usize,
}

impl Source {
    /// A text that is no file, or was read already.
    pub fn of(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            included: Vec::new(),
        }
    }

    /// Takes the bytes of a file. A UTF-8 byte order mark is dropped.
    ///
    /// # Errors
    ///
    /// When the bytes are not UTF-8: one diagnostic at the first byte that isn't, with its offset.
    ///
    /// ```
    /// use expectation::Source;
    ///
    /// let source = Source::new("a.yaml", b"\xEF\xBB\xBFsteps: []".to_vec())?;
    /// assert_eq!(source.text, "steps: []");
    /// let error = Source::new("a.yaml", b"name: caf\xE9".to_vec()).unwrap_err();
    /// assert!(error.diagnostics[0].message.contains("byte 9"));
    /// # Ok::<(), expectation::SourceError>(())
    /// ```
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, SourceError> {
        let name = name.into();
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                Ok(Self::of(name, text))
            }
            Err(error) => Err(not_utf8(name, &error)),
        }
    }

    /// Puts the text of a file that this one includes behind all the others, and returns the offset of its first byte:
    /// its places are that much further on.
    ///
    /// ```
    /// use expectation::Source;
    ///
    /// let mut source = Source::of("a.yaml", "steps: []");
    /// let start = source.include("login.yaml", "- settle:\n- wait: 5\n");
    /// assert_eq!(source.name_at(start + 10), "login.yaml");
    /// assert_eq!(source.position(start + 10).line, 2);
    /// assert_eq!((source.name_at(3), source.position(3).column), ("a.yaml", 4));
    /// ```
    pub fn include(&mut self, name: impl Into<String>, text: &str) -> usize {
        // Always a break, so that the end of one text is never the beginning of the next.
        self.text.push('\n');
        let start = self.text.len();
        self.text.push_str(text.strip_prefix('\u{feff}').unwrap_or(text));
        let name = name.into();
        self.included.push(Included { name, start });
        start
    }

    /// The name of the file that a byte offset lies in.
    pub fn name_at(&self, offset: usize) -> &str {
        self.part(offset).map_or(&self.name, |included| &included.name)
    }

    /// The included file that an offset lies in, or none for the text itself.
    fn part(&self, offset: usize) -> Option<&Included> {
        let before = self.included.partition_point(|included| included.start <= offset);
        self.included.get(before.checked_sub(1)?)
    }

    /// Where a byte offset lies, in the file that it lies in. Offsets past the end are the end.
    pub fn position(&self, offset: usize) -> Position {
        Places::of(self).at(offset)
    }

    /// The line that holds a byte offset, as bytes into the text, without its end (`\n` or `\r\n`).
    pub fn line(&self, offset: usize) -> Span {
        let offset = self.boundary(offset);
        let start = self.text[..offset].rfind('\n').map_or(0, |found| found + 1);
        let end = self.text[offset..]
            .find('\n')
            .map_or(self.text.len(), |found| offset + found);
        let end = if self.text[start..end].ends_with('\r') {
            end - 1
        } else {
            end
        };
        Span { start, end }
    }

    /// The text a span covers; empty where the span lies outside.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The nearest character boundary at or before an offset.
    pub(crate) fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset)
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or_default()
    }
}

/// Where byte offsets lie, in one pass over the text when they ascend.
pub(crate) struct Places<'a> {
    source: &'a Source,
    reached: usize,
    position: Position,
}

impl<'a> Places<'a> {
    pub(crate) fn of(source: &'a Source) -> Self {
        Self {
            source,
            reached: 0,
            position: Position { line: 1, column: 1 },
        }
    }

    /// Where an offset lies. Offsets past the end are the end.
    pub(crate) fn at(&mut self, offset: usize) -> Position {
        let offset = self.source.boundary(offset);
        let begin = self.source.part(offset).map_or(0, |included| included.start);
        if offset < self.reached || self.reached < begin {
            self.reached = begin;
            self.position = Position { line: 1, column: 1 };
        }
        for c in self.source.text[self.reached..offset].chars() {
            if c == '\n' {
                self.position.line += 1;
                self.position.column = 1;
            } else {
                self.position.column += 1;
            }
        }
        self.reached = offset;
        self.position
    }
}

fn not_utf8(name: String, error: &std::string::FromUtf8Error) -> SourceError {
    let offset = error.utf8_error().valid_up_to();
    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
    let at = Span {
        start: offset,
        end: offset + char::REPLACEMENT_CHARACTER.len_utf8(),
    };
    let diagnostic = Diagnostic::new(at, format!("the file is not UTF-8: byte {offset} can't be read"))
        .label("not UTF-8")
        .help("save the file as UTF-8");
    let mut sink = Sink::new(Syntax::Yaml);
    sink.push(diagnostic);
    SourceError::new(std::sync::Arc::new(Source::of(name, text)), sink)
}

/// Bytes of a source, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Places, Position, Source, Span};

    fn source(text: &str) -> Source {
        Source::of("a.yaml", text)
    }

    #[test]
    fn columns_are_characters() {
        let source = source("a: 1\nüb: 2\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position("a: 1\nü".len()), Position { line: 2, column: 2 });
        assert_eq!(source.position(usize::MAX), Position { line: 3, column: 1 });
    }

    #[test]
    fn places_may_be_asked_for_in_any_order() {
        let source = source("a\nüb\n\nc");
        let mut places = Places::of(&source);
        for offset in [0, 3, 4, 6, 6, 2, 99, 1] {
            assert_eq!(places.at(offset), source.position(offset), "{offset}");
        }
    }

    #[test]
    fn a_line_is_without_its_end() {
        let source = source("a: 1\r\nb: 2\nc");
        assert_eq!(source.slice(source.line(1)), "a: 1");
        assert_eq!(source.slice(source.line(7)), "b: 2");
        assert_eq!(source.slice(source.line(99)), "c");
    }

    #[test]
    fn an_included_text_counts_its_own_lines() {
        let mut source = source("a\nb");
        let start = source.include("c.yaml", "\u{feff}c\nü: d");
        let at = |offset: usize| (source.name_at(offset).to_owned(), source.position(offset));
        let place = |name: &str, line, column| (name.to_owned(), Position { line, column });
        assert_eq!(at(3), place("a.yaml", 2, 2));
        assert_eq!(at(start), place("c.yaml", 1, 1));
        assert_eq!(at(usize::MAX), place("c.yaml", 2, 5));
        let mut places = Places::of(&source);
        for offset in [2, start + 2, 0, start, 3, start + 4] {
            assert_eq!(places.at(offset), source.position(offset), "{offset}");
        }
    }

    #[test]
    fn a_span_outside_is_empty() {
        assert_eq!(source("abc").slice(Span { start: 2, end: 9 }), "");
    }

    proptest! {
        #[test]
        fn every_offset_has_a_place(text in "[a\r\nü]{0,30}", offset in 0_usize..80) {
            let source = source(&text);
            let position = source.position(offset);
            prop_assert!(position.line <= text.matches('\n').count() + 1);
            prop_assert!(!source.slice(source.line(offset)).contains('\n'));
        }
    }
}
