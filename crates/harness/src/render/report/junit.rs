//! `JUnit` XML, as Jenkins and GitLab read it: a suite per file, a case per scenario, with `classname` made of the file's
//! path, so that both show the folders as a tree, and `file` and `line` for a link into the repository.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use scenario::printable;

use super::problems::{self, Problem};
use crate::commands::run::report::{Ended, Measured, Report, Run, Verdict};
use crate::render::chaos;
use crate::render::kept::Kept;

const LONGEST: usize = 300;

/// The whole document.
pub(crate) fn render(run: &Run) -> anyhow::Result<String> {
    let mut document = Document::new("harness");
    document.set_time(run.elapsed);
    let mut rest = run.reports.as_slice();
    while let Some(first) = rest.first() {
        let file = first.title.file();
        let same = rest.iter().take_while(|report| report.title.file() == file).count();
        let (of_file, others) = rest.split_at(same);
        document.add_test_suite(suite(&file, of_file));
        rest = others;
    }
    if let Some(measured) = &run.coverage {
        document.add_test_suite(covered(measured));
    }
    Ok(document.to_string()?)
}

/// What was touched: properties of a suite of its own, since it is of no file and only suites have properties.
fn covered(measured: &Measured) -> TestSuite {
    let mut suite = TestSuite::new("coverage");
    let mut put = |name: &str, value: String| {
        suite.add_property((format!("coverage.{name}"), value));
    };
    let share = measured.coverage.share();
    put("percent", share.percent().to_string());
    put("touched", share.touched.to_string());
    put("of", share.of.to_string());
    if let Some(least) = measured.least {
        put("min", least.to_string());
        put("missing", measured.missing().to_string());
    }
    for covered in &measured.coverage.parts {
        let part = covered.part.as_str();
        put(&format!("{part}.percent"), covered.share().percent().to_string());
        if !covered.untouched.is_empty() {
            put(&format!("{part}.untouched"), covered.untouched.join(", "));
        }
    }
    suite
}

fn suite(file: &str, reports: &[Report]) -> TestSuite {
    let mut suite = TestSuite::new(file);
    suite.set_time(reports.iter().map(|report| report.real).sum());
    suite.add_test_cases(reports.iter().map(case));
    suite
}

fn case(report: &Report) -> TestCase {
    let problems = problems::of(report);
    let file = report.title.file();
    let mut case = TestCase::new(printable(&report.title.whole(), LONGEST), status(report, &problems));
    case.set_classname(class(&file)).set_time(report.real);
    let in_the_file = problems.iter().filter(|problem| problem.included.is_none());
    let line = in_the_file.filter_map(|problem| problem.at).map(|at| at.line).next();
    if let Ended::Played(played) = &report.ended
        && let Some(chaos) = &played.outcome.chaos
    {
        case.set_system_out(chaos::words(chaos));
    }
    case.extra.insert("file".into(), file.into());
    if let Some(line) = line {
        case.extra.insert("line".into(), line.to_string().into());
    }
    case
}

fn status(report: &Report, problems: &[Problem]) -> TestCaseStatus {
    let kind = match report.ended.verdict() {
        Verdict::Passed => return TestCaseStatus::success(),
        Verdict::Skipped => {
            let mut status = TestCaseStatus::skipped();
            if let Ended::Skipped(reason) = &report.ended {
                status.set_message(reason.as_str());
            }
            return status;
        }
        Verdict::Failed | Verdict::TimedOut => NonSuccessKind::Failure,
        Verdict::Invalid | Verdict::Broken => NonSuccessKind::Error,
    };
    let mut status = TestCaseStatus::non_success(kind);
    if let Some(first) = problems.first() {
        let message = match problems.len() {
            1 => first.message.clone(),
            more => format!("{} (and {} more)", first.message, more - 1),
        };
        status.set_type(first.kind).set_message(message);
    }
    let texts = problems.iter().map(|problem| placed(report, problem));
    // GitLab shows nothing else of a case that failed.
    let kept = Kept::of(report).map(|kept| kept.to_string());
    let texts: Vec<String> = texts.chain(kept).collect();
    status.set_description(texts.join("\n\n"));
    status
}

/// The text with its place on top.
fn placed(report: &Report, problem: &Problem) -> String {
    let file = problem.file(report);
    match problem.at {
        Some(at) => format!("{file}:{}:{}\n{}", at.line, at.column, problem.text.trim_end()),
        None => format!("{file}\n{}", problem.text.trim_end()),
    }
}

/// A path as a class: `a/b.yaml` is `a.b`.
fn class(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let parts: Vec<&str> = stem
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect();
    parts.join(".")
}
