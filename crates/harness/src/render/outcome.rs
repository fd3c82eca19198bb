//! What came of scenarios, for people.

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::Style;
use scenario::{Diagnostic, Failure, LineKind, RunError, Undelivered, printable};

use super::report::problems;
use super::report::timeline::{self, Told};
use crate::commands::run::report::{Ended, Played, Report, Run, Stale, Verdict};
use crate::render::duration::{real, virtual_time};
use crate::render::kept::Kept;
use crate::render::mistakes::{self, shown};
use crate::render::style::{BAD, DIM, GONE, GOOD, NEW};
use crate::render::{chaos, coverage};

/// How many failures of a scenario, and how many messages that never arrived, are shown in full. More of them have
/// one cause, and a page of it is enough to find it.
const SHOWN: usize = 20;

/// How much of a name or a reason is shown: both may hold anything, a server's answer included.
const LONGEST: usize = 300;

/// One line: verdict, name, virtual and real time.
pub(crate) fn line(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let elapsed = real(report.real);
    let name = printable(&report.title.whole(), LONGEST);
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
            let under = outcome.chaos.as_ref().map(|chaos| format!(", {}", chaos::words(chaos)));
            let under = under.unwrap_or_default();
            writeln!(
                out,
                "{style}{verdict}{style:#}  {name} {DIM}(virtual {time}, real {elapsed}{under}{hollow}){DIM:#}"
            )
        }
        Ended::Skipped(reason) => writeln!(out, "skip  {name} {DIM}({}){DIM:#}", printable(reason, LONGEST)),
        Ended::TimedOut(_) => writeln!(out, "{BAD}TIME{BAD:#}  {name} {DIM}(given up, real {elapsed}){DIM:#}"),
        Ended::Unusable(_) | Ended::NotPlayed(_) | Ended::Crashed => {
            writeln!(out, "{BAD}BAD{BAD:#}   {}", shown(&report.title.path))
        }
    }
}

/// Everything that did not pass, in full, and the counts.
pub(crate) fn details_and_summary(out: &mut dyn Write, run: &Run) -> io::Result<()> {
    for report in &run.reports {
        match &report.ended {
            Ended::Played(played) if played.outcome.passed() => {}
            Ended::Skipped(_) => {}
            Ended::Played(played) => failed(out, report, played)?,
            Ended::Unusable(error) => {
                writeln!(out)?;
                mistakes::unusable(out, error)?;
            }
            Ended::NotPlayed(error) => not_played(out, report, error)?,
            Ended::TimedOut(limit) => {
                let name = printable(&report.title.whole(), LONGEST);
                writeln!(out, "\n{BAD}TIME{BAD:#}  {name}: {}", problems::timed_out(*limit))?;
            }
            Ended::Crashed => {
                let name = printable(&report.title.whole(), LONGEST);
                writeln!(out, "\n{BAD}error{BAD:#}: {name}: {}", problems::CRASHED)?;
            }
        }
        if let Some(kept) = Kept::of(report) {
            writeln!(out, "\n{kept}")?;
        }
    }
    stale(out, &run.stale_snapshots)?;
    writeln!(out)?;
    write!(
        out,
        "{}: {} passed",
        plural(run.reports.len(), "scenario"),
        run.count(Verdict::Passed)
    )?;
    let others = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Passed);
    for (verdict, count) in others.map(|verdict| (verdict, run.count(verdict))) {
        let words = verdict.words();
        match (count, verdict.is_bad()) {
            (0, _) => {}
            (_, true) => write!(out, ", {BAD}{count} {words}{BAD:#}")?,
            (_, false) => write!(out, ", {count} {words}")?,
        }
    }
    for (count, words) in [(run.not_selected, "not selected"), (run.not_played, "not played")] {
        if count > 0 {
            write!(out, ", {count} {words}")?;
        }
    }
    writeln!(out, " in {}", real(run.elapsed))?;
    match &run.coverage {
        Some(measured) => coverage::text(out, measured),
        None => Ok(()),
    }
}

/// The snapshots that nothing uses any more, and what to do.
fn stale(out: &mut dyn Write, stale: &Stale) -> io::Result<()> {
    let unused = "no step uses these snapshots any more; --update-snapshots removes them:";
    let orphaned = "the scenario of these snapshots is not there any more; --update-snapshots removes them, and where it \
                    only has another name, give that to their folder:";
    listed(out, unused, &stale.unused)?;
    listed(out, orphaned, &stale.orphaned)
}

fn listed(out: &mut dyn Write, heading: &str, files: &[PathBuf]) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}")?;
    for file in files.iter().take(SHOWN) {
        writeln!(out, "  {}", shown(file))?;
    }
    if files.len() > SHOWN {
        writeln!(out, "  and {} more", files.len() - SHOWN)?;
    }
    Ok(())
}

fn failed(out: &mut dyn Write, report: &Report, played: &Played) -> io::Result<()> {
    let name = &report.title.whole();
    let outcome = &played.outcome;
    writeln!(
        out,
        "\n{BAD}FAIL{BAD:#}  {}: {}",
        printable(name, LONGEST),
        plural(outcome.failures.len(), "failure")
    )?;
    for failure in outcome.failures.iter().take(SHOWN) {
        writeln!(out)?;
        out.write_all(problems::diagnostic(failure, report).render(&played.source).as_bytes())?;
        nearest(out, failure)?;
        difference(out, failure)?;
    }
    if outcome.failures.len() > SHOWN {
        writeln!(
            out,
            "\nand {} more; --format json has all of them",
            outcome.failures.len() - SHOWN
        )?;
    }
    if let Some(told) = chaos::told(played) {
        writeln!(out)?;
        for line in told.lines() {
            writeln!(out, "{line}")?;
        }
    }
    undelivered(out, &outcome.undelivered)?;
    happened(out, played)
}

/// The row that comes nearest, field by field where several differ, and those that come next.
fn nearest(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    let Some(nearest) = &failure.nearest else {
        return Ok(());
    };
    writeln!(out, "{nearest}")?;
    for next in &failure.further {
        let differences = plural(next.differences.len(), "difference");
        let row = printable(&next.row.to_string(), LONGEST);
        writeln!(out, "  then:     {row} {DIM}({differences}){DIM:#}")?;
    }
    Ok(())
}

/// What a text has that it had not, and the other way round.
fn difference(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    let Some(diff) = &failure.diff else {
        return Ok(());
    };
    writeln!(out)?;
    for line in &diff.lines {
        let (style, shown) = (style_of(line.kind), line.shown());
        writeln!(out, "{style}{shown}{style:#}")?;
    }
    if diff.more > 0 {
        writeln!(out, "{DIM}  … and {} more lines{DIM:#}", diff.more)?;
    }
    Ok(())
}

fn style_of(kind: LineKind) -> Style {
    match kind {
        LineKind::Same => Style::new(),
        LineKind::Removed => GONE,
        LineKind::Added => NEW,
        LineKind::Gap => DIM,
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

/// What happened to those whom the failures concern, and what Attribution has of them.
fn happened(out: &mut dyn Write, played: &Played) -> io::Result<()> {
    let told = timeline::told(played);
    if told.messages.is_empty() {
        return Ok(());
    }
    let whose = match told.visitors {
        [] => String::new(),
        visitors => format!(" to {}", printable(&visitors.join(" and "), LONGEST)),
    };
    let start = timeline::start(played);
    writeln!(out, "\nwhat happened{whose}, from {start}:")?;
    messages(out, played, &told)?;
    recorded(out, &told)
}

fn messages(out: &mut dyn Write, played: &Played, told: &Told<'_>) -> io::Result<()> {
    let start = timeline::start(played);
    for message in told.messages.iter().take(SHOWN) {
        let line = played.source.position(message.at.start).line;
        let (since, words) = (timeline::since(start, message.made), timeline::words(message));
        let words = printable(&words, LONGEST);
        let (attempts, more) = timeline::attempts(message);
        let attempts: Vec<_> = attempts.collect();
        // Of an attempt without trouble there is no more to tell than that it was one.
        if let [(_, only)] = attempts.as_slice()
            && only.succeeded
            && only.at == message.made
        {
            let answer = printable(&only.answer, LONGEST);
            writeln!(out, "  {since} line {line}: {words}: {answer}, {}", message.fate)?;
            continue;
        }
        writeln!(out, "  {since} line {line}: {words}: {}", message.fate)?;
        let gap = attempts.len() / 2;
        for (place, (number, attempt)) in attempts.into_iter().enumerate() {
            if more > 0 && place == gap {
                writeln!(out, "    … {more} more attempts …")?;
            }
            let (since, answer) = (timeline::since(start, attempt.at), printable(&attempt.answer, LONGEST));
            writeln!(out, "    {since} attempt {number}: {answer}")?;
        }
    }
    let more = told.messages.len().saturating_sub(SHOWN) + told.more_messages;
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    Ok(())
}

fn recorded(out: &mut dyn Write, told: &Told<'_>) -> io::Result<()> {
    if told.recorded.is_empty() {
        return writeln!(out, "\nAttribution has nothing of it");
    }
    writeln!(out, "\nwhat Attribution has of it:")?;
    for row in told.recorded.iter().take(SHOWN) {
        writeln!(out, "  {} {}", row.section, printable(&row.row.to_string(), LONGEST))?;
    }
    let more = told.recorded.len().saturating_sub(SHOWN) + told.more_recorded;
    if more > 0 {
        writeln!(out, "  and {more} more")?;
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
    if let RunError::ChaosInRealTime { source, at } = error {
        let diagnostic = Diagnostic::new(*at, error.to_string()).help(problems::CHAOS_HELP);
        return out.write_all(diagnostic.render(source).as_bytes());
    }
    let path = shown(&report.title.path);
    writeln!(out, "{BAD}error{BAD:#}: {path}: {}", problems::why_not(error))
}

/// So many of something.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}
