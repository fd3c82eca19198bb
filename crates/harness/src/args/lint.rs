use std::path::PathBuf;

use attribution_destination::{Dialect, PreviousId};
use attribution_mock::rules::{Level, Rule};
use clap::Args;
use jiff::Timestamp;

use super::Format;
use super::values::rule_level;

const EXAMPLES: &str = "\
Examples:
  harness lint events.ndjson                      what is wrong with recorded events, with counts and examples
  producer | harness lint --deny-warnings         in CI: exit code 1 for whatever is found
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
    /// The wire format: classic, actions or import.
    #[arg(long, default_value = "classic", value_name = "NAME")]
    pub dialect: Dialect,
    /// For --dialect actions: whether an alias says which id is merged (mapped), or as the default preset of Segment's
    /// destination has it does not (preset).
    #[arg(long, default_value = "mapped", value_name = "HOW")]
    pub previous_id: PreviousId,
    /// For --dialect classic: send screen calls too.
    #[arg(long)]
    pub screens: bool,
    /// When events are received that say neither receivedAt nor sentAt [default: the current time].
    #[arg(long, value_name = "RFC3339")]
    pub now: Option<Timestamp>,
    /// What is made of a broken rule, by its id or name: off, warn or deny. Can be given several times; of one rule, the
    /// last holds.
    #[arg(long = "rule", value_name = "RULE=LEVEL", value_parser = rule_level)]
    pub rules: Vec<(&'static Rule, Level)>,
    /// End with exit code 1 where there is a warning, too.
    #[arg(long)]
    pub deny_warnings: bool,
    /// What standard output says; in JSON, one object.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
