//! `harness check`: every mistake in every scenario, without playing any.

use std::io::Write;

use super::files::{self, LoadError};
use crate::args::CheckArgs;
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::mistakes;

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitStatus> {
    let candidates = match files::find(&args.paths) {
        Ok(found) => found.candidates,
        Err(nothing) => return Ok(mistakes::nothing_found(&nothing)),
    };
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    let scenarios = candidates.len();
    let given = files::given(&args.var);
    let mut worst = ExitStatus::Passed;
    let mut unusable = 0_usize;
    for candidate in candidates {
        if let Err(error) = files::load(candidate, &given) {
            mistakes::unusable(&mut out, &error)?;
            writeln!(out)?;
            unusable += 1;
            worst = worst.max(match error {
                LoadError::Mistakes(_) => ExitStatus::Invalid,
                LoadError::Unreadable(..) => ExitStatus::Broken,
            });
        }
    }
    let noun = if scenarios == 1 { "scenario" } else { "scenarios" };
    writeln!(out, "{scenarios} {noun} checked, {unusable} with mistakes")?;
    out.flush()?;
    Ok(worst)
}
