//! `harness check`: every mistake in every scenario, without playing any.

use std::io::Write;

use super::files::{self, LoadError};
use crate::args::CheckArgs;
use crate::exit::ExitStatus;
use crate::render::mistakes;

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitStatus> {
    let paths = match files::find(&args.paths) {
        Ok(paths) => paths,
        Err(error) => return Ok(mistakes::nothing_found(&error)),
    };
    let mut worst = ExitStatus::Passed;
    let mut broken = 0_usize;
    for path in &paths {
        if let Err(error) = files::load(path) {
            mistakes::unusable(&mut anstream::stderr(), &error)?;
            broken += 1;
            worst = worst.max(match error {
                LoadError::Mistakes(_) => ExitStatus::Invalid,
                LoadError::Unreadable(..) => ExitStatus::Broken,
            });
        }
    }
    let scenarios = if paths.len() == 1 { "scenario" } else { "scenarios" };
    writeln!(
        anstream::stdout(),
        "{} {scenarios}, {broken} with mistakes",
        paths.len()
    )?;
    Ok(worst)
}
