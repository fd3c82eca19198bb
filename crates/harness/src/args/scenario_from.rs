//! `harness scenario-from`

use std::path::PathBuf;

use clap::Args;

use super::DestinationArgs;

const EXAMPLES: &str = "\
Examples:
  harness scenario-from events.ndjson                     on standard output
  harness scenario-from events.ndjson -o checkout.yaml    as a file, never in place of one that is there
  harness scenario-from journal.ndjson -o replayed.yaml   what a server has received

The input is Segment events, one JSON object a line, or the journal of `harness serve --journal`, whose
requests are turned back into the calls that make them. What is set up otherwise than by default must
be said here too: --dialect import for a journal of import requests. More than 200 events of a file
that lies beside the scenario, or below it, stay there, and the scenario names it.

Exit codes: 0 written, 2 an event or the journal is invalid, 3 it could not run.";

/// `harness scenario-from`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ScenarioFromArgs {
    /// Segment events or a journal, one JSON object a line; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write the scenario here instead of on standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace what is there already.
    #[arg(long, requires = "output")]
    pub force: bool,
    /// What the scenario is called [default: after the file].
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Of a journal: the project [default: the only one there is].
    #[arg(long, env = "ATTRIBUTION_PROJECT_ID", hide_env_values = true, value_name = "ID")]
    pub project_id: Option<String>,
    /// Of a journal: the namespace of the project [default: the project itself].
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// How the destination is set up.
    #[command(flatten)]
    pub destination: DestinationArgs,
}
