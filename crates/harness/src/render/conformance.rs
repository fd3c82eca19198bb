//! How a server's answers compare with the double's, case by case.

use std::io::{self, Write};

use conformance::{Case, CaseReport, Difference, Verdict};
use scenario::printable;
use serde_json::{Value, json};

use super::style::{BAD, DIM, GOOD};
use crate::exit::ExitStatus;

/// The longest text of others' that is shown whole.
const LONGEST: usize = 300;

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    cases: usize,
    same: usize,
    differing: usize,
    unanswered: usize,
}

impl Counts {
    /// So many cases, of which none was played yet.
    pub(crate) fn of(cases: usize) -> Self {
        Self {
            cases,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, report: &CaseReport) {
        let count = match report.verdict {
            Verdict::Same => &mut self.same,
            Verdict::Differs(_) => &mut self.differing,
            Verdict::NoAnswer(_) => &mut self.unanswered,
        };
        *count += 1;
    }

    /// How the command ends.
    pub(crate) fn status(&self) -> ExitStatus {
        match (self.unanswered, self.differing) {
            (0, 0) => ExitStatus::Passed,
            (0, _) => ExitStatus::Failed,
            _ => ExitStatus::Broken,
        }
    }

    fn not_played(&self) -> usize {
        self.cases - self.same - self.differing - self.unanswered
    }
}

/// The lines of one case.
pub(crate) fn report(out: &mut dyn Write, report: &CaseReport) -> io::Result<()> {
    let CaseReport { name, request, .. } = report;
    match &report.verdict {
        Verdict::Same => writeln!(out, "{GOOD}same{GOOD:#}       {}", shown(name)),
        Verdict::Differs(differences) => {
            writeln!(out, "{BAD}DIFFERS{BAD:#}    {}: {}", shown(name), shown(request))?;
            writeln!(out, "           {DIM}{}{DIM:#}", shown(&report.about))?;
            for difference in differences {
                let words = words(difference);
                writeln!(out, "           {}", shown(&words))?;
                writeln!(out, "             = {}", difference.meaning())?;
            }
            Ok(())
        }
        Verdict::NoAnswer(error) => {
            writeln!(
                out,
                "{BAD}NO ANSWER{BAD:#}  {}: {}",
                shown(name),
                shown(&error.to_string())
            )
        }
    }
}

/// What others wrote, fit for a terminal.
fn shown(text: &str) -> String {
    printable(text, LONGEST)
}

fn words(difference: &Difference) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    match difference {
        Difference::StatusClass { double, target } | Difference::Status { double, target } => {
            format!("status {target} where the double answers {double}")
        }
        Difference::ContentType { double, target } => {
            format!(
                "content type {} where the double has {}",
                or_none(target),
                or_none(double)
            )
        }
        Difference::NotJson => "the body is no JSON, as the double's is".to_owned(),
        Difference::Shape {
            pointer,
            double,
            target,
        } => format!("at \"{pointer}\" of the body {target} where the double has {double}"),
        Difference::NotForPages => "no Access-Control-Allow-Origin, which the double sends to pages".to_owned(),
    }
}

/// The last line, after an empty one.
pub(crate) fn summary(out: &mut dyn Write, counts: &Counts) -> io::Result<()> {
    let Counts {
        cases,
        same,
        differing,
        unanswered,
    } = *counts;
    let s = if cases == 1 { "" } else { "s" };
    write!(out, "\n{cases} case{s}: {same} same")?;
    for (count, what) in [
        (differing, "differing"),
        (unanswered, "without an answer"),
        (counts.not_played(), "not played"),
    ] {
        if count > 0 {
            write!(out, ", {count} {what}")?;
        }
    }
    writeln!(out)
}

/// One case in one line of JSON.
pub(crate) fn report_json(out: &mut dyn Write, report: &CaseReport) -> io::Result<()> {
    let mut line = json!({
        "name": report.name,
        "dialect": report.dialect.as_str(),
        "about": report.about,
        "request": report.request,
        "double": report.double,
        "target": report.target,
    });
    match &report.verdict {
        Verdict::Same => line["verdict"] = "same".into(),
        Verdict::Differs(differences) => {
            line["verdict"] = "differs".into();
            line["differences"] = differences.iter().map(difference_json).collect();
        }
        Verdict::NoAnswer(error) => {
            line["verdict"] = "no_answer".into();
            line["error"] = error.to_string().into();
        }
    }
    writeln!(out, "{}", json!({ "case": line }))
}

fn difference_json(difference: &Difference) -> Value {
    let meaning = difference.meaning();
    match difference {
        Difference::StatusClass { double, target } => {
            json!({ "in": "status_class", "double": double, "target": target, "meaning": meaning })
        }
        Difference::Status { double, target } => {
            json!({ "in": "status", "double": double, "target": target, "meaning": meaning })
        }
        Difference::ContentType { double, target } => {
            json!({ "in": "content_type", "double": double, "target": target, "meaning": meaning })
        }
        Difference::NotJson => json!({ "in": "body", "double": "JSON", "target": "no JSON", "meaning": meaning }),
        Difference::Shape {
            pointer,
            double,
            target,
        } => json!({ "in": "body", "pointer": pointer, "double": double, "target": target, "meaning": meaning }),
        Difference::NotForPages => json!({ "in": "access_control_allow_origin", "meaning": meaning }),
    }
}

/// The last line in JSON.
pub(crate) fn summary_json(out: &mut dyn Write, counts: &Counts) -> io::Result<()> {
    let summary = json!({
        "cases": counts.cases,
        "same": counts.same,
        "differing": counts.differing,
        "unanswered": counts.unanswered,
        "not_played": counts.not_played(),
    });
    writeln!(out, "{}", json!({ "summary": summary }))
}

/// A case that could be played.
pub(crate) fn listed(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    writeln!(out, "{}  {DIM}{}{DIM:#}", shown(&case.name), shown(&case.about))
}

/// The same in JSON.
pub(crate) fn listed_json(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    let line = json!({
        "name": case.name,
        "dialect": case.dialect.as_str(),
        "about": case.about,
        "request": format!("{} {}", case.request.method, case.request.path),
    });
    writeln!(out, "{line}")
}
