use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::{DestinationArgs, Format, RuleArgs};

const EXAMPLES: &str = "\
Examples:
  harness lint events.ndjson                      what is wrong with recorded events, with counts and examples
  producer | harness lint --deny-warnings         in CI: exit code 1 for a warning, too
  harness lint events.ndjson --rule ATT015=off    not a word of missing timestamps

Nothing is sent. What a code that begins with ATT means is told by `harness explain CODE`.

Exit codes: 0 no errors, 1 Attribution would refuse an event (with --deny-warnings also: a warning),
2 an event is invalid, 3 it could not run.";

/// `harness lint`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct LintArgs {
    /// Segment events, one JSON object a line; `-` or nothing reads standard input.
    pub file: Option<PathBuf>,
    /// How the destination is set up.
    #[command(flatten)]
    pub destination: DestinationArgs,
    /// When events are received that say neither receivedAt nor sentAt [default: the current time].
    #[arg(long, value_name = "RFC3339")]
    pub now: Option<Timestamp>,
    /// What is made of broken rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// End with exit code 1 where there is a warning, too.
    #[arg(long)]
    pub deny_warnings: bool,
    /// What standard output says; in JSON, one object.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
