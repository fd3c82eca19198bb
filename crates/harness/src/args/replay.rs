//! `harness replay`

use std::path::PathBuf;

use clap::Args;

use super::Format;

const EXAMPLES: &str = "\
Examples:
  harness run scenarios/ --bundle bundles/         makes a folder for each scenario that fails
  harness replay bundles/checkout-ada-pays-0       the same failure again, on any machine

Nothing outside the folder is read: no scenario, no environment. What is in it must be as it was
written; a scenario that was changed is played with `harness run`.

Exit codes: what the scenario comes to, so 1 where it fails again; 2 it is no whole bundle, 3 it can't
be read, or what happens is not what was kept: then standard output says what differs first.";

/// `harness replay`
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ReplayArgs {
    /// The folder of one failure bundle, as `harness run --bundle` made it.
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// What standard output says; in JSON, the scenario, a summary and how it compares.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
