use super::{Rewriting, Scanner};

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Without escapes: the bytes between the quotes are the text.
    Plain,
    /// With escapes, none of which stands for a character of ASCII that could have been written plainly.
    Escaped,
    /// With an escape such as `\u0041` of a character of ASCII.
    Disguised,
}

impl<R: Rewriting> Scanner<'_, '_, R> {
    /// The place of the quote that ends the string that begins with the quote here.
    #[expect(
        clippy::inline_always,
        reason = "as a call of its own it made the whole scan a fifth slower"
    )]
    #[inline(always)]
    pub(super) fn string(&mut self, quote: usize) -> Option<(usize, Spelling)> {
        let [start, end] = *self.stops.get(self.passed..)?.first_chunk()?;
        self.passed += 2;
        let end = end as usize;
        if start as usize != quote {
            return None;
        }
        if self.byte(end) == b'"' {
            Some((end, Spelling::Plain))
        } else {
            self.escaped(end)
        }
    }

    /// Goes on at a place that ends what is plain but not the string.
    #[cold]
    fn escaped(&mut self, from: usize) -> Option<(usize, Spelling)> {
        let mut at = from;
        let mut spelling = Spelling::Escaped;
        loop {
            match self.byte(at) {
                b'"' => return Some((at, spelling)),
                b'\\' => {
                    let (next, disguised) = self.escape(at + 1)?;
                    if disguised {
                        spelling = Spelling::Disguised;
                    }
                    self.pass(next);
                    at = self.stop();
                }
                _ => return None,
            }
        }
    }

    /// The place after the escape whose letter is here, and whether it stands for a character of ASCII by its number.
    fn escape(&self, at: usize) -> Option<(usize, bool)> {
        match self.byte(at) {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some((at + 1, false)),
            b'u' => match self.unit(at + 1)? {
                0xd800..=0xdbff => self.low_surrogate(at + 5).map(|next| (next, false)),
                0xdc00..=0xdfff => None,
                unit => Some((at + 5, unit < 0x80)),
            },
            _ => None,
        }
    }

    /// The second half of a pair.
    fn low_surrogate(&self, at: usize) -> Option<usize> {
        let announced = self.byte(at) == b'\\' && self.byte(at + 1) == b'u';
        let unit = announced.then(|| self.unit(at + 2))??;
        (0xdc00..=0xdfff).contains(&unit).then_some(at + 6)
    }

    /// The number that four hexadecimal digits make.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.source.get(at..at + 4)?;
        digits
            .iter()
            .try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    }
}
