//! One JSON message, scanned once: validated as a whole, taken apart as far as its reader asks, nothing built.
//!
//! Most of a request is the message's own bytes. So a [`Scanner`] makes no tree: it walks over the source, hands out the
//! members of the objects that its reader wants to see, as [`Span`]s of the source, and notes the few edits between
//! the source and compact JSON: blanks to leave out, strings to rewrite. [`Edits::copy`] then writes any part.
//!
//! It knows no dialect. What it does with strings is a [`Rewriting`]; which members matter is the reader's affair.
//!
//! It accepts a subset of what `serde_json` accepts, and says `None` to the rest: invalid JSON, and what is so odd that
//! the readable mapper had better look at it. `None` is never an error by itself, and so no words are needed here: whoever
//! gets it asks `serde_json`. The odd things are:
//!
//! - objects and arrays more than [`DEEPEST`] deep;
//! - a key that begins with the name under which `serde_json` hides numbers, or may do so behind an escape;
//! - a string that may be one to rewrite behind an escape of an ASCII character.
//!
//! | file | what is in it |
//! |---|---|
//! | `value` | objects, arrays, and which kind of value it is |
//! | `string` | strings and their escapes |
//! | `scalar` | numbers and the three words |
//! | `stops` | where strings may end, found for all of them at once |
//! | `edits` | what differs between the source and what is written |

mod edits;
mod scalar;
mod stops;
mod string;
#[cfg(test)]
mod tests;
mod value;

use std::marker::PhantomData;
use std::ops::Deref;

pub(crate) use edits::Edits;
pub(crate) use stops::Stops;
pub(crate) use value::{Key, Shape, Span};

/// How deep objects and arrays may lie within each other. `serde_json` goes twice as deep.
pub(crate) const DEEPEST: usize = 64;

/// Which strings are written otherwise than they came. Keys never are.
pub(crate) trait Rewriting {
    /// What is written instead of a string.
    type Text: Deref<Target = str>;

    /// Whether the text of a string may be one of those: the quick look that nearly every string gets.
    fn may_rewrite(text: &[u8]) -> bool;

    /// Whether a string that has escapes of ASCII characters may be one of those.
    fn may_rewrite_escaped(raw: &[u8]) -> bool;

    /// What is written instead of this text without escapes, unless it stays as it is.
    fn rewrite(text: &[u8]) -> Option<Self::Text>;
}

/// Walks over one message.
#[derive(Debug)]
pub(crate) struct Scanner<'a, 'e, R> {
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
    pub(crate) fn new(source: &'a [u8], stops: &'e mut Stops, edits: &'e mut Edits) -> Option<Self> {
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
    pub(crate) fn message(&mut self, member: impl FnMut(&mut Self, Key<'a>, usize) -> Option<usize>) -> Option<Span> {
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
