//! `harness report` and `harness channels`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use attribution_report::money::Currency;
use attribution_report::{Booked, Dimension, Model, Preset, UtcOffset};
use clap::{Args, Subcommand, ValueEnum};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::Format;

const REPORT_EXAMPLES: &str = "\
Examples:
  harness report http://127.0.0.1:7070
  harness report journal.ndjson --model linear --model time-decay:14d --model position:30/5/30/5/30
  harness report journal.ndjson --by channel,campaign,day --spend spend.csv --format csv
  harness report journal.ndjson --preset analytics --direct exclude --event 'Order Completed'
  harness report journal.ndjson --cohort 7 --spend spend.csv
  harness report journal.ndjson --by day --utc-offset +02:00

Models: first-touch, last-touch, last-non-direct, linear, time-decay[:7d], position[:40/20/40], markov.
The spend is CSV: date,channel,filter,campaign,spend,currency, of which date, spend and channel or
filter must be there.

Exit codes: 0 reported, 2 the journal, the channels, the spend or usage is invalid, 3 it could not run.";

/// `harness report`
#[derive(Args, Debug)]
#[command(after_help = REPORT_EXAMPLES)]
pub struct ReportArgs {
    /// Where the record is, and whose.
    #[command(flatten)]
    pub source: RecordArgs,
    /// Which channels there are.
    #[command(flatten)]
    pub channels: ChannelChoice,
    /// How credit is given.
    #[command(flatten)]
    pub credit: CreditArgs,
    /// What there is a row for: channel, filter, campaign and day, of these as many as wanted.
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "channel")]
    pub by: Vec<Dimension>,
    /// What advertising cost, as CSV.
    #[arg(long, value_name = "FILE")]
    pub spend: Option<PathBuf>,
    /// On which day credit is booked: on that of the visit, beside its spend, or on that of the conversion.
    #[arg(long, value_name = "DAY", default_value_t)]
    pub booked: Booked,
    /// How much earlier days begin than those of UTC, all year round: the offset of the time zone that the project's
    /// dashboard has its days in.
    #[arg(long, value_name = "OFFSET", default_value_t, allow_hyphen_values = true)]
    pub utc_offset: UtcOffset,
    /// The first day that counts.
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// The last day that counts.
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Count everyone whose trait companyId is the same as one visitor.
    #[arg(long)]
    pub company: bool,
    /// Instead: each day's spend against the revenue of that day's visits until D1, D2 and so on. By the first model.
    #[arg(long, value_name = "DAYS", conflicts_with_all = ["by", "booked"])]
    pub cohort: Option<NonZeroUsize>,
    /// Show what a server received since then too, where it was started with --dashboard-delay: without this, only what the
    /// dashboard would show there now.
    #[arg(long)]
    pub no_delay: bool,
    /// What standard output says.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: TableFormat,
}

/// How credit is given.
#[derive(Args, Debug)]
pub struct CreditArgs {
    /// How a conversion is divided among the visits before it. Can be given several times.
    #[arg(long, value_name = "MODEL", default_value = "linear")]
    pub model: Vec<Model>,
    /// The currency of the report, and of revenue that says none. Nothing is converted.
    #[arg(long, value_name = "CODE", default_value = "USD")]
    pub currency: Currency,
    /// So long before a conversion a visit can get credit for it.
    #[arg(long, value_name = "PERIOD", default_value = "90d", value_parser = look_back)]
    pub look_back: SignedDuration,
    /// Whether direct visits get credit: include, exclude, or exclude-after:EVENT for those after a person's first such
    /// event.
    #[arg(long, value_name = "HOW", default_value = "include")]
    pub direct: attribution_report::Direct,
    /// Only these events are conversions [default: all that aren't page views]. Can be given several times.
    #[arg(long, value_name = "NAME")]
    pub event: Vec<String>,
}

/// Where a record is, and whose.
#[derive(Args, Debug)]
pub struct RecordArgs {
    /// A running `harness serve` as `http://HOST:PORT`, or the file of a `harness serve --journal`.
    #[arg(value_name = "URL|FILE")]
    pub source: String,
    /// The project [default: the only one there is].
    #[arg(long, env = "ATTRIBUTION_PROJECT_ID", hide_env_values = true, value_name = "ID")]
    pub project_id: Option<String>,
    /// The namespace of the project [default: the project itself].
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// Trust the certificates in this PEM file too, besides the system's roots.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
}

/// Which channels there are.
#[derive(Args, Debug)]
pub struct ChannelChoice {
    /// Channels and their filters, in YAML.
    #[arg(long, value_name = "FILE", conflicts_with = "preset")]
    pub channels: Option<PathBuf>,
    /// Channels that come along: attribution, as its dashboard has them, or analytics, as analytics tools group.
    #[arg(long, value_name = "NAME", default_value_t)]
    pub preset: Preset,
}

/// `harness channels`
#[derive(Args, Debug)]
pub struct ChannelsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ChannelsCommand,
}

/// What to do with channels.
#[derive(Debug, Subcommand)]
pub enum ChannelsCommand {
    /// Say which filter a visit belongs to, why, and which others came close.
    Explain(ChannelsExplainArgs),
    /// Print a preset as a channels.yaml to begin one's own with.
    Show(ChannelsShowArgs),
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  harness channels explain 'https://shop.example/?utm_source=google&utm_medium=cpc'
  harness channels explain https://shop.example/ --referrer https://www.google.com/ --preset analytics
  harness channels explain https://shop.example/ --channels channels.yaml";

/// `harness channels explain`
#[derive(Args, Debug)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub struct ChannelsExplainArgs {
    /// The landing url; an empty one is none.
    pub url: String,
    /// The landing page's referrer.
    #[arg(long, value_name = "URL")]
    pub referrer: Option<String>,
    /// Which channels there are.
    #[command(flatten)]
    pub channels: ChannelChoice,
    /// What standard output says.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// `harness channels show`
#[derive(Args, Debug)]
pub struct ChannelsShowArgs {
    /// The preset.
    #[arg(default_value_t)]
    pub preset: Preset,
}

/// What a table is shown as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Aligned, for people.
    #[default]
    Table,
    /// For a spreadsheet.
    Csv,
    /// One JSON object.
    Json,
    /// One JSON object a row.
    Ndjson,
    /// For a document.
    Markdown,
}

fn look_back(text: &str) -> Result<SignedDuration, String> {
    attribution_report::period(text).ok_or_else(|| attribution_report::NO_PERIOD.to_owned())
}
