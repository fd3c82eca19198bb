//! A text and places in it.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Sink, SourceError};
use crate::syntax::Syntax;

/// A text: what it is called and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user typed it; what a diagnostic names.
    pub name: String,
    /// The whole text, without a byte order mark.
    pub text: String,
}

impl Source {
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
                Ok(Self { name, text })
            }
            Err(error) => Err(not_utf8(name, &error)),
        }
    }

    /// Where a byte offset lies. Offsets past the end are the end.
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
        if offset < self.reached {
            *self = Self::of(self.source);
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
    SourceError::new(std::sync::Arc::new(Source { name, text }), sink)
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
        Source {
            name: "a.yaml".to_owned(),
            text: text.to_owned(),
        }
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
