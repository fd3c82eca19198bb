//! What came of scenarios, for people.

use std::io::{self, Write};
use std::time::Duration;

use scenario::{Diagnostic, Failure, RunError, Undelivered, printable};

use crate::commands::run::{Ended, Played, Report};
use crate::exit::ExitStatus;
use crate::render::duration::{real, virtual_time};
use crate::render::mistakes::{self, shown};
use crate::render::style::{BAD, DIM, GOOD};

/// How many failures of a scenario, and how many messages that never arrived, are shown in full. More of them have
/// one cause, and a page of it is enough to find it.
const SHOWN: usize = 20;

/// How much of a name or a reason is shown: both may hold anything, a server's answer included.
const LONGEST: usize = 300;

/// One line: verdict, name, virtual and real time.
pub(crate) fn line(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let elapsed = real(report.real);
    match &report.ended {
        Ended::Played(played) => {
            let outcome = &played.outcome;
            let (style, verdict) = if outcome.passed() {
                (GOOD, "pass")
            } else {
                (BAD, "FAIL")
            };
            let time = virtual_time(outcome.virtual_time);
            let hollow = if outcome.expectations == 0 {
                ", nothing expected"
            } else {
                ""
            };
            writeln!(
                out,
                "{style}{verdict}{style:#}  {} {DIM}(virtual {time}, real {elapsed}{hollow}){DIM:#}",
                printable(&outcome.name, LONGEST)
            )
        }
        Ended::Unusable(_) | Ended::NotPlayed(_) => writeln!(out, "{BAD}BAD{BAD:#}   {}", shown(&report.path)),
    }
}

/// Everything that did not pass, in full, and the counts.
pub(crate) fn details_and_summary(out: &mut dyn Write, reports: &[Report], elapsed: Duration) -> io::Result<()> {
    for report in reports {
        match &report.ended {
            Ended::Played(played) if played.outcome.passed() => {}
            Ended::Played(played) => failed(out, played)?,
            Ended::Unusable(error) => {
                writeln!(out)?;
                mistakes::unusable(out, error)?;
            }
            Ended::NotPlayed(error) => not_played(out, report, error)?,
        }
    }
    let count = |status| reports.iter().filter(|report| report.ended.status() == status).count();
    writeln!(out)?;
    write!(
        out,
        "{}: {} passed",
        plural(reports.len(), "scenario"),
        count(ExitStatus::Passed)
    )?;
    for (status, word) in [
        (ExitStatus::Failed, "failed"),
        (ExitStatus::Invalid, "invalid"),
        (ExitStatus::Broken, "could not run"),
    ] {
        if count(status) > 0 {
            write!(out, ", {BAD}{} {word}{BAD:#}", count(status))?;
        }
    }
    writeln!(out, " in {}", real(elapsed))
}

fn failed(out: &mut dyn Write, played: &Played) -> io::Result<()> {
    let outcome = &played.outcome;
    writeln!(
        out,
        "\n{BAD}FAIL{BAD:#}  {}: {}",
        printable(&outcome.name, LONGEST),
        plural(outcome.failures.len(), "failure")
    )?;
    for failure in outcome.failures.iter().take(SHOWN) {
        writeln!(out)?;
        out.write_all(failure.diagnostic().render(&played.source).as_bytes())?;
        nearest(out, failure)?;
    }
    if outcome.failures.len() > SHOWN {
        writeln!(
            out,
            "\nand {} more; --format json has all of them",
            outcome.failures.len() - SHOWN
        )?;
    }
    undelivered(out, &outcome.undelivered)
}

fn nearest(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    match &failure.nearest {
        Some(nearest) => writeln!(out, "{nearest}"),
        None => Ok(()),
    }
}

/// The first few of the messages that never arrived: often the reason of all the rest.
fn undelivered(out: &mut dyn Write, messages: &[Undelivered]) -> io::Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nnever recorded by Attribution:")?;
    for message in messages.iter().take(SHOWN) {
        let kind = message.kind.unwrap_or("message");
        let id = message.message_id.as_deref().unwrap_or("without messageId");
        let (id, why) = (printable(id, LONGEST), printable(&message.why, LONGEST));
        writeln!(out, "  {kind} {id}: {why}")?;
    }
    if messages.len() > SHOWN {
        writeln!(out, "  and {} more", messages.len() - SHOWN)?;
    }
    Ok(())
}

fn not_played(out: &mut dyn Write, report: &Report, error: &RunError) -> io::Result<()> {
    writeln!(out)?;
    if let RunError::TooLong {
        source,
        at,
        needs,
        limit,
    } = error
    {
        let (needs, limit) = (virtual_time(*needs), virtual_time(*limit));
        let diagnostic = Diagnostic::new(*at, format!("{error}: {needs} in all, and here {limit} are over"))
            .help("raise --live-limit, shorten the waits, or leave --live out: virtual time costs nothing");
        return out.write_all(diagnostic.render(source).as_bytes());
    }
    write!(out, "{BAD}error{BAD:#}: {}: {error}", shown(&report.path))?;
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        write!(out, ": {error}")?;
        cause = error.source();
    }
    writeln!(out)
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}
