//! `harness run`

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clock::Seed;

use super::Format;
use super::choice::{Filter, Shard, TagRule};
use super::values::{duration, percent, variable};

const EXAMPLES: &str = "\
Examples:
  harness run scenarios/                  every *.yaml and *.yml below the folder
  harness run 'scenarios/**/check*.yaml'  a pattern, where the shell knows none
  harness run checkout.yaml:12            what stands at that line, as failures name it
  harness run - < checkout.yaml           from standard input
  harness run scenarios/ --tag smoke,!slow --filter checkout
  harness run --last-failed               what failed last time, and only that
  harness run scenarios/ --watch          again whenever a file changes
  harness run outage.yaml --seed 7        other jitter, the same in every run
  harness run checkout.yaml --update-snapshots
                                          writes what its `snapshot:` steps are held against
  harness run scenarios/ --coverage-min 80  and fail where less of the contract was touched
  harness run smoke.yaml --live           over loopback sockets, in real time
  harness run scenarios/ --bundle bundles/  keeps what fails, for `harness replay`
  harness run scenarios/ --report-junit junit.xml --report-html report.html --report-github

A scenario says for itself `tags: [smoke]`, `skip: why`, or `only: true`; while one has `only`, no
other is played, and where CI is set in the environment it is refused.";

/// `harness run`
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// Scenario files, `FILE:LINE`, folders to search for *.yaml and *.yml, patterns with `*`, `?`, `[…]` and `**`, or `-`
    /// for standard input.
    #[arg(required_unless_present = "last_failed", value_name = "PATH")]
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
    /// Give up a scenario that takes longer than this in real time; it fails.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Stop at the first scenario, in the order of the files, that does not pass.
    #[arg(long)]
    pub fail_fast: bool,
    /// Play each scenario N times: with --seed, and each further time with the next seed.
    #[arg(long, value_name = "N")]
    pub repeat: Option<NonZeroUsize>,
    /// Of a scenario with `chaos`, play only run K, as the report of its failure says; 0 is the one without random faults.
    #[arg(long, value_name = "K", conflicts_with = "live")]
    pub chaos_run: Option<u32>,
    /// Play again whenever a file changes, and only what it changes. Ctrl-C ends it.
    #[arg(long, conflicts_with = "dry_run")]
    pub watch: bool,
    /// Give a variable of `vars:` another value. A scenario that has none of that name takes no notice.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub var: Vec<(String, String)>,
    /// Keep each scenario that fails in a folder of its own in DIR, with everything to play it again: `harness replay`.
    /// Project ids and the values that the scenario is given are in it.
    #[arg(long, value_name = "DIR")]
    pub bundle: Option<PathBuf>,
    /// Write the files of `snapshot:` steps where they are new or have changed, and remove those that no step uses any
    /// more. Review what it says it wrote; refused where CI is set.
    #[arg(long, conflicts_with = "dry_run")]
    pub update_snapshots: bool,
    /// Say how much of the contract was touched by what was played, and what was not: calls, fields, mappings, rules, answers,
    /// faults.
    #[arg(long)]
    pub coverage: bool,
    /// Fail where less than PERCENT of the contract was touched. It implies --coverage.
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_negative_numbers = true)]
    pub coverage_min: Option<f64>,
    /// What standard output says; in JSON, each scenario and then a summary.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Which scenarios to play.
    #[command(flatten, next_help_heading = "Selection")]
    pub selection: SelectionArgs,
    /// What to write beside standard output.
    #[command(flatten, next_help_heading = "Reports")]
    pub reports: RunReportArgs,
}

/// Which of the scenarios found are played.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Selection")]
pub struct SelectionArgs {
    /// Only those whose name or path holds this text, in any letter case, or matches this `/regular expression/`. Given
    /// several times, any of them will do.
    #[arg(long, value_name = "TEXT|/REGEX/")]
    pub filter: Vec<Filter>,
    /// Only those with these tags, and without those after `!`: `smoke,!slow`. Given several times, any of them will do.
    #[arg(long, value_name = "TAG,!TAG")]
    pub tag: Vec<TagRule>,
    /// Only the K-th of N parts, for machines that share the work.
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
    /// Only those that did not pass when they were last played; without PATH, wherever they lie.
    #[arg(long)]
    pub last_failed: bool,
    /// Where it is remembered what failed, in the file `last-failed` [default: .harness, and nowhere where CI is set].
    #[arg(long, env = "HARNESS_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// List what would be played, and play nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Files that say what came of it.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Reports")]
pub struct RunReportArgs {
    /// Everything, as one JSON document.
    #[arg(long, value_name = "FILE")]
    pub report_json: Option<PathBuf>,
    /// `JUnit` XML, as Jenkins and GitLab read it.
    #[arg(long, value_name = "FILE")]
    pub report_junit: Option<PathBuf>,
    /// The Test Anything Protocol, version 14.
    #[arg(long, value_name = "FILE")]
    pub report_tap: Option<PathBuf>,
    /// One page to read in a browser, with the timeline of each scenario.
    #[arg(long, value_name = "FILE")]
    pub report_html: Option<PathBuf>,
    /// For GitHub Actions: annotations at file and line on standard error, and a summary appended to FILE [default:
    /// `$GITHUB_STEP_SUMMARY`, if it is set].
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub report_github: Option<Option<PathBuf>>,
}

/// `harness check`
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  harness check scenarios/ && echo no mistakes")]
pub struct CheckArgs {
    /// Scenario files, folders to search for *.yaml and *.yml, patterns, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Give a variable of `vars:` another value, as for `run`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub var: Vec<(String, String)>,
}
