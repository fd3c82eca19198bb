//! `harness lint`: everything that is wrong or looks unintended about recorded events, with counts and examples.

use std::io::{self, Write};

use anyhow::Context;
use clock::Clock;
use pipeline::{Lint, Linter, Weight};

use super::events::Input;
use super::lines::Lines;
use super::{demo_project, levels, settings};
use crate::args::{Format, LintArgs};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::lint;

pub(super) fn run(args: &LintArgs) -> anyhow::Result<ExitStatus> {
    let settings = settings(&args.destination, demo_project()?)?;
    let received = args.now.unwrap_or_else(|| Clock::system().now());
    let mut linter = Linter::new(settings, levels(&args.rules)?, received);
    let mut lines = Lines::new(Input::open(args.file.as_deref())?);
    while let Some(line) = lines.next().context("can't read the events")? {
        match line.text {
            Ok(text) => linter.line(line.number, text),
            Err(error) => linter.unreadable(line.number, &error),
        }
    }
    let found = linter.finish();
    let mut out = Output::new(anstream::AutoStream::auto(io::stdout().lock()));
    match args.format {
        Format::Text => lint::text(&mut out, &found)?,
        Format::Json => lint::json(&mut out, &found)?,
    }
    out.flush()?;
    Ok(status(&found, args.deny_warnings))
}

fn status(found: &Lint, deny_warnings: bool) -> ExitStatus {
    let has_warnings = found.findings.iter().any(|finding| finding.weight == Weight::Warning);
    if found.invalid > 0 {
        ExitStatus::Invalid
    } else if found.refused > 0 || (deny_warnings && has_warnings) {
        ExitStatus::Failed
    } else {
        ExitStatus::Passed
    }
}
