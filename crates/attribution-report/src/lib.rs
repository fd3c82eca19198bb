//! What Attribution makes of the record: which channel a visit belongs to, how much of a conversion each visit gets, what
//! that cost, and one person's path. Pure: text in, data out.
//!
//! It stands behind the ledger, whose visits, conversions and identities it reads, as they are or as the JSON that a server
//! answers with.
//!
//! ```text
//!  visits, conversions ──▶ classify ──▶ Facts ──▶ divide by each model ──▶ Report, Cohorts, Trace ──▶ Table
//!        channels.yaml ──────┘            spend.csv ────────────────────────┘
//! ```
//!
//! ```
//! use attribution_report::record::{FactsBuilder, Rows};
//! use attribution_report::{Channels, Preset, Report, Settings, Spend};
//!
//! let record = br#"{
//!     "visits": [
//!         {"visitor": "ada", "started_at": "2024-01-15T10:00:00Z", "url": "https://a.example/?utm_source=google"},
//!         {"visitor": "ada", "started_at": "2024-01-16T10:00:00Z", "url": "https://a.example/"}
//!     ],
//!     "conversions": [{"visitor": "ada", "at": "2024-01-16T10:05:00Z", "event": "Order", "revenue": 99.99}]
//! }"#;
//! let (channels, settings) = (Channels::preset(Preset::default()), Settings::default());
//! let mut facts = FactsBuilder::new(&channels, &settings);
//! Rows::parse(record)?.fill(&mut facts, false);
//! let report = Report::new(&facts.finish(), &Spend::default(), &channels, &settings);
//! let revenue: Vec<i128> = report.rows.iter().map(|row| row.figures.models[0].revenue).collect();
//! assert_eq!(revenue, [5000, 4999], "not a cent is lost");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`channels`]: filters, the vendor's rules, presets, and why a visit belongs where it does.
//! - [`money`]: minor units, and dividing them.
//! - [`model`]: what each visit of a path is worth.
//! - [`record`]: from rows to facts in little room.
//! - [`report`]: rows of figures, cohorts, spend, tables.
//! - [`export`]: the raw record as tables for a database.
//!
//! # Architecture invariants
//!
//! - No clock, no randomness, no files, no network, and nothing of the command line.
//! - Money and credit are whole numbers from the first digit to the last: what is divided always adds up.
//! - No order of arrival changes a report, and no hash map is iterated for one.
//! - No text makes it panic, and a text with a mistake is not used at all.

pub mod channels;
pub mod export;
mod mistake;
pub mod model;
pub mod money;
mod period;
pub mod record;
pub mod report;

pub use channels::{BuiltIn, Channels, Classifier, Explained, Preset, UnknownPreset};
pub use export::{Export, ExportFormat, ExportTable};
pub use mistake::{Mistake, Mistakes};
pub use model::{BadModel, Model};
pub use period::{NO_PERIOD, period};
pub use report::{
    BadBooked, BadDirect, BadOffset, Booked, Cell, Cohorts, Dimension, Direct, Figures, Group, LiveReport, Plan,
    Report, Row, SPEND_COLUMNS, Settings, Spend, Table, Trace, UnknownDimension, UtcOffset,
};

/// What the channel of conversions is called that no visit gets credit for.
pub const UNATTRIBUTED: &str = "unattributed";
