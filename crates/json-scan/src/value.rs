use std::ops::Range;

use super::string::Spelling;
use super::{DEEPEST, Rewriting, Scanner};

/// With this `serde_json` passes numbers from its parser to its values: an object whose first key it is becomes a number.
const PRIVATE: &[u8] = b"$serde_json::private::";

/// A key of an object.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// What stands between the quotes.
    pub raw: &'a [u8],
    /// Its place in the source.
    pub start: usize,
    /// Whether that is not the key itself.
    pub escaped: bool,
}

/// What kind of value it is, as far as its readers care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number,
    /// A string whose bytes between the quotes are its text.
    Plain,
    /// A string with escapes.
    Escaped,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A value in the source. Small, as a message has many: no source is so long that its places don't fit.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    start: u32,
    end: u32,
    edits: u32,
    /// What it is.
    pub shape: Shape,
}

impl Span {
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a source with places that don't fit is refused at the beginning"
    )]
    fn new(place: Range<usize>, edits: usize, shape: Shape) -> Self {
        Self {
            start: place.start as u32,
            end: place.end as u32,
            edits: edits as u32,
            shape,
        }
    }

    /// Its first byte.
    #[inline]
    pub fn start(&self) -> usize {
        self.start as usize
    }

    /// The byte after it.
    #[inline]
    pub fn end(&self) -> usize {
        self.end as usize
    }

    /// How many edits come before it.
    #[inline]
    pub fn edits(&self) -> usize {
        self.edits as usize
    }

    /// Its place in the source.
    #[inline]
    pub fn range(&self) -> Range<usize> {
        self.start()..self.end()
    }

    /// What stands between the quotes of a string.
    #[inline]
    pub fn raw<'a>(&self, source: &'a [u8]) -> &'a [u8] {
        source.get(self.start() + 1..self.end() - 1).unwrap_or_default()
    }

    /// Whether it is a string with something in it.
    #[inline]
    pub fn is_text(&self) -> bool {
        matches!(self.shape, Shape::Plain | Shape::Escaped) && self.end - self.start > 2
    }
}

impl<'a, R: Rewriting> Scanner<'a, '_, R> {
    /// Scans the value that begins here.
    #[inline]
    pub fn span(&mut self, start: usize) -> Option<Span> {
        let edits = self.edits.len();
        let (shape, end) = self.value(start)?;
        Some(Span::new(start..end, edits, shape))
    }

    /// Scans the object that begins here and calls `member` with each key and the place of its value, for it to scan the
    /// value and return the place after it. Returns the object, and whether there was a member.
    #[inline]
    pub fn members(
        &mut self,
        start: usize,
        mut member: impl FnMut(&mut Self, Key<'a>, usize) -> Option<usize>,
    ) -> Option<(Span, bool)> {
        let edits = self.edits.len();
        let span = |end| Span::new(start..end, edits, Shape::Object);
        let mut at = self.opened(start, b'{')?;
        if self.byte(at) == b'}' {
            return Some((span(self.closed(at)), false));
        }
        let mut is_first = true;
        loop {
            let (key, value) = self.key(at, is_first)?;
            is_first = false;
            at = member(self, key, value)?;
            at = self.blanks(at);
            match self.byte(at) {
                b',' => at = self.blanks(at + 1),
                b'}' => return Some((span(self.closed(at)), true)),
                _ => return None,
            }
        }
    }

    /// The key that begins here, and the place of its value.
    #[expect(
        clippy::inline_always,
        reason = "as a call of its own it made the whole scan a fifth slower"
    )]
    #[inline(always)]
    fn key(&mut self, at: usize, is_first: bool) -> Option<(Key<'a>, usize)> {
        if self.byte(at) != b'"' {
            return None;
        }
        let (start, (end, spelling)) = (at + 1, self.string(at)?);
        let source = self.source;
        let raw = source.get(start..end)?;
        if spelling == Spelling::Disguised || (is_first && raw.starts_with(PRIVATE)) {
            return None;
        }
        let colon = self.blanks(end + 1);
        if self.byte(colon) != b':' {
            return None;
        }
        let key = Key {
            raw,
            start,
            escaped: spelling != Spelling::Plain,
        };
        Some((key, self.blanks(colon + 1)))
    }

    /// The place after the value that begins here.
    #[inline]
    pub fn skip(&mut self, at: usize) -> Option<usize> {
        let (_, end) = self.value(at)?;
        Some(end)
    }

    /// Whether the value that begins here can only be null.
    pub fn is_null(&self, at: usize) -> bool {
        self.byte(at) == b'n'
    }

    /// Whether the value that begins here can only be an object.
    pub fn is_object(&self, at: usize) -> bool {
        self.byte(at) == b'{'
    }

    /// Whether the value that begins here can only be an array.
    pub fn is_array(&self, at: usize) -> bool {
        self.byte(at) == b'['
    }

    /// What stands between the quotes of a string that was scanned.
    pub fn raw(&self, span: &Span) -> &'a [u8] {
        span.raw(self.source)
    }

    /// Scans a value of any kind.
    #[inline]
    fn value(&mut self, at: usize) -> Option<(Shape, usize)> {
        match self.byte(at) {
            b'"' => self.text(at),
            b'{' => self.object(at).map(|end| (Shape::Object, end)),
            b'[' => self.array(at).map(|end| (Shape::Array, end)),
            b't' => self.word(at, b"true").map(|end| (Shape::Bool(true), end)),
            b'f' => self.word(at, b"false").map(|end| (Shape::Bool(false), end)),
            b'n' => self.word(at, b"null").map(|end| (Shape::Null, end)),
            b'-' | b'0'..=b'9' => self.number(at).map(|end| (Shape::Number, end)),
            _ => None,
        }
    }

    fn object(&mut self, start: usize) -> Option<usize> {
        let (object, _) = self.members(start, |scanner, _, at| scanner.skip(at))?;
        Some(object.end())
    }

    fn array(&mut self, start: usize) -> Option<usize> {
        self.items(start, Self::skip)
    }

    /// Scans the array that begins here and calls `item` with the place of each value, for it to scan the value and return
    /// the place after it. Returns the place after the array.
    #[inline]
    pub fn items(&mut self, start: usize, mut item: impl FnMut(&mut Self, usize) -> Option<usize>) -> Option<usize> {
        let mut at = self.opened(start, b'[')?;
        if self.byte(at) == b']' {
            return Some(self.closed(at));
        }
        loop {
            at = item(self, at)?;
            at = self.blanks(at);
            match self.byte(at) {
                b',' => at = self.blanks(at + 1),
                b']' => return Some(self.closed(at)),
                _ => return None,
            }
        }
    }

    /// A string that is a value, and noted if it is to be rewritten.
    #[inline]
    fn text(&mut self, at: usize) -> Option<(Shape, usize)> {
        let (start, (end, spelling)) = (at + 1, self.string(at)?);
        let raw = self.source.get(start..end)?;
        match spelling {
            Spelling::Plain => {
                if R::may_rewrite(raw) {
                    self.perhaps_rewritten(raw, start);
                }
                Some((Shape::Plain, end + 1))
            }
            Spelling::Disguised if R::may_rewrite_escaped(raw) => None,
            Spelling::Escaped | Spelling::Disguised => Some((Shape::Escaped, end + 1)),
        }
    }

    #[cold]
    fn perhaps_rewritten(&mut self, raw: &[u8], start: usize) {
        if R::rewrite(raw).is_some() {
            self.edits.rewrite(start, start + raw.len());
        }
    }

    /// The place after a bracket and the blanks behind it.
    #[inline]
    fn opened(&mut self, at: usize, bracket: u8) -> Option<usize> {
        if self.byte(at) != bracket || self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        Some(self.blanks(at + 1))
    }

    #[inline]
    fn closed(&mut self, at: usize) -> usize {
        self.depth -= 1;
        at + 1
    }
}
