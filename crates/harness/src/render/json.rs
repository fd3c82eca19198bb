//! What came of scenarios, for machines: one JSON object a line.
//!
//! Each scenario is `{"scenario":{…}}` with `file`, `status` and, when it was played, the whole outcome; the last
//! line is `{"summary":{…}}`, with `{"coverage":{…}}` before it where that was asked for. Durations on the wall end in `_ms` and are the only thing that differs between two runs
//! of a seed.

use std::io::{self, Write};

use serde_json::json;

use super::report::value;
use crate::commands::run::report::{Report, Run};

/// The line of one scenario.
pub(crate) fn scenario(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    writeln!(out, "{}", json!({ "scenario": value::scenario(report)? }))
}

/// The last lines.
pub(crate) fn summary(out: &mut dyn Write, run: &Run) -> io::Result<()> {
    if let Some(measured) = &run.coverage {
        writeln!(out, "{}", json!({ "coverage": value::coverage(measured) }))?;
    }
    writeln!(out, "{}", json!({ "summary": value::summary(run) }))
}
