//! `harness fmt`: scenario files in tidy lines.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use scenario::{TidyError, tidy};

use super::files::{self, Candidate, LoadError, STDIN};
use super::{Unusable, whole_file};
use crate::args::FmtArgs;
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::mistakes::{self, shown};

pub(super) fn run(args: &FmtArgs) -> anyhow::Result<ExitStatus> {
    let candidates = match files::find(&args.paths) {
        Ok(found) => found.candidates,
        Err(nothing) => return Ok(mistakes::nothing_found(&nothing)),
    };
    let count = candidates.len();
    let is_piped = matches!(candidates.as_slice(), [Candidate::Stdin]) && !args.check;
    let mut out = Output::new(anstream::AutoStream::auto(io::stdout().lock()));
    let (mut worst, mut untidy) = (ExitStatus::Passed, 0_usize);
    for candidate in candidates {
        match one(candidate, args.check, &mut out)? {
            Tidied::Not(status) => worst = worst.max(status),
            Tidied::Already => {}
            Tidied::Changed => {
                untidy += 1;
                if args.check {
                    worst = worst.max(ExitStatus::Failed);
                }
            }
        }
    }
    if !is_piped {
        let noun = if count == 1 { "file" } else { "files" };
        let done = if args.check { "untidy" } else { "tidied" };
        writeln!(out, "{count} {noun}, {untidy} {done}")?;
    }
    out.flush()?;
    Ok(worst)
}

/// What came of a file.
enum Tidied {
    /// It was tidy before.
    Already,
    /// It is other than it was, or would be.
    Changed,
    /// It is left alone, and why is told.
    Not(ExitStatus),
}

fn one(candidate: Candidate, only_check: bool, out: &mut dyn Write) -> anyhow::Result<Tidied> {
    let read = files::source(candidate).map(|(path, source)| {
        let before = source.text.clone();
        (path, before, tidy(source))
    });
    let (path, before, tidied) = match read {
        Ok(read) => read,
        Err(error) => return refused(out, &error),
    };
    let after = match tidied {
        Ok(after) => after,
        Err(TidyError::Mistakes(error)) => return refused(out, &LoadError::Mistakes(error)),
        Err(error) => return Err(Unusable::new(error)).with_context(|| shown(&path)),
    };
    if path == Path::new(STDIN) && !only_check {
        write!(out, "{after}")?;
        return Ok(Tidied::Already);
    }
    if after == before {
        return Ok(Tidied::Already);
    }
    if only_check {
        writeln!(out, "untidy: {}", shown(&path))?;
    } else {
        let can_not = || format!("can't write {}", shown(&path));
        // A link stays one.
        let file = fs::canonicalize(&path).with_context(can_not)?;
        whole_file::write(&file, &after)?;
        writeln!(out, "tidied: {}", shown(&path))?;
    }
    Ok(Tidied::Changed)
}

fn refused(out: &mut dyn Write, error: &LoadError) -> anyhow::Result<Tidied> {
    mistakes::unusable(out, error)?;
    writeln!(out)?;
    Ok(Tidied::Not(match error {
        LoadError::Mistakes(_) => ExitStatus::Invalid,
        LoadError::Unreadable(..) => ExitStatus::Broken,
    }))
}
