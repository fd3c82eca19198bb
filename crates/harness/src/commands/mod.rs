//! One file per command. Each returns how it ended; [`run`] turns what could not run into words on standard error.

mod check;
pub(crate) mod files;
mod lines;
mod map;
pub(crate) mod run;
mod serve;

use std::io::Write;

use attribution_destination::ProjectId;

use crate::args::{Cli, Command};
use crate::exit::ExitStatus;

/// Does what was asked.
pub(crate) fn run(cli: Cli) -> ExitStatus {
    let ended = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Map(args) => map::run(&args),
    };
    ended.unwrap_or_else(|error| explain(&error))
}

/// Says why it could not run, cause by cause. A reader that went away (`harness … | head`) is no failure.
fn explain(error: &anyhow::Error) -> ExitStatus {
    let broken_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(broken_pipe) {
        return ExitStatus::Passed;
    }
    // Nothing is left to do when standard error is gone too.
    let _ = writeln!(anstream::stderr(), "error: {error:#}");
    ExitStatus::Broken
}

/// The project id that was given, or word on standard error that it is missing.
fn project_id(given: Option<&str>) -> Option<ProjectId> {
    match ProjectId::new(given.unwrap_or_default()) {
        Ok(project_id) => Some(project_id),
        Err(error) => {
            // Nothing is left to do when standard error is gone.
            let _ = writeln!(
                anstream::stderr(),
                "error: {error}: give --project-id ID or set ATTRIBUTION_PROJECT_ID; any ID will do against the double"
            );
            None
        }
    }
}
