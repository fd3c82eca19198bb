//! What came of scenarios, for machines: one JSON object a line.
//!
//! Each scenario is `{"scenario":{…}}` with `file`, `status` and, when it was played, the whole outcome; the last
//! line is `{"summary":{…}}`. Durations on the wall end in `_ms` and are the only thing that differs between two runs
//! of a seed.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::commands::files::LoadError;
use crate::commands::run::{Ended, Played, Report};
use crate::exit::ExitStatus;

/// The line of one scenario.
pub(crate) fn scenario(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut line = json!({
        "file": report.path.display().to_string(),
        "status": word(report.ended.status()),
        "real_ms": millis(report.real),
    });
    match &report.ended {
        Ended::Played(played) => line["outcome"] = outcome(played)?,
        Ended::Unusable(LoadError::Mistakes(error)) => {
            let place = |found: &scenario::Diagnostic| {
                json!({
                    "position": error.source.position(found.at.start),
                    "message": found.message,
                    "label": found.label,
                    "help": found.help,
                })
            };
            line["mistakes"] = error.diagnostics.iter().map(place).collect();
            line["more_mistakes"] = error.more.into();
        }
        Ended::Unusable(LoadError::Unreadable(_, error)) => line["error"] = error.to_string().into(),
        Ended::NotPlayed(error) => line["error"] = error.to_string().into(),
    }
    writeln!(out, "{}", json!({ "scenario": line }))
}

/// The last line.
pub(crate) fn summary(out: &mut dyn Write, reports: &[Report], elapsed: Duration) -> io::Result<()> {
    let count = |status| reports.iter().filter(|report| report.ended.status() == status).count();
    let summary = json!({
        "scenarios": reports.len(),
        "passed": count(ExitStatus::Passed),
        "failed": count(ExitStatus::Failed),
        "invalid": count(ExitStatus::Invalid),
        "broken": count(ExitStatus::Broken),
        "real_ms": millis(elapsed),
    });
    writeln!(out, "{}", json!({ "summary": summary }))
}

/// The outcome with `position`, line and column, beside each failure's bytes.
fn outcome(played: &Played) -> io::Result<Value> {
    let mut value = serde_json::to_value(&played.outcome)?;
    if let Some(failures) = value["failures"].as_array_mut() {
        for (shown, failure) in failures.iter_mut().zip(&played.outcome.failures) {
            shown["position"] = serde_json::to_value(played.source.position(failure.at.start))?;
        }
    }
    Ok(value)
}

fn word(status: ExitStatus) -> &'static str {
    match status {
        ExitStatus::Passed => "passed",
        ExitStatus::Failed => "failed",
        ExitStatus::Invalid => "invalid",
        ExitStatus::Broken => "broken",
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
