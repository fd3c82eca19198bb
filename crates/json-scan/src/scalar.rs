use super::{Rewriting, Scanner};

impl<R: Rewriting> Scanner<'_, '_, R> {
    /// The place after a number, whose first byte is a digit or a minus.
    #[inline]
    pub(super) fn number(&self, from: usize) -> Option<usize> {
        let mut at = from + usize::from(self.byte(from) == b'-');
        let whole = at;
        at = self.digits(at)?;
        if self.byte(whole) == b'0' && at > whole + 1 {
            return None;
        }
        if self.byte(at) == b'.' {
            at = self.digits(at + 1)?;
        }
        if matches!(self.byte(at), b'e' | b'E') {
            let signed = matches!(self.byte(at + 1), b'+' | b'-');
            at = self.digits(at + 1 + usize::from(signed))?;
        }
        Some(at)
    }

    /// The place after one digit or more.
    #[inline]
    fn digits(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while self.byte(at).is_ascii_digit() {
            at += 1;
        }
        (at > from).then_some(at)
    }

    /// The place after `true`, `false` or `null`.
    #[inline]
    pub(super) fn word(&self, from: usize, word: &[u8]) -> Option<usize> {
        let end = from + word.len();
        (self.source.get(from..end)? == word).then_some(end)
    }
}
