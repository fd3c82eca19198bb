//! `harness serve` and `harness wait`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use attribution_mock::{DashboardDelay, JournalSync, Keep};
use clap::{ArgGroup, Args};

use super::RuleArgs;
use super::source::TrackingApiArgs;
use super::values::duration;

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
  harness serve --project-id demo-project --source          Segment's Tracking API at port 7071
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
    /// How long it takes until what was received is in `harness report` and in the `report` of an `expect`, as at the
    /// vendor's: `20m`, or `15m..30m` for a time between the two that each request has of its own [default: none].
    #[arg(long, value_name = "SPAN")]
    pub dashboard_delay: Option<DashboardDelay>,
    /// What is made of broken rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// The status of the answer to an event that is taken.
    #[arg(long, default_value_t = 200, value_name = "STATUS")]
    pub success_status: u16,
    /// Its body; by default {"success":true}, and none where the status has none.
    #[arg(long, value_name = "TEXT")]
    pub success_body: Option<String>,
    /// The status of the answer to what breaks a denying rule.
    #[arg(long, default_value_t = 400, value_name = "STATUS")]
    pub refused_status: u16,
    /// Its body; by default the broken rules, which /__admin/violations has too.
    #[arg(long, value_name = "TEXT")]
    pub refused_body: Option<String>,
    /// The status of the answer to wrong or missing credentials.
    #[arg(long, default_value_t = 401, value_name = "STATUS")]
    pub unauthenticated_status: u16,
    /// Its body; by default what is wrong with them.
    #[arg(long, value_name = "TEXT")]
    pub unauthenticated_body: Option<String>,
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
    /// recorded, and where the two differ, standard error says so. The environment's proxies are used.
    #[arg(long, value_name = "URL", group = "elsewhere")]
    pub upstream: Option<String>,
    /// How long the upstream's answer may take; then the sender gets 504.
    #[arg(long, default_value = "10s", value_name = "DURATION", value_parser = duration, requires = "upstream")]
    pub upstream_timeout: Duration,
    /// Trust the certificates in this PEM file too, besides the system's roots, for --upstream and --forward-to.
    #[arg(long, value_name = "FILE", requires = "elsewhere")]
    pub ca_file: Option<PathBuf>,
    /// Keep each exchange in this folder, for `harness conformance --cases`. Project ids and credentials are redacted;
    /// whatever else the events say, e-mail addresses included, is kept.
    #[arg(long, value_name = "FOLDER")]
    pub record_to: Option<PathBuf>,
    /// What stands in front of it.
    #[command(flatten)]
    pub source: TrackingApiArgs,
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
