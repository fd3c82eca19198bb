//! The command line: arguments → run → render → exit code.
//!
//! Pipeline position: outermost. Everything that decides something lives in the crates below; this one parses
//! arguments, reads files, prints, and turns what happened into an [`ExitStatus`].
//!
//! ```
//! let status = harness::main_with(["harness", "check", "fixtures/scenarios/passing"]);
//! assert_eq!(status, harness::ExitStatus::Passed);
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`args`] | what can be typed |
//! | `commands` | one file per command |
//! | `render` | one file per thing that is shown |
//! | `output` | standard output that may be closed at the other end |
//! | [`exit`] | the exit codes |
//!
//! # Architecture invariants
//!
//! - Only this crate prints, and only `main` ends the process.
//! - No business rule lives here.

pub mod args;
mod commands;
pub mod exit;
mod output;
mod render;

use std::ffi::OsString;
use std::io::Write as _;

use clap::Parser;

pub use exit::ExitStatus;

/// Runs the command line `arguments`, the program's name first, and says how it ended.
pub fn main_with<I, T>(arguments: I) -> ExitStatus
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    match args::Cli::try_parse_from(arguments) {
        Ok(cli) => commands::run(cli),
        Err(error) => {
            // A closed terminal is no reason to fail differently.
            let _ = match args::usage::told(&error) {
                Some(told) => writeln!(anstream::stderr(), "error: {told}"),
                None => error.print(),
            };
            if error.use_stderr() {
                ExitStatus::Invalid
            } else {
                ExitStatus::Passed
            }
        }
    }
}
