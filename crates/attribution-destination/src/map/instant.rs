use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};

const MILLIS_PER_SECOND: i64 = 1_000;
const MILLIS_PER_MINUTE: i64 = 60 * MILLIS_PER_SECOND;
const MILLIS_PER_HOUR: i64 = 60 * MILLIS_PER_MINUTE;
const MILLIS_PER_DAY: i64 = 24 * MILLIS_PER_HOUR;

/// How far from 1970 an ECMAScript date can lie (ECMA-262, "Time Values and Time Range").
const FURTHEST: i64 = 100_000_000 * MILLIS_PER_DAY;

/// Four centuries of the Gregorian calendar, after which it repeats.
const DAYS_PER_ERA: i64 = 146_097;

/// Days from 0000-03-01, where an era is taken to begin, to 1970-01-01.
const ERA_TO_EPOCH: i64 = 719_468;

/// A point in time to the millisecond, in the proleptic Gregorian calendar.
///
/// Its own arithmetic, because fields roll over without limit and what comes out may lie beyond the year 9999,
/// where `jiff` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant {
    millis: i64,
}

/// The fields of a written date and time. None has to be within its range: what is too much rolls over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) year: i64,
    /// January is 1.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) milli: i64,
}

impl Instant {
    /// Milliseconds since 1970, unless they lie beyond what ECMAScript's dates reach.
    pub(super) fn from_millis(millis: i64) -> Option<Self> {
        (-FURTHEST..=FURTHEST).contains(&millis).then_some(Self { millis })
    }

    /// The point in time that these fields add up to.
    pub(super) fn from_fields(fields: Fields) -> Self {
        let days = first_of_month(fields.year, fields.month) + fields.day - 1;
        let millis = days * MILLIS_PER_DAY
            + fields.hour * MILLIS_PER_HOUR
            + fields.minute * MILLIS_PER_MINUTE
            + fields.second * MILLIS_PER_SECOND
            + fields.milli;
        Self { millis }
    }

    /// `YYYY-MM-DDTHH:MM:SS.mmmZ`, with `±YYYYYY` for the years that don't fit.
    pub(super) fn text(self) -> Text {
        let (year, month, day) = civil(self.millis.div_euclid(MILLIS_PER_DAY));
        let of_day = self.millis.rem_euclid(MILLIS_PER_DAY);
        let [month, day] = [month, day].map(two_digits);
        let [hour, minute, second] = [
            of_day / MILLIS_PER_HOUR,
            of_day / MILLIS_PER_MINUTE % 60,
            of_day / MILLIS_PER_SECOND % 60,
        ]
        .map(two_digits);
        let milli = of_day % MILLIS_PER_SECOND;
        let ([_, hundreds], [tens, ones]) = (two_digits(milli / 100), two_digits(milli % 100));
        let mut text = Text::default();
        text.year(year);
        text.push([b'-', month[0], month[1], b'-', day[0], day[1], b'T', hour[0], hour[1]]);
        text.push([b':', minute[0], minute[1], b':', second[0], second[1]]);
        text.push([b'.', hundreds, tens, ones, b'Z']);
        text
    }
}

impl From<jiff::Timestamp> for Instant {
    /// Cut to the millisecond that it lies in, before 1970 too.
    fn from(timestamp: jiff::Timestamp) -> Self {
        let rest = timestamp.subsec_nanosecond() % 1_000_000;
        Self {
            millis: timestamp.as_millisecond() - i64::from(rest < 0),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

/// The days from 1970-01-01 to the first of a month, which may lie outside of its year.
fn first_of_month(year: i64, month: i64) -> i64 {
    // With March as the first month the leap day is the last of its year, and the lengths of the months follow
    // 153 days in five months.
    let months = year * 12 + (month - 1) - 2;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (month * 153 + 2) / 5;
    era * DAYS_PER_ERA + day_of_era - ERA_TO_EPOCH
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + ERA_TO_EPOCH;
    let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    // Take out the leap days that have passed (every 4 years, but not every 100, but every 400): what is left is
    // years of 365 days.
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    let month = (day_of_year * 5 + 2) / 153;
    let day = day_of_year - (month * 153 + 2) / 5 + 1;
    let months = (era * 400 + year_of_era) * 12 + month + 2;
    (months.div_euclid(12), months.rem_euclid(12) + 1, day)
}

/// A written instant, on the stack: dates are written often enough that each shouldn't cost an allocation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text {
    bytes: [u8; 27],
    length: usize,
}

impl Text {
    fn year(&mut self, year: i64) {
        let digits = year.abs();
        let [first, second, third] = [digits / 10_000, digits / 100 % 100, digits % 100].map(two_digits);
        if !(0..=9999).contains(&year) {
            self.push([if year < 0 { b'-' } else { b'+' }]);
            self.push(first);
        }
        self.push(second);
        self.push(third);
    }

    fn push<const N: usize>(&mut self, bytes: [u8; N]) {
        self.bytes[self.length..][..N].copy_from_slice(&bytes);
        self.length += N;
    }
}

/// The digits of a number below a hundred.
fn two_digits(number: i64) -> [u8; 2] {
    // Small numbers are divided faster.
    let number = u8::try_from(number).unwrap_or_default();
    [b'0' + number / 10, b'0' + number % 10]
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        str::from_utf8(&self.bytes[..self.length]).expect("only ASCII is pushed")
    }
}

#[cfg(test)]
mod tests;
