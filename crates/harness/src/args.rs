//! What can be typed.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use attribution_destination::{Dialect, PreviousId};
use attribution_mock::rules::{self, Level, Rule, RuleLevels};
use attribution_mock::{JournalSync, Keep};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use clock::Seed;
use jiff::{SignedDuration, Timestamp};

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

const SERVE_EXAMPLES: &str = "\
Examples:
  harness serve --project-id demo-project
  harness serve --project-id demo-project --rule ATT012=deny --rule page-without-url=off
  harness serve --project-id demo-project --fault '{ path: /track, respond: [503, 503], retry_after: 2 }'
  harness serve --project-id demo-project --fault '{ rate: { per_second: 10, burst: 20 } }'
  harness serve --project-id demo-project --port 0 --ready-file ready & harness wait --ready-file ready
  harness serve --project-id demo-project --listen 0.0.0.0 --admin-host attribution
  harness serve --project-id demo-project --tls --tls-ca-out ca.pem
  harness serve --project-id ID --upstream https://track.attributionapp.com --record-to recorded/
  harness serve --project-id demo-project --journal journal.ndjson --keep 10000
  curl -u demo-project: http://127.0.0.1:7070/track -H 'content-type: application/json' \\
       -d '{\"user_id\":\"user-1\",\"timestamp\":\"2024-01-15T10:00:00.000Z\",\"event\":\"sign up\"}'
  curl http://127.0.0.1:7070/__admin/conversions
  curl -X POST http://127.0.0.1:7070/__admin/reset";

/// `harness serve`
#[derive(Args, Debug)]
#[command(after_help = SERVE_EXAMPLES)]
pub struct ServeArgs {
    /// The Attribution project id that senders authenticate with. Can be given several times: each project is recorded on
    /// its own.
    #[arg(
        long = "project-id",
        env = "ATTRIBUTION_PROJECT_ID",
        hide_env_values = true,
        value_name = "ID"
    )]
    pub project_ids: Vec<String>,
    /// Let every project id in, and show at /__admin/projects which ones sent.
    #[arg(long)]
    pub any_project: bool,
    /// The port; 0 takes a free one and prints it.
    #[arg(long, default_value_t = 7070)]
    pub port: u16,
    /// The address to listen on. On any but a loopback one, events from other machines are taken; 0.0.0.0 and :: stand
    /// for all addresses of this machine.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = address)]
    pub listen: IpAddr,
    /// A host name by which the admin API may be asked, besides those of this machine. Can be given several times. Pages
    /// of that host may ask it too.
    #[arg(long = "admin-host", value_name = "NAME", value_parser = host)]
    pub admin_hosts: Vec<String>,
    /// Write the server's address to this file once it listens, and remove it at the end.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Speak HTTPS, with a certificate made at this start for this machine, the address that is listened on and each
    /// --admin-host.
    #[arg(long)]
    pub tls: bool,
    /// Write what clients have to trust to this PEM file, for curl's --cacert and for --ca-file.
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub tls_ca_out: Option<PathBuf>,
    /// Speak HTTPS with the certificate in this PEM file, and those of its issuers after it.
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "tls")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of --tls-cert as PEM, not encrypted.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Record and flag what strict mode refuses with 400.
    #[arg(long)]
    pub lenient: bool,
    /// What is made of a broken rule, by its id or name: off, warn or deny (400). Can be given several times; of one
    /// rule, the last holds.
    #[arg(long = "rule", value_name = "RULE=LEVEL", value_parser = rule_level)]
    pub rules: Vec<(&'static Rule, Level)>,
    /// The status of the answer to an event that is taken.
    #[arg(long, default_value_t = 200, value_name = "STATUS")]
    pub success_status: u16,
    /// Its body; by default {"success":true}, and none where the status has none.
    #[arg(long, value_name = "TEXT")]
    pub success_body: Option<String>,
    /// The status of the answer to what breaks a denying rule.
    #[arg(long, default_value_t = 400, value_name = "STATUS")]
    pub refused_status: u16,
    /// The status of the answer to wrong or missing credentials.
    #[arg(long, default_value_t = 401, value_name = "STATUS")]
    pub unauthenticated_status: u16,
    /// Misbehave from the start, in the words of a scenario's `fault:` step; @FILE takes one fault, or a list of them,
    /// from a file. Can be given several times: the first that fits a request strikes it.
    #[arg(long = "fault", value_name = "FAULT|@FILE")]
    pub faults: Vec<String>,
    /// Keep what is received in this file, one line a request: it is there again after a restart. It has project ids in
    /// it, so a new one is readable by its owner only.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// When the journal is brought to the disk: always (before each answer), interval (every second) or never (when the
    /// system does so). That is about power cuts: a killed process loses nothing that was answered.
    #[arg(long, default_value_t, value_name = "WHEN", requires = "journal")]
    pub journal_sync: JournalSync,
    /// Forget the oldest requests, and count them: keep the latest N, as in 10000, or what fits a size, as in 64MB, and
    /// at most a quarter more, of each project and namespace. The journal keeps everything [default: keep all].
    #[arg(long, value_name = "N|SIZE")]
    pub keep: Option<Keep>,
    /// Pass every event on to this server and give its answer to the sender; the double's own verdict is still
    /// recorded, and where the two differ, standard error says so.
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,
    /// How long the upstream's answer may take; then the sender gets 504.
    #[arg(long, default_value = "10s", value_name = "DURATION", value_parser = duration, requires = "upstream")]
    pub upstream_timeout: Duration,
    /// Keep each exchange in this folder, for `harness conformance --cases`. Project ids and credentials are redacted;
    /// whatever else the events say, e-mail addresses included, is kept.
    #[arg(long, value_name = "FOLDER")]
    pub record_to: Option<PathBuf>,
}

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
    /// The server to ask, as `http://HOST:PORT` or `https://HOST`.
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

const WAIT_EXAMPLES: &str = "\
Examples:
  harness serve --project-id demo-project & harness wait http://127.0.0.1:7070
  harness serve --project-id demo-project --port 0 --ready-file ready & harness wait --ready-file ready
  harness wait https://localhost:7070 --ca-file ca.pem --timeout 2m

Standard output has the server's address once it is up.

Exit codes: 0 it is up, 1 it was not up in time, 2 the URL is none, 3 it could not run.";

/// `harness wait`
#[derive(Args, Debug)]
#[command(after_help = WAIT_EXAMPLES, group(ArgGroup::new("server").required(true)))]
pub struct WaitArgs {
    /// The address of a `harness serve`.
    #[arg(group = "server")]
    pub url: Option<String>,
    /// Take the address from the file that `harness serve --ready-file` writes, as soon as it is there.
    #[arg(long, value_name = "FILE", group = "server")]
    pub ready_file: Option<PathBuf>,
    /// How long to wait.
    #[arg(long, default_value = "30s", value_name = "DURATION", value_parser = duration)]
    pub timeout: Duration,
    /// Trust the certificates in this PEM file too, besides the system's roots.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
}

/// An address of this machine.
fn address(text: &str) -> Result<IpAddr, String> {
    let address = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    address
        .parse()
        .map_err(|_| "write an IP address without a port, as in 127.0.0.1, 0.0.0.0 or ::1".to_owned())
}

/// A host as a URL names it, without anything around it.
fn host(text: &str) -> Result<String, String> {
    let name = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if is_name || name.parse::<IpAddr>().is_ok() {
        Ok(name.to_owned())
    } else {
        Err("write a host name or an address alone, without http:// and port, as in attribution".to_owned())
    }
}

/// A rule and its level, as in `ATT012=off`.
fn rule_level(text: &str) -> Result<(&'static Rule, Level), String> {
    let (rule, level) = text
        .split_once('=')
        .ok_or("write a rule and its level, as in ATT012=off or page-without-url=deny")?;
    let rule = rules::find(rule).map_err(|error| error.to_string())?;
    let level = level.trim().parse::<Level>().map_err(|error| error.to_string())?;
    // Whether it can be set at all is told here, where the argument is shown beside the error.
    RuleLevels::default()
        .set(rule, level)
        .map_err(|error| error.to_string())?;
    Ok((rule, level))
}

/// A duration with its unit, as in `30s` or `1m30s`.
fn duration(text: &str) -> Result<Duration, String> {
    let written = text.parse::<SignedDuration>();
    let duration = written.map_err(|_| "write a number with a unit, as in 500ms, 30s, 5m or 1h30m".to_owned())?;
    Duration::try_from(duration).map_err(|_| "a duration can't be negative".to_owned())
}

/// How many a second.
fn rate(text: &str) -> Result<f64, String> {
    let written = text
        .parse()
        .ok()
        .filter(|rate: &f64| (0.001..=1_000_000.0).contains(rate));
    written.ok_or_else(|| "write how many a second, as in 5 or 0.5".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_address_and_a_host_stand_alone() {
        assert_eq!(address("[::1]"), "::1".parse().map_err(|_| String::new()));
        assert!(address("0.0.0.0").is_ok() && address("localhost").is_err() && address("127.0.0.1:80").is_err());
        for good in ["attribution", "attribution.ci_1-a", "10.0.0.1", "[fd00::1]", "fd00::1"] {
            assert!(host(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "http://attribution",
            "attribution:7070",
            "*",
            "a b",
            "[attribution",
            "ü",
        ] {
            assert!(host(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_limit_needs_a_unit() {
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert!(duration("30").unwrap_err().contains("30s"));
        assert!(duration("-3s").is_err());
    }
}
