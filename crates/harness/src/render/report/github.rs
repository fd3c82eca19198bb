//! For GitHub Actions: workflow commands that become annotations, and a summary in Markdown
//! (docs.github.com, "Workflow commands for GitHub Actions").

use std::fmt::Write as _;

use scenario::printable;

use super::problems::{self, Problem};
use crate::commands::run::report::{Ended, Measured, Report, Run, Verdict};
use crate::render::duration::real;
use crate::render::kept::Kept;
use crate::render::outcome::plural;
use crate::render::{chaos, coverage};

/// How many rows the summary has: GitHub refuses one of more than 1 MiB.
const ROWS: usize = 500;

const LONGEST: usize = 300;

/// One line a problem. GitHub shows the first ten of a step beside the code, and all of them in the log.
pub(crate) fn annotations(run: &Run) -> String {
    let mut out = String::new();
    for report in &run.reports {
        for problem in problems::of(report) {
            annotation(&mut out, report, &problem);
        }
    }
    if let Some(problem) = run.coverage.as_ref().and_then(coverage::problem) {
        // Writing to a string can't fail.
        let _ = writeln!(out, "::error title=coverage::{}", message(&problem));
    }
    out
}

fn annotation(out: &mut String, report: &Report, problem: &Problem) {
    let file = property(&printable(&problem.file(report), LONGEST));
    let place = match problem.at {
        Some(at) => format!(",line={},col={}", at.line, at.column),
        None => String::new(),
    };
    let title = property(&printable(&report.title.whole(), LONGEST));
    let kept = Kept::of(report).map(|kept| kept.to_string());
    let parts = [Some(&problem.message), problem.diff.as_ref(), kept.as_ref()];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let message = message(&parts.join("\n"));
    // Writing to a string can't fail.
    let _ = writeln!(out, "::error file={file}{place},title={title}::{message}");
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

/// The counts, and a table of what did not pass.
pub(crate) fn summary(run: &Run) -> String {
    let mut out = format!("### {}: ", plural(run.reports.len(), "scenario"));
    let counts = Verdict::ALL.into_iter().map(|verdict| (verdict, run.count(verdict)));
    let counts = counts.filter(|(verdict, count)| *count > 0 || *verdict == Verdict::Passed);
    let counts: Vec<String> = counts
        .map(|(verdict, count)| format!("{count} {}", verdict.words()))
        .collect();
    // Writing to a string can't fail.
    let _ = writeln!(out, "{} in {}\n", counts.join(", "), real(run.elapsed));
    let under_chaos = run.reports.iter().filter_map(|report| match &report.ended {
        Ended::Played(played) => played.outcome.chaos.as_ref(),
        _ => None,
    });
    let runs: Vec<usize> = under_chaos.map(chaos::runs).collect();
    if !runs.is_empty() {
        let (runs, scenarios) = (runs.iter().sum(), plural(runs.len(), "scenario"));
        let _ = writeln!(out, "{} of {scenarios}\n", plural(runs, "chaos run"));
    }
    if let Some(measured) = &run.coverage {
        out.push_str(&covered(measured));
    }
    let rows: Vec<String> = run.reports.iter().flat_map(rows).collect();
    if !rows.is_empty() {
        out.push_str("| | scenario | place | what |\n|---|---|---|---|\n");
        out.extend(rows.iter().take(ROWS).map(String::as_str));
        if rows.len() > ROWS {
            let _ = writeln!(out, "\nand {} more", rows.len() - ROWS);
        }
        out.push('\n');
    }
    out
}

/// What was touched of each part, folded.
fn covered(measured: &Measured) -> String {
    let mut out = format!(
        "<details><summary>{}</summary>\n\n| | touched | | not touched |\n|---|---|---|---|\n",
        coverage::total(&measured.coverage)
    );
    for covered in &measured.coverage.parts {
        let (part, touched) = (covered.part.words(), covered.share());
        let (share, percent) = (coverage::share(touched), coverage::percent(touched.percent()));
        let untouched = escaped(&covered.untouched.join(", "));
        // Writing to a string can't fail.
        let _ = writeln!(out, "| {part} | {share} | {percent} | {untouched} |");
    }
    out.push_str("\n</details>\n\n");
    if let Some(problem) = coverage::problem(measured) {
        let _ = writeln!(out, "❌ {problem}\n");
    }
    out
}

fn rows(report: &Report) -> Vec<String> {
    let (file, title) = (cell(&report.title.file()), cell(&report.title.whole()));
    let row = |sign: &str, place: &str, what: &str| format!("| {sign} | {title} | {place} | {what} |\n");
    if let Ended::Skipped(reason) = &report.ended {
        return vec![row("⏭", &file, &cell(reason))];
    }
    let problem = |problem: Problem| {
        let file = cell(&problem.file(report));
        let place = match problem.at {
            Some(at) => format!("{file}:{}", at.line),
            None => file,
        };
        row("❌", &place, &cell(&problem.message))
    };
    let kept = Kept::of(report).map(|kept| row("🔁", &cell(&kept.folder), &escaped(&kept.to_string())));
    problems::of(report).into_iter().map(problem).chain(kept).collect()
}

/// Text in a cell of a table, in which nothing is markup.
fn cell(text: &str) -> String {
    escaped(&printable(text, LONGEST))
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '@' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
