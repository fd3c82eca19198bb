//! JSON, scanned once: validated as a whole, taken apart as far as its reader asks, nothing built.
//!
//! Whoever hands a message on hands on mostly the message's own bytes: the sender, whose requests are made of them, and the
//! ingest, which adds a member or two. So a [`Scanner`] makes no tree: it walks over the source, hands out the
//! members of the objects that its reader wants to see, as [`Span`]s of the source, and notes the few edits between
//! the source and compact JSON: blanks to leave out, strings to rewrite. [`Edits::copy`] then writes any part.
//!
//! It knows no dialect. What it does with strings is a [`Rewriting`], [`AsIs`] where they stay; which members matter is the
//! reader's affair.
//!
//! It accepts a subset of what `serde_json` accepts, and says `None` to the rest: invalid JSON, and what is so odd that
//! a reader with a tree had better look at it. `None` is never an error by itself, and so no words are needed here: whoever
//! gets it asks `serde_json`. The odd things are:
//!
//! - objects and arrays more than [`DEEPEST`] deep;
//! - a key that begins with the name under which `serde_json` hides numbers, or may do so behind an escape;
//! - a string that may be one to rewrite behind an escape of an ASCII character.
//!
//! ```
//! use json_scan::{AsIs, Edits, Scanner, Stops};
//!
//! let source = br#"{ "id": 7, "tags": ["a", "b"] }"#;
//! let (mut stops, mut edits, mut tags) = (Stops::default(), Edits::default(), None);
//! let mut scanner = Scanner::<AsIs>::new(source, &mut stops, &mut edits).expect("it is UTF-8");
//! let message = scanner.message(|scanner, key, at| {
//!     let value = scanner.span(at)?;
//!     if key.raw == b"tags" {
//!         tags = Some(value);
//!     }
//!     Some(value.end())
//! });
//! assert!(message.is_some(), "it is one object, in valid JSON");
//!
//! let (tags, mut compact) = (tags.expect("they are there"), Vec::new());
//! edits.copy::<AsIs>(source, tags.edits(), tags.range(), &mut compact);
//! assert_eq!(compact, br#"["a","b"]"#);
//! ```
//!
//! | file | what is in it |
//! |---|---|
//! | `value` | objects, arrays, and which kind of value it is |
//! | `string` | strings and their escapes |
//! | `scalar` | numbers and the three words |
//! | `stops` | where strings may end, found for all of them at once |
//! | `rewriting` | what becomes of strings |
//! | `edits` | what differs between the source and what is written |

mod edits;
mod rewriting;
mod scalar;
mod stops;
mod string;
#[cfg(test)]
mod tests;
mod value;

use std::marker::PhantomData;

pub use edits::Edits;
pub use rewriting::{AsIs, Rewriting};
pub use stops::Stops;
pub use value::{Key, Shape, Span};

/// How deep objects and arrays may lie within each other. `serde_json` goes twice as deep.
pub const DEEPEST: usize = 64;

/// Walks over one message.
#[derive(Debug)]
pub struct Scanner<'a, 'e, R> {
    source: &'a [u8],
    /// Where strings may end.
    stops: &'e [u32],
    /// How many of them are passed.
    passed: usize,
    edits: &'e mut Edits,
    depth: usize,
    rewriting: PhantomData<R>,
}

impl<'a, 'e, R: Rewriting> Scanner<'a, 'e, R> {
    /// Begins at the beginning of a source, which is UTF-8, with no edit noted.
    pub fn new(source: &'a [u8], stops: &'e mut Stops, edits: &'e mut Edits) -> Option<Self> {
        let is_ascii = stops.find(source)?;
        if !is_ascii {
            str::from_utf8(source).ok()?;
        }
        edits.clear();
        Some(Self {
            source,
            stops: stops.places(),
            passed: 0,
            edits,
            depth: 0,
            rewriting: PhantomData,
        })
    }

    /// Scans a message that is one object and nothing else, and returns the object; see [`members`](Self::members).
    pub fn message(&mut self, member: impl FnMut(&mut Self, Key<'a>, usize) -> Option<usize>) -> Option<Span> {
        let at = self.blanks(0);
        let (message, _) = self.members(at, member)?;
        (self.blanks(message.end()) == self.source.len()).then_some(message)
    }

    /// The byte at a place; 0, which JSON has nowhere, behind the end.
    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.source.get(at).copied().unwrap_or(0)
    }

    /// The place after the blanks that begin here, which are noted as left out.
    #[inline]
    fn blanks(&mut self, at: usize) -> usize {
        if self.byte(at) > b' ' { at } else { self.some_blanks(at) }
    }

    #[cold]
    fn some_blanks(&mut self, from: usize) -> usize {
        let mut at = from;
        while matches!(self.byte(at), b' ' | b'\n' | b'\r' | b'\t') {
            at += 1;
        }
        if at > from {
            self.edits.leave_out(from, at);
            self.pass(at);
        }
        at
    }

    /// The place of the next that may end a string.
    #[inline]
    fn stop(&mut self) -> usize {
        let stop = self.stops.get(self.passed).copied().unwrap_or(0);
        self.passed += 1;
        stop as usize
    }

    /// Leaves behind what lies before a place.
    fn pass(&mut self, at: usize) {
        while self.stops.get(self.passed).is_some_and(|stop| (*stop as usize) < at) {
            self.passed += 1;
        }
    }
}
