//! A scenario and a whole run as JSON values, for the lines of standard output and for the report.

use std::io;
use std::time::Duration;

use scenario::{Diagnostic, Message, ScenarioError, Span};
use serde_json::{Value, json};

use super::problems::included;
use super::timeline::{self, Told};
use crate::commands::files::LoadError;
use crate::commands::run::report::{Ended, Measured, Played, Report, Run, Verdict};

/// What came of one scenario.
pub(crate) fn scenario(report: &Report) -> io::Result<Value> {
    let title = &report.title;
    let mut value = json!({
        "file": title.file(),
        "name": title.name,
        "status": report.ended.verdict().as_str(),
        "seed": title.seed.to_string(),
        "real_ms": millis(report.real),
    });
    if let Some((number, of)) = title.repetition {
        value["repetition"] = json!({ "number": number, "of": of });
    }
    if let Some(bundle) = &report.bundle {
        value["bundle"] = bundle.display().to_string().into();
    }
    match &report.ended {
        Ended::Played(played) => value["outcome"] = outcome(played)?,
        Ended::Skipped(reason) => value["reason"] = reason.as_str().into(),
        Ended::TimedOut(limit) => value["timeout_ms"] = millis(*limit).into(),
        Ended::Unusable(error) => add_unusable(&mut value, error),
        Ended::NotPlayed(error) => value["error"] = error.to_string().into(),
        Ended::Crashed => value["error"] = super::problems::CRASHED.into(),
    }
    Ok(value)
}

/// Adds why a file can't be used.
pub(crate) fn add_unusable(value: &mut Value, error: &LoadError) {
    match error {
        LoadError::Mistakes(error) => {
            value["mistakes"] = error.diagnostics.iter().map(|found| mistake(error, found)).collect();
            value["more_mistakes"] = error.more.into();
        }
        LoadError::Unreadable(_, error) => value["error"] = error.to_string().into(),
    }
}

/// A `file` is named where it is not the scenario's own.
fn mistake(error: &ScenarioError, found: &Diagnostic) -> Value {
    let mut shown = json!({
        "position": error.source.position(found.at.start),
        "message": found.message,
        "label": found.label,
        "help": found.help,
    });
    if let Some(file) = included(&error.source, found.at) {
        shown["file"] = file.into();
    }
    shown
}

/// The counts.
pub(crate) fn summary(run: &Run) -> Value {
    let mut summary = json!({ "scenarios": run.reports.len() });
    for verdict in Verdict::ALL {
        summary[verdict.as_str()] = run.count(verdict).into();
    }
    summary["not_selected"] = run.not_selected.into();
    summary["not_played"] = run.not_played.into();
    // Known only when all were played, so that no line of a scenario can say it.
    let bundles = run.reports.iter().filter_map(|report| report.bundle.as_ref());
    let bundles: Vec<String> = bundles.map(|bundle| bundle.display().to_string()).collect();
    if !bundles.is_empty() {
        summary["bundles"] = bundles.into();
    }
    summary["stale_snapshots"] = run.stale_snapshots.files().count().into();
    for (key, files) in [
        ("unused_snapshots", &run.stale_snapshots.unused),
        ("orphaned_snapshots", &run.stale_snapshots.orphaned),
    ] {
        if !files.is_empty() {
            let files = files.iter().map(|file| file.display().to_string());
            summary[key] = files.collect::<Vec<String>>().into();
        }
    }
    summary["real_ms"] = millis(run.elapsed).into();
    summary
}

/// What of the contract was touched, part by part.
pub(crate) fn coverage(measured: &Measured) -> Value {
    let share = measured.coverage.share();
    let mut value = json!({
        "touched": share.touched,
        "of": share.of,
        "percent": share.percent(),
    });
    if let Some(least) = measured.least {
        value["min"] = least.into();
        value["missing"] = measured.missing().into();
    }
    for covered in &measured.coverage.parts {
        value["parts"][covered.part.as_str()] = json!({
            "touched": covered.touched,
            "untouched": covered.untouched,
            "percent": covered.share().percent(),
        });
    }
    value
}

/// The outcome with `position`, line and column, beside each failure's bytes, and the timeline.
fn outcome(played: &Played) -> io::Result<Value> {
    let mut value = serde_json::to_value(&played.outcome)?;
    if let Some(failures) = value["failures"].as_array_mut() {
        for (shown, failure) in failures.iter_mut().zip(&played.outcome.failures) {
            shown["position"] = serde_json::to_value(played.source.position(failure.at.start))?;
            if let Some(file) = included(&played.source, failure.at) {
                shown["file"] = file.into();
            }
        }
    }
    let failed = played.outcome.chaos.as_ref().and_then(|chaos| chaos.failed.as_ref());
    if let Some(failed) = failed {
        for (index, planned) in failed.faults.iter().enumerate() {
            let position = played.source.position(planned.before.start);
            value["chaos"]["failed"]["faults"][index]["position"] = serde_json::to_value(position)?;
        }
        value["chaos"]["failed"]["replay"] = played.replay.as_deref().into();
    }
    value["timeline"] = told(played, &timeline::told(played));
    Ok(value)
}

fn told(played: &Played, told: &Told<'_>) -> Value {
    let line = |at: Span| played.source.position(at.start).line;
    let message = |message: &&Message| {
        let (attempts, more) = timeline::attempts(message);
        json!({
            "line": line(message.at),
            "at": message.made.to_string(),
            "kind": message.kind,
            "name": message.name,
            "message_id": message.message_id,
            "ids": message.ids,
            "visitor": message.visitor,
            "fate": message.fate,
            "attempts": attempts.map(|(number, attempt)| json!({
                "number": number,
                "at": attempt.at.to_string(),
                "took_ms": millis(attempt.took),
                "answer": attempt.answer,
            })).collect::<Vec<_>>(),
            "more_attempts": more,
        })
    };
    let recorded =
        |row: &&scenario::Recorded| json!({ "section": row.section, "visitor": row.visitor, "row": row.row });
    json!({
        "visitors": told.visitors,
        "messages": told.messages.iter().map(message).collect::<Vec<_>>(),
        "more_messages": told.more_messages,
        "recorded": told.recorded.iter().map(recorded).collect::<Vec<_>>(),
        "more_recorded": told.more_recorded,
    })
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
