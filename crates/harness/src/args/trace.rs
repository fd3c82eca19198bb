//! `harness trace`.

use attribution_report::Model;
use attribution_report::money::Currency;
use clap::Args;
use jiff::SignedDuration;

use super::report::{direct, look_back};
use super::{ChannelChoice, Format, RecordArgs};

const EXAMPLES: &str = "\
Examples:
  harness trace user-1 http://127.0.0.1:7070
  harness trace anon-1 journal.ndjson --model first-touch --model linear

Exit codes: 0 shown, 1 nobody has that id, 2 the journal, the channels or usage is invalid, 3 it could
not run.";

/// `harness trace`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct TraceArgs {
    /// A user id or a cookie of the person.
    pub id: String,
    /// Where the record is, and whose.
    #[command(flatten)]
    pub source: RecordArgs,
    /// Which channels there are.
    #[command(flatten)]
    pub channels: ChannelChoice,
    /// How a conversion is divided among the visits before it. Can be given several times.
    #[arg(long, value_name = "MODEL", default_value = "linear")]
    pub model: Vec<Model>,
    /// The currency of revenue that says none. Nothing is converted.
    #[arg(long, value_name = "CODE", default_value = "USD")]
    pub currency: Currency,
    /// So long before a conversion a visit can get credit for it.
    #[arg(long, value_name = "PERIOD", default_value = "90d", value_parser = look_back)]
    pub look_back: SignedDuration,
    /// Whether direct visits get credit: include, exclude, or exclude-after:EVENT.
    #[arg(long, value_name = "HOW", default_value = "include", value_parser = direct)]
    pub direct: attribution_report::Direct,
    /// Only these events are conversions [default: all that aren't page views]. Can be given several times.
    #[arg(long, value_name = "NAME")]
    pub event: Vec<String>,
    /// What standard output says.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
