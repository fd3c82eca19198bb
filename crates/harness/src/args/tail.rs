//! `harness tail`.

use clap::Args;

use super::Format;

const EXAMPLES: &str = "\
Examples:
  harness serve --project-id demo-project --source &
  harness tail http://127.0.0.1:7071               the newest 10 events, as they are
  harness tail http://127.0.0.1:7071 -n 100 -f     the newest 100, and then each as it is decided
  harness tail http://127.0.0.1:7071 -f --format json | jq .stage

Exit codes: 0 it was shown, or stopped by Ctrl-C; 2 the URL is none, or of no harness serve --source;
3 the server can't be asked.";

/// `harness tail`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct TailArgs {
    /// The address of the Tracking API of a `harness serve --source`.
    pub url: String,
    /// Go on with what comes: an event is shown once, when it is decided. Ends with Ctrl-C, or with the server.
    #[arg(short, long)]
    pub follow: bool,
    /// With how many of the newest events to begin.
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub lines: u16,
    /// What standard output says; in JSON, one event a line, as /__admin/pipeline shows it.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
