//! `harness conformance`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::Format;
use super::values::{duration, rate};

const CONFORMANCE_EXAMPLES: &str = "\
Examples:
  harness conformance --list
  harness conformance --target http://127.0.0.1:8080 --project-id demo-project
  harness conformance --target http://127.0.0.1:8080 --dialect import --case 'rejected/*'
  harness conformance --target https://track.attributionapp.com --project-id ID-FOR-THIS \\
          --dialect classic --rate 2 --yes-write-to-this-project
  harness conformance --target http://127.0.0.1:8080 --cases recorded/ --format json

Exit codes: 0 every answer is as the double's, 1 some differ, 2 usage, 3 the target gives no answer.";

/// `harness conformance`
#[derive(Args, Debug)]
#[command(after_help = CONFORMANCE_EXAMPLES)]
pub struct ConformanceArgs {
    /// The server to ask, as `http://HOST:PORT` or `https://HOST`, through the environment's proxies.
    #[arg(long, value_name = "URL", required_unless_present = "list")]
    pub target: Option<String>,
    /// The Attribution project id that the requests authenticate with. What they say is kept by that project.
    #[arg(long, env = "ATTRIBUTION_PROJECT_ID", hide_env_values = true, value_name = "ID")]
    pub project_id: Option<String>,
    /// Only cases of this dialect: classic, actions, import or browser. Can be given several times.
    #[arg(long, value_name = "NAME")]
    pub dialect: Vec<attribution_mock::Dialect>,
    /// Only cases of this name; `*` stands for any text, `?` for one character, and the end of a name will do.
    #[arg(long, value_name = "GLOB")]
    pub case: Option<String>,
    /// Play the cases in this folder instead: fixtures, or what `harness serve --record-to` wrote.
    #[arg(long, value_name = "FOLDER")]
    pub cases: Option<PathBuf>,
    /// List the cases and send nothing.
    #[arg(long)]
    pub list: bool,
    /// How long an answer may take.
    #[arg(long, default_value = "10s", value_name = "DURATION", value_parser = duration)]
    pub timeout: Duration,
    /// Trust the certificates in this PEM file too, besides the system's roots.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// How many requests may begin a second [default: one as soon as the last is answered].
    #[arg(long, value_name = "PER_SECOND", value_parser = rate)]
    pub rate: Option<f64>,
    /// Compare the status alone, which is all that the public senders look at.
    #[arg(long)]
    pub status_only: bool,
    /// Really write to the project where the target is another machine; what is sent there can't be taken back.
    #[arg(long)]
    pub yes_write_to_this_project: bool,
    /// What standard output says; in JSON, each case and then a summary.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
