//! What can be typed.

mod choice;
mod conformance;
mod destination;
mod explain;
mod export;
mod lint;
mod replay;
mod report;
mod run;
mod scenario_from;
mod sdk;
mod serve;
mod source;
mod tail;
mod tidy;
mod trace;
pub(crate) mod usage;
mod values;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clock::Seed;
use jiff::Timestamp;

pub use self::choice::{Filter, Shard, TagRule};
pub use self::conformance::ConformanceArgs;
pub use self::destination::{DestinationArgs, RuleArgs};
pub use self::explain::ExplainArgs;
pub use self::export::{ExportArgs, FileFormat};
pub use self::lint::LintArgs;
pub use self::replay::ReplayArgs;
pub use self::report::{
    ChannelChoice, ChannelsArgs, ChannelsCommand, ChannelsExplainArgs, CreditArgs, RecordArgs, ReportArgs, TableFormat,
};
pub use self::run::{CheckArgs, RunArgs, RunReportArgs, SelectionArgs};
pub use self::scenario_from::ScenarioFromArgs;
pub use self::sdk::{SdkArgs, SuiteName};
pub use self::serve::{ServeArgs, WaitArgs};
pub use self::source::TrackingApiArgs;
pub use self::tail::TailArgs;
pub use self::tidy::FmtArgs;
pub use self::trace::TraceArgs;
use self::values::duration;

const EXAMPLES: &str = "\
Examples:
  harness run fixtures/scenarios/passing        play every scenario below a folder
  harness run checkout.yaml --live              the same over sockets, in real time
  harness replay bundles/checkout-0             a failure that was kept, bit for bit
  harness check scenarios/                      find mistakes without running
  harness fmt scenarios/                        tidy the files, comments and all
  harness explain event.json                    what becomes of an event, and why
  harness lint events.ndjson                    what is wrong with recorded events
  harness explain page-without-url              what a validation rule means
  harness serve --project-id demo-project       a local track.attributionapp.com
  harness conformance --target URL              how another server differs from it
  harness sdk --cli 'node e2e-cli.js'           whether a Segment SDK sends and retries as it should
  harness map events.ndjson --project-id demo   what would be sent, without sending
  harness send events.ndjson --to URL           send it, and say what became of each
  harness wait http://127.0.0.1:7070            until a server is up
  harness scenario-from events.ndjson           a scenario of recorded events, to trim
  harness init                                  a scenario and a CI workflow to begin with
  harness tail http://127.0.0.1:7071 --follow   each event of a serve --source, and how far it came
  harness report http://127.0.0.1:7070          which channel the revenue is credited to
  harness trace user-1 http://127.0.0.1:7070    one person's path, and who got the credit
  harness export http://127.0.0.1:7070 --to DIR the raw record as CSV, for a database

Exit codes: 0 passed, 1 an expectation failed, an event did not arrive, a server differs or a wait
ran out, 2 the input is invalid, 3 it could not run.";

/// Test Segment's Attribution destination without the vendor: real mapping, real sender, local double.
#[derive(Debug, Parser)]
#[command(name = "harness", version, after_help = EXAMPLES, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play scenarios and report which expectations held.
    Run(RunArgs),
    /// Play a failure bundle of `harness run --bundle` again, and hold what happens against what was kept.
    Replay(ReplayArgs),
    /// Find the mistakes in scenarios without playing them.
    Check(CheckArgs),
    /// Tidy scenario files: indents, spaces and lines; comments stay.
    Fmt(FmtArgs),
    /// Print the scenario language as a JSON Schema, for editors.
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema,
    /// Walk Segment events through every stage and say what each makes of them; or show what a validation rule is about.
    Explain(ExplainArgs),
    /// Find what is wrong or looks unintended in recorded Segment events, with counts and examples.
    Lint(LintArgs),
    /// Serve a double of track.attributionapp.com that records, validates and can be asked.
    Serve(ServeArgs),
    /// Play golden requests against any server and compare its answers with the double's.
    Conformance(ConformanceArgs),
    /// Drive a Segment SDK through its e2e-cli against our Tracking API and judge what arrives.
    Sdk(SdkArgs),
    /// Show which request each Segment event becomes, without sending it.
    Map(MapArgs),
    /// Send Segment events by the real sender, with its order and retries, and say what became of each.
    Send(SendArgs),
    /// Wait until a server is up.
    Wait(WaitArgs),
    /// Write a starter folder: a scenario that passes, and a workflow that plays it in CI.
    Init(InitArgs),
    /// Print the completions of a shell.
    Completions(CompletionsArgs),
    /// Show the events of a `harness serve --source`, a line each, and how far each came.
    Tail(TailArgs),
    /// Show what each channel cost and brought in, by one or several attribution models.
    Report(ReportArgs),
    /// Show one person's path under all their ids, and the credit that each visit got.
    Trace(TraceArgs),
    /// Make a scenario of recorded events, which expects what comes of them.
    ScenarioFrom(ScenarioFromArgs),
    /// Write visitors, visits, events and spend as CSV or NDJSON, for a database.
    Export(ExportArgs),
    /// Say to which channel a visit belongs, and why.
    Channels(ChannelsArgs),
}

/// What standard output says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

const SCHEMA_EXAMPLES: &str = "\
Example:
  harness schema > scenario.schema.json

An editor that knows YAML checks and completes a scenario whose first line is
  # yaml-language-server: $schema=scenario.schema.json";

const MAP_EXAMPLES: &str = "\
Examples:
  echo '{\"type\":\"track\",\"userId\":\"user-1\",\"event\":\"sign up\"}' | harness map --project-id demo
  harness map events.ndjson --project-id demo > requests.ndjson
  harness map events.ndjson --project-id demo --dialect actions

In the dialects actions and import, whose requests carry a messageId, an event without one is shown
with an id made of its line's number, such as msg-0001: Segment assigns one before it maps.";

/// `harness map`
#[derive(Args, Debug)]
#[command(after_help = MAP_EXAMPLES)]
pub struct MapArgs {
    /// Segment events, one JSON object a line; `-` or nothing reads standard input.
    pub file: Option<PathBuf>,
    /// The Attribution project id that the requests authenticate with.
    #[arg(long, env = "ATTRIBUTION_PROJECT_ID", hide_env_values = true, value_name = "ID")]
    pub project_id: Option<String>,
    /// How the destination is set up.
    #[command(flatten)]
    pub destination: DestinationArgs,
    /// The timestamp of an event that has none [default: the current time]. The import dialect sends none then.
    #[arg(long, value_name = "RFC3339")]
    pub now: Option<Timestamp>,
    /// Skip Segment's ingest, its checks and the messageId that it assigns, so that only the mapping itself can refuse
    /// an event.
    #[arg(long)]
    pub no_ingest: bool,
    /// Show the Authorization header instead of `[redacted]`.
    #[arg(long)]
    pub show_secrets: bool,
    /// How many threads map side by side [default: the number of cores].
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

const SEND_EXAMPLES: &str = "\
Examples:
  harness serve --project-id demo-project &
  harness send events.ndjson --project-id demo-project --to http://127.0.0.1:7070
  harness send events.ndjson --to https://track.attributionapp.com --dead-letters dead.ndjson
  harness send dead.ndjson --to https://track.attributionapp.com    what did not arrive, once more
  producer | harness send --to http://127.0.0.1:7070 --retry-window 1m
  producer | harness send --to http://127.0.0.1:7070 --spool spool/      survives kill -9
  harness send --to http://127.0.0.1:7070 --spool spool/ </dev/null      what was left in it

Standard output has one line per event, in the order of the input. Ctrl-C stops reading and waits
for what is under way; a second one gives that up.

Exit codes: 0 everything was delivered or skipped, 1 something was rejected, expired, interrupted
or not read, 2 a line is invalid, 3 it could not run.";

/// `harness send`
#[derive(Args, Debug)]
#[command(after_help = SEND_EXAMPLES)]
pub struct SendArgs {
    /// Segment events, one JSON object a line; `-` or nothing reads standard input.
    pub file: Option<PathBuf>,
    /// Where to send: `harness serve` or another server; for real, `https://track.attributionapp.com`. Through the
    /// proxy that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` names, unless `NO_PROXY` lists the host.
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// The Attribution project id that the requests authenticate with.
    #[arg(long, env = "ATTRIBUTION_PROJECT_ID", hide_env_values = true, value_name = "ID")]
    pub project_id: Option<String>,
    /// How the destination is set up.
    #[command(flatten)]
    pub destination: DestinationArgs,
    /// Skip Segment's ingest checks, so that only the mapping itself can refuse an event.
    #[arg(long)]
    pub no_ingest: bool,
    /// Append every event that was rejected, expired or interrupted, one a line, to be sent again.
    #[arg(long, value_name = "FILE")]
    pub dead_letters: Option<PathBuf>,
    /// For how long after its first attempt an event is tried again; 0s tries once.
    #[arg(long, default_value = "4h", value_name = "DURATION", value_parser = duration)]
    pub retry_window: Duration,
    /// How long an answer may take [default: 5s, for --dialect actions 10s].
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// How many requests may be in flight at once. One visitor's events are never sent at once.
    #[arg(long, default_value_t = 64, value_name = "N")]
    pub concurrency: usize,
    /// How many requests may begin a second, retries included [default: no limit].
    #[arg(long, value_name = "PER_SECOND")]
    pub rate: Option<f64>,
    /// For --dialect import: how many events share a request. One that is refused is sent again in halves, so that no
    /// event pays for its neighbour.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub batch: usize,
    /// Keep events in this folder from when they are read until their outcome is told, so that neither a crash nor a
    /// kill loses any. The next send with it goes on with what is left there; nothing new has to be read then.
    #[arg(long, value_name = "FOLDER")]
    pub spool: Option<PathBuf>,
    /// Trust the certificates in this PEM file too, besides the system's roots.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Where the jitter of the retries comes from [default: unpredictable].
    #[arg(long, value_name = "N")]
    pub seed: Option<Seed>,
}

/// `harness init`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  harness init\n  harness init tracking && cd tracking && harness run scenarios")]
pub struct InitArgs {
    /// The folder to write into; it is made if it is not there.
    #[arg(default_value = ".", value_name = "DIR")]
    pub folder: PathBuf,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  harness completions bash > ~/.local/share/bash-completion/completions/harness
  harness completions zsh > \"${fpath[1]}/_harness\"
  harness completions fish > ~/.config/fish/completions/harness.fish";

/// `harness completions`
#[derive(Args, Debug)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub struct CompletionsArgs {
    /// Which shell.
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
