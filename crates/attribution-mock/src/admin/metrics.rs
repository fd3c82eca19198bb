//! Counts for Prometheus, in its text format 0.0.4. No project is named: an id lets its sender in.

use std::fmt::Write as _;

use attribution_ledger::{Route, rules};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

use super::ask::{Ask, Nothing};
use crate::exchange::{Asked, Problem};
use crate::mock::Mock;
use crate::tally::Tally;

/// The metrics of one project, or of everyone where nobody is named.
pub(crate) async fn metrics(
    State(mock): State<Mock>,
    asked: Asked,
    Ask(Nothing): Ask<Nothing>,
) -> Result<Response, Problem> {
    let views = match asked.seen(&mock)? {
        Some(one) => vec![one],
        None => mock.everyone(),
    };
    let mut tally = Tally::default();
    for view in &views {
        tally.add(&view.record().tally);
    }
    let journaled = views.iter().map(Mock::received).sum();
    let faults = views.iter().map(|view| view.faults().len()).sum();
    let uptime = mock.config().clock.elapsed().as_secs_f64();
    let text = text(&tally, journaled, faults, uptime);
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn text(tally: &Tally, journaled: usize, faults: usize, uptime: f64) -> String {
    let mut text = String::new();
    family(
        &mut text,
        "harness_requests_total",
        "counter",
        "Requests to a path that takes events, as journaled.",
    );
    for ((route, verdict, status), count) in &tally.requests {
        let dialect = route.map_or("none", |route| route.dialect().as_str());
        let path = route.map_or("other", Route::path);
        let labels = format!(
            "dialect=\"{dialect}\",path=\"{path}\",verdict=\"{}\",status=\"{status}\"",
            verdict.as_str()
        );
        sample(&mut text, "harness_requests_total", &labels, count);
    }
    family(
        &mut text,
        "harness_violations_total",
        "counter",
        "Rules that requests were found to break on arrival.",
    );
    for ((rule, severity), count) in &tally.violations {
        let name = rules::explain(rule).map_or("", |rule| rule.name);
        let labels = format!("rule=\"{rule}\",name=\"{name}\",severity=\"{severity}\"");
        sample(&mut text, "harness_violations_total", &labels, count);
    }
    family(
        &mut text,
        "harness_faults_struck_total",
        "counter",
        "Requests that a scripted fault struck.",
    );
    sample(&mut text, "harness_faults_struck_total", "", &tally.strikes);
    family(
        &mut text,
        "harness_faults_installed",
        "gauge",
        "Installed faults, used-up ones included.",
    );
    sample(&mut text, "harness_faults_installed", "", &faults);
    family(
        &mut text,
        "harness_journal_entries",
        "gauge",
        "Requests in the journal.",
    );
    sample(&mut text, "harness_journal_entries", "", &journaled);
    family(
        &mut text,
        "harness_uptime_seconds",
        "gauge",
        "How long the double has been there, by its clock.",
    );
    sample(&mut text, "harness_uptime_seconds", "", &uptime);
    text
}

fn family(text: &mut String, name: &str, kind: &str, help: &str) {
    // Nothing can go wrong in writing to a string.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn sample(text: &mut String, name: &str, labels: &str, value: &dyn std::fmt::Display) {
    let _ = match labels {
        "" => writeln!(text, "{name} {value}"),
        labels => writeln!(text, "{name}{{{labels}}} {value}"),
    };
}
