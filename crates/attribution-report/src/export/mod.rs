//! The raw record as tables, for a database: no model is applied to it.
//!
//! Columns are called as in the vendor's export schema (docs.attributionapp.com, export data schema) where it has them:
//! `events` with `id`, `name`, `ip`, `created_at`, `time`, `user_id`, `browser_id`, `referring_url`, `referring_host` and
//! `uri`. There is no `project_id`, which is a secret. What the vendor keeps in tables of their own, parameters and
//! properties, is one column of JSON here.
//!
//! - [`Export`]: the record, and each table written out.
//! - `events`, `visits`, `visitors`, `spend`: one file per table.
//! - `rows`: rows of cells as CSV or as JSON.

mod events;
mod record;
mod rows;
mod spend;
mod visitors;
mod visits;

use std::io;
use std::io::Write;

pub use rows::ExportFormat;

use crate::channels::Channels;
use crate::money::Currency;
use crate::record::{Received, RowsError};
use crate::report::Spend;
use events::Event;
use record::ExportRecord;
use rows::RowWriter;

/// One table of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTable {
    /// Who there is, by the time they were first seen.
    Visitors,
    /// Sessions of page views, by the time they began.
    Visits,
    /// Page views and everything else that was done, in the order of arrival.
    Events,
    /// What advertising cost, in the order given.
    Spend,
}

impl ExportTable {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Visitors, Self::Visits, Self::Events, Self::Spend];

    /// Its name: `visitors`, `visits`, `events` or `spend`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visitors => "visitors",
            Self::Visits => "visits",
            Self::Events => "events",
            Self::Spend => "spend",
        }
    }
}

/// A record that can be written out, table by table.
///
/// ```
/// use attribution_report::record::Received;
/// use attribution_report::{Channels, Export, ExportFormat, ExportTable, Preset, Settings, Spend};
///
/// let record = br#"{"visitors": [], "page_views": [], "identities": [], "conversions": [], "visits": [
///     {"visitor": "ada", "started_at": "2024-01-15T10:00:00Z", "ended_at": "2024-01-15T10:00:00Z", "page_views": 1,
///      "url": "https://a.example/?gclid=1", "gclid": "1", "request": 1}
/// ]}"#;
/// let channels = Channels::preset(Preset::default());
/// let export = Export::new(record, &Received::default())?;
/// let mut text = Vec::new();
/// export.visits(&channels, ExportFormat::Csv, &mut text)?;
/// assert!(String::from_utf8(text)?.ends_with(",Google Ads,Google auto-tag\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Export {
    record: ExportRecord,
    events: Vec<Event>,
}

impl Export {
    /// Reads the JSON of an `attribution_ledger::AttributionReport`, which is what `/__admin/report` answers, and looks up in
    /// the requests what it doesn't tell: addresses, cookies, times of receipt, and the properties of pages.
    ///
    /// # Errors
    ///
    /// When it is not that; the error says where.
    pub fn new(json: &[u8], received: &Received) -> Result<Self, RowsError> {
        let record: ExportRecord = serde_json::from_slice(json).map_err(RowsError)?;
        let events = events::events(&record, received);
        Ok(Self { record, events })
    }

    /// How many requests the record has forgotten, so that nothing of them is in it.
    pub fn dropped(&self) -> Option<u64> {
        self.record.dropped
    }

    /// Writes who there is.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn visitors(&self, format: ExportFormat, out: impl Write) -> io::Result<()> {
        visitors::write(&self.record, &mut RowWriter::new(format, out, &visitors::COLUMNS)?)
    }

    /// Writes the visits, each with the channel and the filter that it belongs to.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn visits(&self, channels: &Channels, format: ExportFormat, out: impl Write) -> io::Result<()> {
        let mut rows = RowWriter::new(format, out, &visits::COLUMNS)?;
        visits::write(&self.record, &self.events, channels, &mut rows)
    }

    /// Writes the events.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn events(&self, format: ExportFormat, out: impl Write) -> io::Result<()> {
        events::write(
            &self.record,
            &self.events,
            &mut RowWriter::new(format, out, &events::COLUMNS)?,
        )
    }

    /// Writes what was spent, which the record doesn't tell.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn spend(
        spend: &Spend,
        channels: &Channels,
        currency: Currency,
        format: ExportFormat,
        out: impl Write,
    ) -> io::Result<()> {
        let mut rows = RowWriter::new(format, out, &spend::COLUMNS)?;
        spend::write(spend, channels, currency, &mut rows)
    }
}
