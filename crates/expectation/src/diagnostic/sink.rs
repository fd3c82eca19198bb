//! Where mistakes are collected.

use super::Diagnostic;
use crate::syntax::Syntax;

/// The most mistakes of one text that are told; whoever made more is helped by the first.
const MOST: usize = 100;

/// The first mistakes of a text, and how many more there are.
#[derive(Clone, Debug)]
pub struct Sink {
    syntax: Syntax,
    found: Vec<Diagnostic>,
    dropped: usize,
}

impl Sink {
    /// No mistake in a text of this syntax yet.
    pub fn new(syntax: Syntax) -> Self {
        Self {
            syntax,
            found: Vec::new(),
            dropped: 0,
        }
    }

    /// What the text is written in.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Adds a mistake.
    pub fn push(&mut self, mistake: Diagnostic) {
        self.found.push(mistake);
        // Mistakes are not found in the order of their places, so that the first are known only by sorting; seldom
        // enough that all of it takes time in proportion to the mistakes.
        if self.found.len() > 2 * MOST {
            self.keep_first();
        }
    }

    /// Adds what another sink collected: its first mistakes, and how many it left out.
    pub fn extend(&mut self, found: Vec<Diagnostic>, more: usize) {
        for mistake in found {
            self.push(mistake);
        }
        self.dropped += more;
    }

    /// Whether no mistake was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The first mistakes in the order of their places, and how many were left out.
    pub fn into_first(mut self) -> (Vec<Diagnostic>, usize) {
        self.keep_first();
        (self.found, self.dropped)
    }

    fn keep_first(&mut self) {
        self.found.sort_by_key(|mistake| mistake.at);
        self.dropped += self.found.len().saturating_sub(MOST);
        self.found.truncate(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, MOST, Sink};
    use crate::source::Span;
    use crate::syntax::Syntax;

    #[test]
    fn the_first_by_place_are_kept_and_the_rest_counted() {
        let mut sink = Sink::new(Syntax::Yaml);
        for start in (0..1_000).rev() {
            sink.push(Diagnostic::new(Span { start, end: start }, "wrong"));
        }
        let (first, more) = sink.into_first();
        let places: Vec<usize> = first.iter().map(|mistake| mistake.at.start).collect();
        assert_eq!(places, (0..MOST).collect::<Vec<_>>());
        assert_eq!(more, 900);
    }
}
