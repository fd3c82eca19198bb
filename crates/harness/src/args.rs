//! What can be typed.

mod conformance;
mod report;
mod serve;
mod trace;
mod values;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use attribution_destination::{Dialect, PreviousId};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clock::Seed;
use jiff::Timestamp;

pub use self::conformance::ConformanceArgs;
pub use self::report::{
    BookedOn, ChannelChoice, ChannelsArgs, ChannelsCommand, ChannelsExplainArgs, ReportArgs, SourceArgs, TableFormat,
};
pub use self::serve::{ServeArgs, WaitArgs};
pub use self::trace::TraceArgs;
use self::values::duration;

const EXAMPLES: &str = "\
Examples:
  harness run fixtures/scenarios/passing        play every scenario below a folder
  harness run checkout.yaml --live              the same over sockets, in real time
  harness check scenarios/                      find mistakes without running
  harness explain page-without-url              what a validation rule means
  harness serve --project-id demo-project       a local track.attributionapp.com
  harness conformance --target URL              how another server differs from it
  harness map events.ndjson --project-id demo   what would be sent, without sending
  harness send events.ndjson --to URL           send it, and say what became of each
  harness wait http://127.0.0.1:7070            until a server is up
  harness report http://127.0.0.1:7070          which channel the revenue is credited to
  harness trace user-1 http://127.0.0.1:7070    one person's path, and who got the credit

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
    /// Find the mistakes in scenarios without playing them.
    Check(CheckArgs),
    /// Show what a validation rule looks at, why, and what to do about it; without a rule, list them all.
    Explain(ExplainArgs),
    /// Serve a double of track.attributionapp.com that records, validates and can be asked.
    Serve(ServeArgs),
    /// Play golden requests against any server and compare its answers with the double's.
    Conformance(ConformanceArgs),
    /// Show which request each Segment event becomes, without sending it.
    Map(MapArgs),
    /// Send Segment events by the real sender, with its order and retries, and say what became of each.
    Send(SendArgs),
    /// Wait until a server is up.
    Wait(WaitArgs),
    /// Show what each channel cost and brought in, by one or several attribution models.
    Report(ReportArgs),
    /// Show one person's path under all their ids, and the credit that each visit got.
    Trace(TraceArgs),
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

const RUN_EXAMPLES: &str = "\
Examples:
  harness run scenarios/                  every *.yaml and *.yml below the folder
  harness run outage.yaml --seed 7        other jitter, the same in every run
  harness run outage.yaml --format json   for machines
  harness run smoke.yaml --live           over loopback sockets, in real time";

/// `harness run`
#[derive(Args, Debug)]
#[command(after_help = RUN_EXAMPLES)]
pub struct RunArgs {
    /// Scenario files, or folders to search for *.yaml and *.yml.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where all jitter comes from: the same seed gives the same run.
    #[arg(long, default_value = "0", value_name = "N")]
    pub seed: Seed,
    /// How many scenarios to play side by side [default: the number of cores].
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Play over loopback sockets in real time instead of in memory in virtual time.
    #[arg(long)]
    pub live: bool,
    /// With --live: refuse a scenario that takes longer than this.
    #[arg(long, default_value = "30s", value_name = "DURATION", value_parser = duration, requires = "live")]
    pub live_limit: Duration,
    /// What standard output says; in JSON, each scenario and then a summary.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// `harness check`
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  harness check scenarios/ && echo no mistakes")]
pub struct CheckArgs {
    /// Scenario files, or folders to search for *.yaml and *.yml.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// `harness explain`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  harness explain\n  harness explain ATT012\n  harness explain page-without-url")]
pub struct ExplainArgs {
    /// The rule's id or name, in any letter case.
    pub rule: Option<String>,
    /// What standard output says; in JSON, one rule a line.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

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
    /// The wire format: classic, actions or import.
    #[arg(long, default_value = "classic", value_name = "NAME")]
    pub dialect: Dialect,
    /// For --dialect actions: whether an alias says which id is merged (mapped), or as the default preset of Segment's
    /// destination has it does not (preset).
    #[arg(long, default_value = "mapped", value_name = "HOW")]
    pub previous_id: PreviousId,
    /// The timestamp of an event that has none [default: the current time]. The import dialect sends none then.
    #[arg(long, value_name = "RFC3339")]
    pub now: Option<Timestamp>,
    /// For --dialect classic: send screen calls too. The destination's documentation does not list them, its public
    /// code maps them; the other dialects always send them.
    #[arg(long)]
    pub screens: bool,
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
    /// The wire format: classic, actions or import.
    #[arg(long, default_value = "classic", value_name = "NAME")]
    pub dialect: Dialect,
    /// For --dialect actions: whether an alias says which id is merged (mapped), or as the default preset of Segment's
    /// destination has it does not (preset).
    #[arg(long, default_value = "mapped", value_name = "HOW")]
    pub previous_id: PreviousId,
    /// For --dialect classic: send screen calls too. The destination's documentation does not list them, its public
    /// code maps them; the other dialects always send them.
    #[arg(long)]
    pub screens: bool,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
