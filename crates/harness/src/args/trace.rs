//! `harness trace`.

use clap::Args;

use super::{ChannelChoice, CreditArgs, Format, RecordArgs};

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
    /// How credit is given.
    #[command(flatten)]
    pub credit: CreditArgs,
    /// What standard output says.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
