//! A text that is JSON.

use super::answer::FailureRow;
use super::mistake::Mistakes;
use super::reader::read;
use crate::diagnostic::{Diagnostic, Sink};
use crate::expect::{Expectations, Failure, Section};
use crate::pointer::pointer;
use crate::source::{Places, Source, Span};
use crate::syntax::Syntax;
use crate::tree::Node;

/// A JSON text with the place of every value in it.
#[derive(Clone, Debug)]
pub struct Document {
    source: Source,
    root: Node,
    /// Mistakes that leave the text JSON.
    found: Sink,
}

impl Document {
    /// Takes one JSON text (RFC 8259) in UTF-8. A byte order mark is dropped.
    ///
    /// # Errors
    ///
    /// The first place at which it is not JSON. A key that is written twice is told by [`Document::read`], with
    /// whatever else is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, Mistakes> {
        let mut found = Sink::new(Syntax::Json);
        let (text, tree) = match std::str::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                (text.to_owned(), read(text, &mut found))
            }
            Err(error) => {
                let shown = String::from_utf8_lossy(bytes).into_owned();
                (shown, Err(not_utf8(error.valid_up_to())))
            }
        };
        let source = Source::of("", text);
        match tree {
            Ok(root) => Ok(Self { source, root, found }),
            Err(mistake) => {
                let mut sink = Sink::new(Syntax::Json);
                sink.push(mistake);
                Err(Mistakes::of(&source, None, sink))
            }
        }
    }

    /// Reads something out of it. `read` leaves its mistakes in the sink, and reads nothing only where it left one.
    ///
    /// # Errors
    ///
    /// Every mistake found, in the order of their places.
    ///
    /// ```
    /// use expectation::json::Document;
    /// use expectation::read::{Fields, count};
    /// use expectation::{Expectations, Section};
    ///
    /// let document = Document::parse(br#"{"expect": {"visits": {"count": 2}}, "sconds": 5}"#)?;
    /// let wrong = document.read(|node, sink| {
    ///     let fields = Fields::of(node, "wait", &["expect", "seconds"], sink)?;
    ///     let expect = Expectations::read(fields.get("expect")?, &Section::RECORDED, sink)?;
    ///     let seconds = fields.get("seconds").map_or(Some(10), |node| count(node, "seconds", sink))?;
    ///     Some((expect, seconds))
    /// });
    /// let mistake = wrong.unwrap_err().mistakes.remove(0);
    /// assert_eq!(mistake.pointer.as_deref(), Some("/sconds"));
    /// assert_eq!(mistake.help.as_deref(), Some("did you mean `seconds`?"));
    /// # Ok::<(), expectation::json::Mistakes>(())
    /// ```
    pub fn read<T>(&self, read: impl FnOnce(&Node, &mut Sink) -> Option<T>) -> Result<T, Mistakes> {
        let mut sink = self.found.clone();
        match read(&self.root, &mut sink) {
            Some(found) if sink.is_empty() => Ok(found),
            _ => Err(Mistakes::of(&self.source, Some(&self.root), sink)),
        }
    }

    /// The deepest value that holds a place of the text, as a JSON pointer (RFC 6901); a key is at its value.
    pub fn pointer(&self, at: Span) -> String {
        pointer(&self.root, &self.source.text, at)
    }

    /// Failures of expectations that were read out of it, as rows of an answer.
    pub fn rows<'a>(&self, failures: &'a [Failure]) -> Vec<FailureRow<'a>> {
        let mut places = Places::of(&self.source);
        failures
            .iter()
            .map(|failure| FailureRow::of(failure, self.pointer(failure.at), places.at(failure.at.start)))
            .collect()
    }
}

impl Expectations {
    /// Reads an `expect` that is a whole JSON text, and may speak of the sections in `known`.
    ///
    /// Whoever has an answer to give keeps the [`Document`], and reads it out of that.
    ///
    /// # Errors
    ///
    /// Every mistake found, in the order of their places.
    pub fn from_json(bytes: &[u8], known: &[Section]) -> Result<Self, Mistakes> {
        Document::parse(bytes)?.read(|node, sink| Self::read(node, known, sink))
    }
}

fn not_utf8(offset: usize) -> Diagnostic {
    let at = Span {
        start: offset,
        end: offset + char::REPLACEMENT_CHARACTER.len_utf8(),
    };
    Diagnostic::new(at, format!("the text is not UTF-8: byte {offset} can't be read")).help("send it as UTF-8")
}
