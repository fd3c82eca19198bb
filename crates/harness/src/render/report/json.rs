//! The report as one JSON document: `report` names the shape and its version, `summary` has the counts, `scenarios` has
//! what the lines of `--format json` have, and `coverage`, where that was asked for, what of the contract was touched.

use std::io;

use serde_json::{Value, json};

use super::value;
use crate::commands::run::report::Run;

/// The whole document.
pub(crate) fn render(run: &Run) -> anyhow::Result<String> {
    let scenarios: io::Result<Vec<Value>> = run.reports.iter().map(value::scenario).collect();
    let mut document = json!({
        "report": "harness/1",
        "started": format!("{:.3}", run.started),
        "summary": value::summary(run),
        "scenarios": scenarios?,
    });
    if let Some(measured) = &run.coverage {
        document["coverage"] = value::coverage(measured);
    }
    // Not indented: two thirds of a report would be blanks.
    Ok(format!("{document}\n"))
}
