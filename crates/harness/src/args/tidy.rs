//! `harness fmt`

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  harness fmt scenarios/            tidies every *.yaml and *.yml below the folder
  harness fmt scenarios/ --check    in CI: changes nothing, and exit code 1 where something is untidy
  harness fmt - < checkout.yaml     from standard input to standard output

Comments, the order of keys and flow style stay; what a file says never changes.

Exit codes: 0 tidy, 1 something is not with --check, 2 a file is not YAML, 3 one can't be read or written.";

/// `harness fmt`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct FmtArgs {
    /// Scenario files, folders to search for *.yaml and *.yml, patterns, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Change nothing, and say which files are untidy.
    #[arg(long)]
    pub check: bool,
}
