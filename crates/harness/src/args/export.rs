//! `harness export`.

use std::path::PathBuf;

use attribution_report::ExportFormat;
use attribution_report::money::Currency;
use clap::{Args, ValueEnum};

use super::{ChannelChoice, RecordArgs};

const EXAMPLES: &str = "\
Examples:
  harness export http://127.0.0.1:7070 --to export/
  harness export journal.ndjson --to export/ --format ndjson
  harness export journal.ndjson --to export/ --spend spend.csv --force
  duckdb -c \"SELECT channel, count(*) FROM 'export/visits.csv' GROUP BY channel\"

It writes visitors, visits and events, and with --spend the spend. No model is applied. Columns are
called as in Attribution's own export where it has them; times are RFC 3339 in UTC.

Exit codes: 0 written, 2 the journal, the channels, the spend or usage is invalid or a file is there
already, 3 it could not run.";

/// `harness export`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    /// Where the record is, and whose.
    #[command(flatten)]
    pub source: RecordArgs,
    /// The folder to write into; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// As what the files are written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: FileFormat,
    /// Which channels there are; each visit is written with its own.
    #[command(flatten)]
    pub channels: ChannelChoice,
    /// What advertising cost, as CSV; it is checked and written too.
    #[arg(long, value_name = "FILE")]
    pub spend: Option<PathBuf>,
    /// The currency of the spend.
    #[arg(long, value_name = "CODE", default_value = "USD")]
    pub currency: Currency,
    /// Replace files that are there already.
    #[arg(long)]
    pub force: bool,
}

/// As what files are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// With a header.
    #[default]
    Csv,
    /// One JSON object a row.
    Ndjson,
}

impl From<FileFormat> for ExportFormat {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Csv => Self::Csv,
            FileFormat::Ndjson => Self::Ndjson,
        }
    }
}
