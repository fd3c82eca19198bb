use std::ops::Range;

use super::{Rewriting, Span};

/// One difference between the source and what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    /// The first byte that is not copied.
    start: usize,
    /// The first that is again.
    end: usize,
    /// Whether it is a text to be written otherwise, or blanks to be left out.
    is_rewritten: bool,
}

/// The differences, in the order of the source. Kept from one message to the next, so that noting them costs nothing.
#[derive(Debug, Default)]
pub struct Edits {
    all: Vec<Edit>,
    rewritten: usize,
}

impl Edits {
    #[inline]
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.rewritten = 0;
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether any string is rewritten.
    #[inline]
    pub fn rewrite_any(&self) -> bool {
        self.rewritten > 0
    }

    /// Whether any string in this part of the source is rewritten.
    #[inline]
    pub fn rewrite_any_in(&self, span: &Span) -> bool {
        self.rewrite_any() && self.within(span.edits(), &span.range()).any(|edit| edit.is_rewritten)
    }

    /// Those of this place in the source, of which `before` are known to come before it.
    fn within(&self, before: usize, place: &Range<usize>) -> impl Iterator<Item = &Edit> {
        let (start, end) = (place.start, place.end);
        let from = self.all.get(before..).unwrap_or_default().iter();
        from.skip_while(move |edit| edit.start < start)
            .take_while(move |edit| edit.start < end)
    }

    #[inline]
    pub(super) fn leave_out(&mut self, start: usize, end: usize) {
        self.all.push(Edit {
            start,
            end,
            is_rewritten: false,
        });
    }

    #[inline]
    pub(super) fn rewrite(&mut self, start: usize, end: usize) {
        self.rewritten += 1;
        self.all.push(Edit {
            start,
            end,
            is_rewritten: true,
        });
    }

    /// Writes this place of the source as compact JSON, its strings rewritten; `before` edits are known to come before it.
    pub fn copy<R: Rewriting>(&self, source: &[u8], before: usize, place: Range<usize>, out: &mut Vec<u8>) {
        let mut at = place.start;
        for edit in self.within(before, &place) {
            out.extend_from_slice(&source[at..edit.start]);
            if edit.is_rewritten
                && let Some(text) = R::rewrite(&source[edit.start..edit.end])
            {
                out.extend_from_slice(text.as_bytes());
            }
            at = edit.end;
        }
        out.extend_from_slice(&source[at..place.end]);
    }
}
