use csv::StringRecord;
use jiff::civil::Date;

use super::group::{date_of, day_number};
use super::settings::Settings;
use crate::channels::{Channels, FilterId};
use crate::mistake::{Mistake, Mistakes, help, quoted};
use crate::money::{BadAmount, Currency, Rounding, decimal, minor_units};

/// What advertising cost, day by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spend {
    pub(super) rows: Vec<SpendRow>,
}

/// One row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SpendRow {
    pub(super) day: i32,
    pub(super) channel: u16,
    pub(super) filter: Option<u16>,
    /// In small letters; empty for none.
    pub(super) campaign: Box<str>,
    /// In minor units.
    pub(super) amount: i64,
}

/// What the columns of spend are called, in the CSV and in rows that stand elsewhere.
pub const SPEND_COLUMNS: [&str; 6] = ["date", "channel", "filter", "campaign", "spend", "currency"];

/// The values of one row, each with the number of its column; an empty one is none.
type Cells<'a> = [Option<(usize, &'a str)>; SPEND_COLUMNS.len()];

impl Spend {
    /// Reads CSV with a header. `date` and `spend` must be there, and `channel` or `filter`; `campaign` and `currency` may.
    ///
    /// ```csv
    /// date,channel,campaign,spend,currency
    /// 2024-01-15,Google Ads,spring,120.50,USD
    /// ```
    ///
    /// # Errors
    ///
    /// Every mistake in it, each with its line and which of the line's values it is: a column that there is not, a day that is
    /// none, a channel that there is not, a negative amount, another currency than the report's.
    pub fn parse(name: &str, text: &str, channels: &Channels, settings: &Settings) -> Result<Self, Mistakes> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut reading = Reading::of(channels, settings);
        let mut rows = Vec::new();
        for (index, record) in reader.records().enumerate() {
            match record {
                Ok(record) if index == 0 => reading.header(&record),
                Ok(record) => rows.extend(reading.row(&record)),
                Err(error) => reading.mistake(line_of(&error), 1, "it can't be read as CSV", "check the quotes"),
            }
            if index == 0 && !reading.mistakes.is_empty() {
                break;
            }
        }
        if reading.width == 0 && reading.mistakes.is_empty() {
            reading.mistake(
                1,
                1,
                "there is no header",
                "write `date,channel,spend` in the first line",
            );
        }
        reading.end(name, rows)
    }

    /// The same of rows that stand elsewhere: the values of each by [`SPEND_COLUMNS`].
    ///
    /// # Errors
    ///
    /// Every mistake in them. Its line is the row's number from 1, and its column that of the value's place among
    /// [`SPEND_COLUMNS`], from 1.
    ///
    /// ```
    /// use attribution_report::{Channels, Preset, Settings, Spend};
    ///
    /// let (channels, settings) = (Channels::preset(Preset::default()), Settings::default());
    /// let row = [Some("2024-01-15"), Some("Google Ads"), None, None, Some("-3"), None];
    /// let mistakes = Spend::of_rows("spend", &[row], &channels, &settings).unwrap_err();
    /// assert_eq!((mistakes.all[0].line, mistakes.all[0].column), (1, 5));
    /// ```
    pub fn of_rows(
        name: &str,
        rows: &[[Option<&str>; SPEND_COLUMNS.len()]],
        channels: &Channels,
        settings: &Settings,
    ) -> Result<Self, Mistakes> {
        let mut reading = Reading::of(channels, settings);
        for (place, column) in reading.columns.iter_mut().enumerate() {
            *column = Some(place);
        }
        let mut found = Vec::with_capacity(rows.len());
        for (line, row) in (1..).zip(rows) {
            let mut places = 1..;
            let cells = row.map(|cell| {
                let place = places.next()?;
                let text = cell.map(str::trim).filter(|text| !text.is_empty())?;
                Some((place, text))
            });
            found.extend(reading.cells(line, cells));
        }
        reading.end(name, found)
    }
}

/// One row in words.
pub(crate) struct SpendLine<'a> {
    pub(crate) date: Date,
    pub(crate) channel: &'a str,
    pub(crate) filter: Option<&'a str>,
    pub(crate) campaign: &'a str,
    /// As a decimal.
    pub(crate) amount: String,
}

impl Spend {
    /// Every row in the order given, in the words of the channels that it was read with.
    pub(crate) fn listed<'a>(
        &'a self,
        channels: &'a Channels,
        currency: Currency,
    ) -> impl Iterator<Item = SpendLine<'a>> {
        self.rows.iter().map(move |row| SpendLine {
            date: date_of(row.day),
            channel: channels
                .channel_names()
                .nth(usize::from(row.channel))
                .unwrap_or_default(),
            filter: row.filter.map(|filter| channels.filter_name(FilterId(filter))),
            campaign: &row.campaign,
            amount: decimal(row.amount.into(), currency.decimals()),
        })
    }
}

fn line_of(error: &csv::Error) -> u64 {
    error.position().map_or(1, csv::Position::line)
}

struct Reading<'a> {
    channels: &'a Channels,
    currency: Currency,
    /// Where each of [`SPEND_COLUMNS`] stands.
    columns: [Option<usize>; SPEND_COLUMNS.len()],
    width: usize,
    mistakes: Vec<Mistake>,
}

impl<'a> Reading<'a> {
    fn of(channels: &'a Channels, settings: &Settings) -> Self {
        Self {
            channels,
            currency: settings.currency,
            columns: [None; SPEND_COLUMNS.len()],
            width: 0,
            mistakes: Vec::new(),
        }
    }

    /// The rows, unless there was a mistake.
    fn end(self, name: &str, rows: Vec<SpendRow>) -> Result<Spend, Mistakes> {
        if self.mistakes.is_empty() {
            return Ok(Spend { rows });
        }
        Err(Mistakes {
            name: name.to_owned(),
            all: self.mistakes,
        })
    }

    fn mistake(&mut self, line: u64, column: usize, message: impl Into<String>, help: impl Into<String>) {
        self.mistakes.push(Mistake {
            line,
            column: column as u64,
            message: message.into(),
            help: help.into(),
        });
    }

    fn header(&mut self, record: &StringRecord) {
        self.width = record.len();
        for (index, name) in record.iter().enumerate() {
            let found = SPEND_COLUMNS
                .iter()
                .position(|column| column.eq_ignore_ascii_case(name));
            match found {
                None => {
                    let message = format!("there is no column {}", quoted(name));
                    self.mistake(1, index + 1, message, help(name, SPEND_COLUMNS));
                }
                Some(place) if self.columns[place].is_some() => {
                    self.mistake(
                        1,
                        index + 1,
                        format!("the column `{name}` is there twice"),
                        "keep one of the two",
                    );
                }
                Some(place) => self.columns[place] = Some(index),
            }
        }
        let [date, channel, filter, _, spend, _] = self.columns;
        for (is_there, name) in [
            (date.is_some(), "date"),
            (channel.or(filter).is_some(), "channel"),
            (spend.is_some(), "spend"),
        ] {
            if !is_there {
                self.mistake(
                    1,
                    1,
                    format!("the column `{name}` is missing"),
                    "write `date,channel,spend`",
                );
            }
        }
    }

    fn row(&mut self, record: &StringRecord) -> Option<SpendRow> {
        let line = record.position().map_or(1, csv::Position::line);
        if record.len() != self.width {
            let message = format!("the line has {} values", record.len());
            let help = format!(
                "write {} as in the header; put a value with a comma into quotes",
                self.width
            );
            self.mistake(line, 1, message, help);
            return None;
        }
        let cells = self.columns.map(|column| {
            let column = column?;
            let text = record.get(column).filter(|text| !text.is_empty())?;
            Some((column + 1, text))
        });
        self.cells(line, cells)
    }

    fn cells(&mut self, line: u64, cells: Cells<'_>) -> Option<SpendRow> {
        let place = |index: usize| self.columns[index].map_or(1, |column| column + 1);
        let [date, channel, filter, campaign, spend, currency] = cells;
        let (date_place, spend_place, channel_place) = (place(0), place(4), place(1));
        self.currency(line, currency);
        let day = self.day(line, date.unwrap_or((date_place, "")));
        let amount = self.amount(line, spend.unwrap_or((spend_place, "")));
        let (channel, filter) = self.whose(line, channel, filter, channel_place)?;
        Some(SpendRow {
            day: day?,
            channel,
            filter,
            campaign: campaign.map_or("", |(_, text)| text).to_lowercase().into(),
            amount: amount?,
        })
    }

    fn day(&mut self, line: u64, (column, text): (usize, &str)) -> Option<i32> {
        let is_date = text.len() == 10 && text.as_bytes()[4] == b'-';
        let date: Option<Date> = text.parse().ok().filter(|_| is_date);
        if date.is_none() {
            let message = format!("{} is no day", quoted(text));
            self.mistake(line, column, message, "write it as in 2024-01-15");
        }
        date.map(day_number)
    }

    fn amount(&mut self, line: u64, (column, text): (usize, &str)) -> Option<i64> {
        let (currency, decimals) = (self.currency, self.currency.decimals());
        let (what, help) = match minor_units(text, decimals, Rounding::Refused) {
            Ok(amount) if amount >= 0 => return Some(amount),
            Ok(_) => (
                "is negative".to_owned(),
                "spend is what was paid; write refunds as conversions".to_owned(),
            ),
            Err(BadAmount::TooFine) => (
                format!("has more decimals than {currency}"),
                format!("write at most {decimals}"),
            ),
            Err(BadAmount::TooLarge) => ("is too large".to_owned(), "write at most 18 digits".to_owned()),
            Err(BadAmount::NotANumber) => (
                "is no amount".to_owned(),
                "write digits and a point alone, as in 1234.50".to_owned(),
            ),
        };
        self.mistake(line, column, format!("{} {what}", quoted(text)), help);
        None
    }

    fn currency(&mut self, line: u64, cell: Option<(usize, &str)>) {
        let Some((column, text)) = cell else { return };
        let ours = self.currency;
        match text.parse::<Currency>() {
            Ok(currency) if currency == ours => {}
            Ok(other) => {
                let help = format!("write the amount in {ours}, or ask for a report in {other}: nothing is converted");
                self.mistake(
                    line,
                    column,
                    format!("the spend is in {other} and the report in {ours}"),
                    help,
                );
            }
            Err(_) => {
                let message = format!("{} is no currency", quoted(text));
                self.mistake(line, column, message, format!("write its three letters, as in {ours}"));
            }
        }
    }

    /// The channel and the filter that a row names.
    fn whose(
        &mut self,
        line: u64,
        channel: Option<(usize, &str)>,
        filter: Option<(usize, &str)>,
        channel_place: usize,
    ) -> Option<(u16, Option<u16>)> {
        let channels = self.channels;
        let named_channel = match channel {
            None => None,
            Some((column, name)) => {
                let place = channels.channel_names().position(|known| same(known, name));
                if place.is_none() {
                    let message = format!("there is no channel {}", quoted(name));
                    self.mistake(line, column, message, help(name, channels.channel_names()));
                    return None;
                }
                place.map(|place| u16::try_from(place).unwrap_or(u16::MAX))
            }
        };
        let Some((column, name)) = filter else {
            if named_channel.is_none() {
                self.mistake(
                    line,
                    channel_place,
                    "the line names no channel",
                    "name a channel or a filter",
                );
            }
            return named_channel.map(|channel| (channel, None));
        };
        let is_there = |filter: &FilterId| named_channel.is_none_or(|channel| channels.channel(*filter) == channel);
        let candidates = || channels.filters().filter(is_there);
        let named: Vec<FilterId> = candidates()
            .filter(|filter| same(channels.filter_name(*filter), name))
            .collect();
        match *named {
            [filter] => Some((channels.channel(filter), Some(filter.0))),
            [] => {
                let legal = candidates().map(|filter| channels.filter_name(filter));
                self.mistake(
                    line,
                    column,
                    format!("there is no filter {} there", quoted(name)),
                    help(name, legal),
                );
                None
            }
            _ => {
                let message = format!("several channels have a filter {}", quoted(name));
                self.mistake(line, column, message, "name the channel, too");
                None
            }
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::channels::Preset;

    fn read(text: &str) -> Result<Spend, String> {
        let channels = Channels::preset(Preset::Attribution);
        Spend::parse("spend.csv", text, &channels, &Settings::default()).map_err(|mistakes| mistakes.to_string())
    }

    #[test]
    fn rows_name_a_channel_or_a_filter() {
        let text = "\u{feff}Date,Channel,Filter,Campaign,Spend,Currency\n\
                    2024-01-15,google ads,,Spring,1.50,usd\n2024-01-16,,Facebook auto-tag,,2,\n";
        let rows = read(text).unwrap().rows;
        assert_eq!(
            (rows[0].amount, rows[0].filter, &*rows[0].campaign),
            (150, None, "spring")
        );
        assert_eq!((rows[1].amount, rows[1].channel, rows[1].filter), (200, 1, Some(2)));
        assert_eq!(rows[1].day, rows[0].day + 1);
    }

    #[test]
    fn every_mistake_is_told_and_nothing_is_half_read() {
        let text = "date,channel,filter,spend,currency\n\
                    2024-13-01,Google Ads,,1,USD\n\
                    2024-01-15,Gogle Ads,,1,USD\n\
                    2024-01-15,Google Ads,,-1,USD\n\
                    2024-01-15,Google Ads,,1.999,EUR\n\
                    2024-01-15,Google Ads,Facebook auto-tag,1,dollars\n\
                    2024-01-15,,,\"1,000\",\n\
                    2024-01-15,Google Ads\n";
        let expected = "\
spend.csv:2:1: `2024-13-01` is no day; write it as in 2024-01-15
spend.csv:3:2: there is no channel `Gogle Ads`; did you mean `Google Ads`?
spend.csv:4:4: `-1` is negative; spend is what was paid; write refunds as conversions
spend.csv:5:5: the spend is in EUR and the report in USD; write the amount in USD, or ask for a report in EUR: nothing is converted
spend.csv:5:4: `1.999` has more decimals than USD; write at most 2
spend.csv:6:5: `dollars` is no currency; write its three letters, as in USD
spend.csv:6:3: there is no filter `Facebook auto-tag` there; write one of `Google auto-tag`, `Google by utm_source`
spend.csv:7:4: `1,000` is no amount; write digits and a point alone, as in 1234.50
spend.csv:7:2: the line names no channel; name a channel or a filter
spend.csv:8:1: the line has 2 values; write 5 as in the header; put a value with a comma into quotes";
        assert_eq!(read(text).unwrap_err(), expected);
    }

    #[test]
    fn a_header_is_read_before_anything_else() {
        let error = read("day,chanel,spend,spend\nx,y\n").unwrap_err();
        let expected = "\
spend.csv:1:1: there is no column `day`; write one of `date`, `channel`, `filter`, `campaign`, `spend`, `currency`
spend.csv:1:2: there is no column `chanel`; did you mean `channel`?
spend.csv:1:4: the column `spend` is there twice; keep one of the two
spend.csv:1:1: the column `date` is missing; write `date,channel,spend`
spend.csv:1:1: the column `channel` is missing; write `date,channel,spend`";
        assert_eq!(error, expected);
        assert!(read("").unwrap_err().contains("there is no header"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn no_text_makes_it_panic(text in "(date,channel,spend\n)?[a-z0-9,\"\n\r;. -]{0,60}") {
            let _ = read(&text);
        }
    }
}
