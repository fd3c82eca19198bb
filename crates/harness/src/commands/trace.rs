//! `harness trace`: one person's path, and who got the credit.

use std::io::Write;

use attribution_report::Trace;
use scenario::printable;

use super::record;
use super::report::{channels, credit};
use crate::args::{Format, TraceArgs};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::trace;

pub(super) fn run(args: &TraceArgs) -> anyhow::Result<ExitStatus> {
    let settings = credit(&args.credit);
    let channels = channels(&args.channels)?;
    let record = record::paths(&args.source)?;
    let Some(found) = Trace::new(&record, &args.id, &channels, &settings) else {
        nobody(&args.id, &record.near(&args.id));
        return Ok(ExitStatus::Failed);
    };
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    match args.format {
        Format::Text => trace::text(&mut out, &found)?,
        Format::Json => writeln!(out, "{}", serde_json::to_string(&found)?)?,
    }
    out.flush()?;
    Ok(ExitStatus::Passed)
}

/// Says that nobody has the id, and which ids to try.
fn nobody(id: &str, near: &[&str]) {
    const LONGEST: usize = 200;
    let quoted = |id: &str| format!("`{}`", printable(id, LONGEST));
    let near: Vec<String> = near.iter().map(|id| quoted(id)).collect();
    let help = if near.is_empty() {
        "the record has no one at all".to_owned()
    } else {
        format!("the nearest ids are {}", near.join(", "))
    };
    // Nothing is left to do when standard error is gone.
    let _ = writeln!(anstream::stderr(), "error: nobody has the id {}: {help}", quoted(id));
}
