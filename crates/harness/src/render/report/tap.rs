//! The Test Anything Protocol, version 14 (testanything.org/tap-version-14-specification.html).

use std::fmt::Write as _;

use scenario::printable;
use serde_json::{Value, json};

use super::problems::{self, Problem};
use crate::commands::run::report::{Ended, Measured, Report, Run};
use crate::render::kept::Kept;
use crate::render::{chaos, coverage};

const LONGEST: usize = 300;

/// The whole stream.
pub(crate) fn render(run: &Run) -> String {
    let mut out = format!("TAP version 14\n1..{}\n", run.reports.len());
    for (number, report) in (1..).zip(&run.reports) {
        point(&mut out, number, report);
    }
    for (count, what) in [(run.not_selected, "not selected"), (run.not_played, "not played")] {
        if count > 0 {
            // Writing to a string can't fail.
            let _ = writeln!(out, "# {count} {what}");
        }
    }
    if let Some(measured) = &run.coverage {
        covered(&mut out, measured);
    }
    out
}

/// What was touched is no point: whoever reads them counts scenarios.
fn covered(out: &mut String, measured: &Measured) {
    // Writing to a string can't fail.
    let _ = writeln!(out, "# {}", coverage::total(&measured.coverage));
    let parts = measured.coverage.parts.iter().map(coverage::line);
    for line in parts.chain(coverage::problem(measured)) {
        let _ = writeln!(out, "# coverage: {line}");
    }
}

fn point(out: &mut String, number: usize, report: &Report) {
    let verdict = report.ended.verdict();
    let ok = if verdict.is_bad() { "not ok" } else { "ok" };
    let title = escaped(&report.title.whole());
    // Writing to a string can't fail.
    let _ = match &report.ended {
        Ended::Skipped(reason) => writeln!(out, "{ok} {number} - {title} # SKIP {}", escaped(reason)),
        _ => writeln!(out, "{ok} {number} - {title}"),
    };
    let _ = writeln!(out, "  ---\n  file: {}", quoted(&report.title.file()));
    let _ = writeln!(out, "  duration_ms: {:.3}", report.real.as_secs_f64() * 1_000.0);
    if let Ended::Played(played) = &report.ended
        && let Some(chaos) = &played.outcome.chaos
    {
        let _ = writeln!(out, "  chaos: {}", chaos::words(chaos));
    }
    if let Some(kept) = Kept::of(report) {
        let (folder, command) = (quoted(&kept.folder), quoted(&kept.command));
        let _ = writeln!(out, "  bundle: {folder}\n  again: {command}");
    }
    let problems = problems::of(report);
    if !problems.is_empty() {
        let _ = writeln!(out, "  severity: fail\n  problems:");
        for problem in problems {
            let _ = writeln!(out, "    - {}", described(&problem));
        }
    }
    out.push_str("  ...\n");
}

/// JSON, which is YAML too.
fn described(problem: &Problem) -> Value {
    let mut value = json!({ "kind": problem.kind, "message": problem.message });
    if let Some(at) = problem.at {
        value["at"] = json!({ "line": at.line, "column": at.column });
        if let Some(file) = &problem.included {
            value["at"]["file"] = file.as_str().into();
        }
    }
    if let Some((expected, actual)) = &problem.values {
        value["wanted"] = expected.as_str().into();
        value["found"] = actual.as_str().into();
    }
    if let Some(diff) = &problem.diff {
        value["diff"] = diff.as_str().into();
    }
    value
}

/// One line in which `#` begins no directive.
fn escaped(text: &str) -> String {
    let text = printable(text, LONGEST).replace('\\', "\\\\");
    text.replace('#', "\\#")
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
