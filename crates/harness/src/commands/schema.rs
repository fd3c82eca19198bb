//! `harness schema`: the scenario language for editors.

use std::io::Write;

use crate::exit::ExitStatus;
use crate::output::Output;

pub(super) fn run() -> anyhow::Result<ExitStatus> {
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    writeln!(out, "{:#}", scenario::schema())?;
    out.flush()?;
    Ok(ExitStatus::Passed)
}
