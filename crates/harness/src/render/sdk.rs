//! How an SDK did, case by case.

use std::io::{self, Write};

use scenario::printable;
use sdk_contract::{Case, CaseReport, Failure};
use serde_json::json;

use super::style::{BAD, DIM, GOOD};
use crate::exit::ExitStatus;

/// The longest text of others' that is shown whole.
const LONGEST: usize = 500;

/// What is to be said of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Everything was as it should be.
    Pass,
    /// Something was not.
    Fail,
    /// Something was not, as is known.
    Known,
    /// It is known to fail, and did not.
    Unknown,
}

impl Word {
    pub(crate) fn of(report: &CaseReport, known: bool) -> Self {
        match (report.passed(), known) {
            (true, false) => Self::Pass,
            (false, false) => Self::Fail,
            (false, true) => Self::Known,
            (true, true) => Self::Unknown,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Known => "known",
            Self::Unknown => "passes although known to fail",
        }
    }
}

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    passed: usize,
    failed: usize,
    known: usize,
}

impl Counts {
    pub(crate) fn add(&mut self, word: Word) {
        let count = match word {
            Word::Pass => &mut self.passed,
            Word::Fail | Word::Unknown => &mut self.failed,
            Word::Known => &mut self.known,
        };
        *count += 1;
    }

    /// How the command ends.
    pub(crate) fn status(self) -> ExitStatus {
        if self.failed == 0 {
            ExitStatus::Passed
        } else {
            ExitStatus::Failed
        }
    }

    fn all(self) -> usize {
        self.passed + self.failed + self.known
    }
}

/// The lines of one case.
pub(crate) fn report(out: &mut dyn Write, word: Word, report: &CaseReport) -> io::Result<()> {
    let (id, about) = (report.id(), report.about);
    match word {
        Word::Pass => writeln!(out, "{GOOD}pass{GOOD:#}   {id}: {about}"),
        Word::Known => {
            writeln!(out, "{DIM}known{DIM:#}  {id}: {about}")?;
            failures(out, &report.failures)
        }
        Word::Unknown => {
            writeln!(out, "{BAD}FAIL{BAD:#}   {id}: {about}")?;
            writeln!(out, "         it passes, so --known {id} is to be taken away")
        }
        Word::Fail => {
            writeln!(out, "{BAD}FAIL{BAD:#}   {id}: {about}")?;
            failures(out, &report.failures)?;
            for (index, request) in report.requests.iter().enumerate() {
                writeln!(out, "         {DIM}request {}: {}{DIM:#}", index + 1, shown(request))?;
            }
            if report.requests.is_empty() {
                writeln!(out, "         {DIM}no request with messages came{DIM:#}")?;
            }
            if !report.stderr.is_empty() {
                writeln!(
                    out,
                    "         {DIM}standard error ends: {}{DIM:#}",
                    shown(&report.stderr)
                )?;
            }
            Ok(())
        }
    }
}

fn failures(out: &mut dyn Write, failures: &[Failure]) -> io::Result<()> {
    for Failure { what, expected, actual } in failures {
        writeln!(
            out,
            "         {}: expected {}, found {}",
            shown(what),
            shown(expected),
            shown(actual)
        )?;
    }
    Ok(())
}

/// What others wrote, fit for a terminal.
fn shown(text: &str) -> String {
    printable(text, LONGEST)
}

/// The last line, after an empty one.
pub(crate) fn summary(out: &mut dyn Write, counts: Counts) -> io::Result<()> {
    let Counts { passed, failed, known } = counts;
    let s = if counts.all() == 1 { "" } else { "s" };
    write!(out, "\n{} case{s}: {passed} passed", counts.all())?;
    for (count, what) in [(failed, "failed"), (known, "known to fail")] {
        if count > 0 {
            write!(out, ", {count} {what}")?;
        }
    }
    writeln!(out)
}

/// One case as one line.
pub(crate) fn report_json(out: &mut dyn Write, word: Word, report: &CaseReport) -> io::Result<()> {
    let failure =
        |failure: &Failure| json!({"what": failure.what, "expected": failure.expected, "actual": failure.actual});
    let mut line = json!({
        "case": report.id(),
        "about": report.about,
        "verdict": word.as_str(),
        "failures": report.failures.iter().map(failure).collect::<Vec<_>>(),
        "requests": report.requests,
    });
    if word == Word::Fail {
        line["stderr"] = report.stderr.clone().into();
    }
    writeln!(out, "{line}")
}

/// The summary as one line.
pub(crate) fn summary_json(out: &mut dyn Write, counts: Counts) -> io::Result<()> {
    let Counts { passed, failed, known } = counts;
    let line = json!({"cases": counts.all(), "passed": passed, "failed": failed, "known": known});
    writeln!(out, "{line}")
}

/// One case in a list.
pub(crate) fn listed(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    writeln!(out, "{}: {}", case.id(), case.about)
}

/// One case in a list, as one line.
pub(crate) fn listed_json(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    writeln!(out, "{}", json!({"case": case.id(), "about": case.about}))
}
