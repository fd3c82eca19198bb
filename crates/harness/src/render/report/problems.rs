//! What is wrong with a scenario, problem by problem: the text and its place.

use scenario::{Diagnostic, Failure, Position, RunError, Source, Span, printable};

use crate::commands::files::LoadError;
use crate::commands::run::report::{Ended, Played, Report};
use crate::render::duration::{real, virtual_time};
use crate::render::{chaos, shell};

/// What is said of a scenario whose playing made this program panic.
pub(crate) const CRASHED: &str = "harness itself failed while it played this scenario: standard error says where";

/// What to do with a scenario that can't be played in real time.
pub(crate) const CHAOS_HELP: &str = "leave --live out: chaos costs nothing in virtual time";

/// One thing that is wrong.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Where, if it has a place in the file.
    pub(crate) at: Option<Position>,
    /// The file that the place is in, where it is one that the scenario includes.
    pub(crate) included: Option<String>,
    /// What it is about, in a few words.
    pub(crate) kind: &'static str,
    /// What is wrong, in one line.
    pub(crate) message: String,
    /// All there is to say of it, in several lines.
    pub(crate) text: String,
    /// What was expected and what there is instead.
    pub(crate) values: Option<(String, String)>,
    /// The lines in which a text differs from the one that was expected.
    pub(crate) diff: Option<String>,
}

/// How much of a value or a message is told.
const LONGEST: usize = 300;

impl Problem {
    /// The file that it is in.
    pub(crate) fn file(&self, report: &Report) -> String {
        self.included.clone().unwrap_or_else(|| report.title.file())
    }
}

/// Everything that is wrong with a scenario; nothing, where it passed or was skipped.
pub(crate) fn of(report: &Report) -> Vec<Problem> {
    match &report.ended {
        Ended::Skipped(_) => Vec::new(),
        Ended::Played(played) => {
            let failures = played
                .outcome
                .failures
                .iter()
                .map(|failure| unmet(failure, played, report));
            failures.chain(chaos::told(played).as_ref().map(under_chaos)).collect()
        }
        Ended::TimedOut(limit) => vec![plain("timeout", timed_out(*limit))],
        Ended::Unusable(LoadError::Mistakes(error)) => {
            let mistake = |found: &Diagnostic| Problem {
                at: Some(error.source.position(found.at.start)),
                included: included(&error.source, found.at),
                kind: "mistake",
                message: match &found.help {
                    Some(help) => format!("{}: {}", printable(&found.message, LONGEST), printable(help, LONGEST)),
                    None => printable(&found.message, LONGEST),
                },
                text: found.render(&error.source),
                values: None,
                diff: None,
            };
            error.diagnostics.iter().map(mistake).collect()
        }
        Ended::Unusable(LoadError::Unreadable(_, error)) => {
            let why = printable(&error.to_string(), LONGEST);
            vec![plain("unreadable", format!("the file can't be read: {why}"))]
        }
        Ended::NotPlayed(RunError::TooLong { source, at, needs, .. }) => {
            let needs = virtual_time(*needs);
            let message = format!("with --live the scenario takes {needs}, which is longer than --live-limit");
            vec![Problem {
                at: Some(source.position(at.start)),
                included: included(source, *at),
                ..plain("limit", message)
            }]
        }
        Ended::NotPlayed(error @ RunError::ChaosInRealTime { source, at }) => vec![Problem {
            at: Some(source.position(at.start)),
            included: included(source, *at),
            ..plain("chaos", format!("{error}: {CHAOS_HELP}"))
        }],
        Ended::NotPlayed(error) => vec![plain("not played", why_not(error))],
        Ended::Crashed => vec![plain("crashed", CRASHED.to_owned())],
    }
}

/// An expectation that did not hold.
fn unmet(failure: &Failure, played: &Played, report: &Report) -> Problem {
    let diagnostic = diagnostic(failure, report);
    let text = failure.to_string();
    Problem {
        at: Some(played.source.position(failure.at.start)),
        included: included(&played.source, failure.at),
        kind: "expectation",
        message: match &diagnostic.label {
            Some(label) => format!("{}: {label}", diagnostic.message),
            None => diagnostic.message,
        },
        text: match &diagnostic.help {
            Some(help) => format!("{text}\n\n{help}"),
            None => text,
        },
        values: Some((
            printable(&failure.expected, LONGEST),
            printable(&failure.actual, LONGEST),
        )),
        diff: failure.diff.as_ref().map(ToString::to_string),
    }
}

/// A failure as a mistake in the scenario, with what to do about it where a command does it.
pub(crate) fn diagnostic(failure: &Failure, report: &Report) -> Diagnostic {
    let diagnostic = failure.diagnostic();
    if failure.diff.is_none() {
        return diagnostic;
    }
    let file = printable(&report.title.path.display().to_string(), LONGEST);
    diagnostic.help(format!(
        "if this is as it should be, `harness run {} --update-snapshots` writes it",
        shell::word(&file)
    ))
}

/// Which run of chaos failed, and how to see it again.
fn under_chaos(told: &chaos::Told) -> Problem {
    let again = told
        .commands
        .first()
        .map(|(what, command)| format!("{what}: {command}"));
    // What to do comes first: whoever shows the message may cut it.
    let parts = std::iter::once(told.summary.clone()).chain(again);
    let parts: Vec<String> = parts.chain(told.steps.iter().cloned()).collect();
    Problem {
        text: told.lines().join("\n"),
        ..plain("chaos", parts.join("; "))
    }
}

/// What is said of a scenario that took too long.
pub(crate) fn timed_out(limit: std::time::Duration) -> String {
    format!(
        "it was still running after {} and was given up: see --timeout",
        real(limit)
    )
}

/// Why a scenario was not played, with what to do where that is known.
pub(crate) fn why_not(error: &RunError) -> String {
    match error {
        RunError::NoChaos => format!("{error}: leave --chaos-run out"),
        _ => causes(error),
    }
}

/// An error with all its causes.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// The file that a place is in, unless it is the scenario's own.
pub(crate) fn included(source: &Source, at: Span) -> Option<String> {
    let name = source.name_at(at.start);
    (name != source.name).then(|| name.to_owned())
}

fn plain(kind: &'static str, message: String) -> Problem {
    Problem {
        at: None,
        included: None,
        kind,
        text: message.clone(),
        message,
        values: None,
        diff: None,
    }
}
