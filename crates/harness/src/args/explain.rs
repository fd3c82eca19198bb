use clap::Args;
use jiff::Timestamp;

use super::{DestinationArgs, Format, RuleArgs};

const EXAMPLES: &str = "\
Examples:
  harness explain event.json              what each stage makes of an event, and why
  pbpaste | harness explain -             the same, of what is on standard input
  harness explain events.ndjson --dialect import --format json
  harness explain 7f3a-1 --server http://127.0.0.1:7071     what became of a message on that server
  harness explain                         every validation rule
  harness explain ATT012                  what a rule looks at, why, and what to do about it
  harness explain page-without-url        the same, by its name

Several events are walked one after the other, so what one makes of the next is seen. Nothing is sent
anywhere: they go to a double in memory.

With --server, the argument is always the messageId of an event that a running `harness serve --source`
received, whether it took that or not; `harness tail --format json` shows the ids. The event is walked
here with the options given, and beside that stands what became of it there, and where the two differ.

Exit codes: 0 explained, 1 Attribution would refuse an event, 2 an event is invalid or no message has
the id, 3 it could not run or the server can't be asked.";

/// `harness explain`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// A validation rule's id or name, in any letter case; or a file of Segment events in JSON, `-` for standard input;
    /// nothing lists every rule. With --server, a message id.
    #[arg(value_name = "RULE|FILE|ID")]
    pub what: Option<String>,
    /// Explain the message with this id that the Tracking API at this address received: the second address that
    /// `harness serve --source` prints.
    #[arg(long, value_name = "URL", requires = "what")]
    pub server: Option<String>,
    /// How the destination is set up.
    #[command(flatten)]
    pub destination: DestinationArgs,
    /// When events are received, which is the timestamp of those that have none [default: the current time; with --server,
    /// when it was received there].
    #[arg(long, value_name = "RFC3339")]
    pub now: Option<Timestamp>,
    /// What is made of broken rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// What standard output says; in JSON, one event or one rule a line.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
