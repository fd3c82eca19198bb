use std::error::Error;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::Serialize;

use crate::mistake::help;

/// Something that rows are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The channel.
    Channel,
    /// The filter of a channel.
    Filter,
    /// `utm_campaign`, in small letters.
    Campaign,
    /// The day, in UTC.
    Day,
}

impl Dimension {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Channel, Self::Filter, Self::Campaign, Self::Day];

    /// As it is written: `channel`, `filter`, `campaign` or `day`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Filter => "filter",
            Self::Campaign => "campaign",
            Self::Day => "day",
        }
    }
}

/// A word that is no [`Dimension`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownDimension(String);

impl fmt::Display for UnknownDimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Dimension::ALL.map(Dimension::as_str);
        write!(f, "rows can't be by that; {}", help(&self.0, names))
    }
}

impl Error for UnknownDimension {}

impl FromStr for Dimension {
    type Err = UnknownDimension;

    fn from_str(text: &str) -> Result<Self, UnknownDimension> {
        let found = Self::ALL.into_iter().find(|dimension| dimension.as_str() == text);
        found.ok_or_else(|| UnknownDimension(text.to_owned()))
    }
}

/// What a row is for. Whatever the rows aren't by is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Group {
    /// The channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The filter; none also for spend of a channel as a whole, and for what is unattributed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The campaign; none also for visits and spend without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

/// The same in numbers. What a group isn't by is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// The channel's place from 1; one past all channels is what is unattributed.
    pub(crate) channel: u16,
    /// The filter's place from 1.
    pub(crate) filter: u16,
    pub(crate) campaign: u32,
    pub(crate) day: Option<i32>,
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The day of a time, from 1970-01-01.
pub(crate) fn day_of(at: i64) -> i32 {
    i32::try_from(at.div_euclid(DAY)).unwrap_or_default()
}

/// The same of a date.
pub(crate) fn day_number(date: Date) -> i32 {
    Date::constant(1970, 1, 1).until(date).map_or(0, |span| span.get_days())
}

/// The date of a day's number.
pub(crate) fn date_of(day: i32) -> Date {
    use jiff::ToSpan as _;
    Date::constant(1970, 1, 1).saturating_add(day.days())
}
