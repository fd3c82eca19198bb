//! `harness completions`: what a shell needs to complete a command line.

use std::io::Write;

use clap::CommandFactory;

use crate::args::{Cli, CompletionsArgs};
use crate::exit::ExitStatus;
use crate::output::Output;

pub(super) fn run(args: &CompletionsArgs) -> anyhow::Result<ExitStatus> {
    // Written whole, since the generator can't cope with a reader that goes away.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "harness", &mut script);
    let mut out = Output::new(std::io::stdout().lock());
    out.write_all(&script)?;
    out.flush()?;
    Ok(ExitStatus::Passed)
}
