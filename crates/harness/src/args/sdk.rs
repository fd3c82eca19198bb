//! `harness sdk`.

use std::time::Duration;

use clap::{Args, ValueEnum};
use sdk_contract::Suite;

use super::Format;
use super::values::duration;

const SDK_EXAMPLES: &str = "\
Examples:
  harness sdk --list --suite basic,retry
  harness sdk --cli 'node fixtures/sdks/node-cli.mjs target/sdks' --suite basic,retry
  harness sdk --cli 'java -jar e2e-cli.jar' --suite basic,settings,retry,retry-settings
  harness sdk --cli 'python3 src/cli.py' --suite retry --known retry/retry-count --format json

COMMAND is split into words as a shell does, with '…', \"…\" and \\, but no shell reads it: nothing is
expanded, and | & ; < > $ ` must be quoted. It gets two more arguments, --input and one JSON object
(writeKey, apiHost, cdnHost, sequences, config), and ends by writing {\"success\":true,\"sentBatches\":1}.

Exit codes: 0 every case passed, 1 some failed, 2 usage, 3 the command can't be started.";

/// `harness sdk`
#[derive(Args, Debug)]
#[command(after_help = SDK_EXAMPLES)]
pub struct SdkArgs {
    /// The command that wraps an SDK: its `e2e-cli`. It is started once for each case.
    #[arg(long, value_name = "COMMAND", required_unless_present = "list")]
    pub cli: Option<String>,
    /// Which suites: basic, retry, settings, retry-settings, with commas between them. A server library fetches no settings, so
    /// retry-settings is for the others.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "basic",
        hide_possible_values = true,
        value_name = "LIST"
    )]
    pub suite: Vec<SuiteName>,
    /// A case that is known to fail, as in retry/retry-count: it is shown, but only fails once it passes. Can be given several times.
    #[arg(long, value_name = "CASE")]
    pub known: Vec<String>,
    /// List the cases and start nothing.
    #[arg(long)]
    pub list: bool,
    /// How long the command may take for a case; then it is ended, and the case fails.
    #[arg(long, default_value = "60s", value_name = "DURATION", value_parser = duration)]
    pub timeout: Duration,
    /// What standard output says; in JSON, each case and then a summary.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// A suite by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuiteName(pub Suite);

impl ValueEnum for SuiteName {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self(Suite::Basic),
            Self(Suite::Retry),
            Self(Suite::Settings),
            Self(Suite::RetrySettings),
        ]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_can_be_named() {
        let named: Vec<Suite> = SuiteName::value_variants().iter().map(|name| name.0).collect();
        assert_eq!(named, Suite::ALL);
    }
}
