//! The record that is looked at: a running server's, or a journal file's.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use attribution_destination::deliver::Endpoint;
use attribution_report::Export;
use attribution_report::record::{PathRecord, ReadJournal, ReadJournalError, Received, Rows};
use http::StatusCode;
use hyper::body::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::Unusable;
use super::asking::{Asking, encoded};
use crate::args::RecordArgs;

/// How long an answer may take: a server puts the whole record together for it.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// More than this is not taken.
const LONGEST_ANSWER: usize = 2 << 30;

/// So many requests are asked for at a time.
const PART: usize = 10_000;

/// What reports are made of: of a server, what its dashboard shows now, unless the delay is not to count.
pub(super) fn rows(args: &RecordArgs, no_delay: bool) -> anyhow::Result<Rows> {
    let Some(endpoint) = server(args)? else {
        return Ok(Rows::from(journal(args, ReadJournal::parse)?.ledger.report()));
    };
    let moment = if no_delay { None } else { moment(&endpoint, args)? };
    let asked = moment.map(|moment| ("dashboard_at", moment));
    let answer = ask(&endpoint, "/__admin/report", asked.as_slice(), args)?;
    let rows = Rows::parse(&answer).with_context(|| unusable(args))?;
    tell_dropped(rows.dropped);
    Ok(rows)
}

/// As of when a server's dashboard is looked at, if it has a delay. What it holds back is told.
fn moment(endpoint: &Endpoint, args: &RecordArgs) -> anyhow::Result<Option<String>> {
    let answer = ask(endpoint, "/__admin/dashboard", &[], args)?;
    let Dashboard {
        now,
        delay,
        shown,
        held_back,
        next,
        last,
    } = serde_json::from_slice(&answer).with_context(|| unusable(args))?;
    if let (Some(next), Some(last)) = (next, last) {
        let verb = if held_back == 1 { "is" } else { "are" };
        // Nothing is left to do when standard error is gone.
        let _ = writeln!(
            anstream::stderr(),
            "note: {held_back} of {} requests {verb} not on the server's dashboard yet, by its --dashboard-delay: the next comes \
             at {next}, the last at {last}; --no-delay shows them too",
            shown + held_back
        );
    }
    Ok(delay.map(|_| now))
}

/// What a server says of its dashboard.
#[derive(Deserialize)]
struct Dashboard {
    now: String,
    delay: Option<String>,
    shown: u64,
    held_back: u64,
    next: Option<String>,
    last: Option<String>,
}

/// What paths are made of.
pub(super) fn paths(args: &RecordArgs) -> anyhow::Result<PathRecord> {
    let (json, received) = all(args)?;
    let mut record = PathRecord::parse(&json).with_context(|| unusable(args))?;
    record.received = received;
    tell_dropped(record.rows.dropped);
    Ok(record)
}

/// What is exported.
pub(super) fn export(args: &RecordArgs) -> anyhow::Result<Export> {
    let (json, received) = all(args)?;
    let export = Export::new(&json, &received).with_context(|| unusable(args))?;
    tell_dropped(export.dropped());
    Ok(export)
}

/// The whole record as JSON, and the requests that it is made of.
fn all(args: &RecordArgs) -> anyhow::Result<(Bytes, Received)> {
    let Some(endpoint) = server(args)? else {
        let read = journal(args, ReadJournal::with_requests)?;
        return Ok((serde_json::to_vec(&read.ledger.report())?.into(), read.received));
    };
    let report = ask(&endpoint, "/__admin/report", &[], args)?;
    // What arrives meanwhile is in these and in no row, which does no harm.
    let mut received = Received::default();
    let mut next = Some(0);
    while let Some(after) = next {
        let part = [
            ("verdict", "recorded".to_owned()),
            ("limit", PART.to_string()),
            ("after", after.to_string()),
        ];
        let answer = ask(&endpoint, "/__admin/requests", &part, args)?;
        next = received.part(&answer).with_context(|| unusable(args))?;
    }
    Ok((report, received))
}

fn unusable(args: &RecordArgs) -> String {
    format!("what {} tells can't be used", args.source)
}

fn tell_dropped(dropped: Option<u64>) {
    if let Some(dropped) = dropped {
        warn(&format!(
            "the server has dropped {dropped} requests by its limits, and nothing of them is in here"
        ));
    }
}

/// The server's address, where the source is one.
fn server(args: &RecordArgs) -> anyhow::Result<Option<Endpoint>> {
    if !args.source.contains("://") {
        return Ok(None);
    }
    let endpoint: Endpoint = args.source.parse().map_err(Unusable::new)?;
    Ok(Some(endpoint))
}

/// How a journal's text is read: for its ledger alone, or with the requests.
type Reader = fn(&[u8], Option<&str>, Option<&str>) -> Result<ReadJournal, ReadJournalError>;

/// The journal. A torn tail is told.
fn journal(args: &RecordArgs, reader: Reader) -> anyhow::Result<ReadJournal> {
    let path = Path::new(&args.source);
    let can_not = || format!("can't read {}", path.display());
    // A pipe would block for ever, and a device never end.
    if !fs::metadata(path).with_context(can_not)?.is_file() {
        bail!("can't read {}: it is not a regular file", path.display());
    }
    let text = fs::read(path).with_context(can_not)?;
    let read = reader(&text, args.project_id.as_deref(), args.namespace.as_deref());
    let read = read.map_err(Unusable::new).with_context(can_not)?;
    if let Some((line, bytes)) = read.torn {
        let path = path.display();
        warn(&format!(
            "line {line} of {path} was never written to its end; its {bytes} bytes count for nothing"
        ));
    }
    Ok(read)
}

fn warn(text: &str) {
    // Nothing is left to do when standard error is gone.
    let _ = writeln!(anstream::stderr(), "warning: {text}");
}

/// What the server answers to a read of its admin API.
fn ask(endpoint: &Endpoint, path: &str, query: &[(&str, String)], args: &RecordArgs) -> anyhow::Result<Bytes> {
    let whose = [("project", &args.project_id), ("namespace", &args.namespace)];
    let whose = whose
        .iter()
        .filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    let query = query.iter().map(|(name, value)| (*name, value.as_str()));
    let given: Vec<String> = whose
        .chain(query)
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    let mark = if given.is_empty() { "" } else { "?" };
    let path = format!("{path}{mark}{}", given.join("&"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("can't start the runtime")?;
    let answered = runtime.block_on(async {
        let asking = Asking::new(endpoint, args.ca_file.as_deref())?;
        let answered = asking.get(&path, ANSWER_WITHIN, LONGEST_ANSWER).await;
        answered.with_context(|| format!("can't ask {endpoint}"))
    });
    let (status, body) = answered?;
    if status == StatusCode::OK {
        return Ok(body);
    }
    let said: Value = serde_json::from_slice(&body).unwrap_or_default();
    match said.pointer("/error/message").and_then(Value::as_str) {
        Some(message) => bail!("{endpoint} answered {}: {message}", status.as_u16()),
        None => bail!("{endpoint} answered {}: is it a `harness serve`?", status.as_u16()),
    }
}
