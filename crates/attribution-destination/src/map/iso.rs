//! Reading ISO 8601 dates and times as the original does: a fixed shape, and no field checked against its range.

use super::instant::{Fields, Instant};

/// How much is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `YYYY-MM-DD` and what may follow it, upper case.
    DateLike,
    /// The same with or without hyphens, with or without day and month, `T` and `Z` in either case.
    Timestamp,
}

/// The instant that the whole of a text stands for, unless it has another shape.
pub(super) fn read(text: &str, shape: Shape) -> Option<Instant> {
    let mut rest = Rest {
        bytes: text.as_bytes(),
        shape,
    };
    let mut fields = rest.date()?;
    if !rest.is_empty() {
        rest.time(&mut fields)?;
    }
    rest.is_empty().then(|| Instant::from_fields(fields))
}

/// What is still to be read.
struct Rest<'a> {
    bytes: &'a [u8],
    shape: Shape,
}

impl Rest<'_> {
    fn date(&mut self) -> Option<Fields> {
        let year = self.two_digits()? * 100 + self.two_digits()?;
        let (month, day) = match self.shape {
            Shape::DateLike => {
                let month = self.after(b'-')?;
                (month, self.after(b'-')?)
            }
            Shape::Timestamp if !self.goes_on_with(b'-') => (1, 1),
            Shape::Timestamp => {
                let month = self.perhaps_after(b'-')?;
                (
                    month,
                    if self.goes_on_with(b'-') {
                        self.perhaps_after(b'-')?
                    } else {
                        1
                    },
                )
            }
        };
        // The years of two digits are ECMAScript's, whose `Date.UTC` means 1900 and something by them.
        let year = if year < 100 { year + 1900 } else { year };
        Some(Fields {
            year,
            month: month.max(1),
            day: day.max(1),
            ..Fields::default()
        })
    }

    fn time(&mut self, fields: &mut Fields) -> Option<()> {
        let blank = self.eat(b' ');
        if !blank && !self.eat_letter(b'T') {
            return None;
        }
        fields.hour = self.two_digits()?;
        fields.minute = self.perhaps_after(b':')?;
        if self.goes_on_with(b':') {
            fields.second = self.perhaps_after(b':')?;
            fields.milli = self.fraction()?;
        }
        let offset = self.offset()?;
        // After a blank the original takes the time for the local one, which is UTC, whatever zone is written.
        if !blank {
            fields.minute -= offset;
        }
        Some(())
    }

    /// Digits after a dot or comma, cut to milliseconds; 0 where there is neither.
    fn fraction(&mut self) -> Option<i64> {
        if !self.eat(b'.') && !self.eat(b',') {
            return Some(0);
        }
        let digits = self.bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, rest) = self.bytes.split_at(digits);
        self.bytes = rest;
        let milli = |place: usize| fraction.get(place).map_or(0, |digit| i64::from(digit - b'0'));
        (digits > 0).then(|| milli(0) * 100 + milli(1) * 10 + milli(2))
    }

    /// Minutes to the east of UTC; 0 where no zone is written.
    fn offset(&mut self) -> Option<i64> {
        if self.is_empty() || self.eat_letter(b'Z') {
            return Some(0);
        }
        let east = self.eat(b'+');
        if !east && !self.eat(b'-') {
            return None;
        }
        let hours = self.two_digits()?;
        let minutes = if self.is_empty() { 0 } else { self.perhaps_after(b':')? };
        let offset = hours * 60 + minutes;
        Some(if east { offset } else { -offset })
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether another pair of digits follows, separated or not.
    fn goes_on_with(&self, separator: u8) -> bool {
        self.bytes
            .first()
            .is_some_and(|byte| *byte == separator || byte.is_ascii_digit())
    }

    fn eat(&mut self, byte: u8) -> bool {
        let rest = self.bytes.strip_prefix(&[byte]);
        self.bytes = rest.unwrap_or(self.bytes);
        rest.is_some()
    }

    fn eat_letter(&mut self, upper: u8) -> bool {
        self.eat(upper) || (self.shape == Shape::Timestamp && self.eat(upper.to_ascii_lowercase()))
    }

    fn after(&mut self, separator: u8) -> Option<i64> {
        self.eat(separator).then(|| self.two_digits())?
    }

    fn perhaps_after(&mut self, separator: u8) -> Option<i64> {
        self.eat(separator);
        self.two_digits()
    }

    fn two_digits(&mut self) -> Option<i64> {
        let (&[tens, ones], rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    }
}
