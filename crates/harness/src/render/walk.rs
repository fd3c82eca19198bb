//! What each stage made of an event.

use std::fmt::Display;
use std::io::{self, Write};

use attribution_destination::{Change, Diagnostic, Dialect, Prepared};
use attribution_mock::rules::Severity;
use pipeline::{Arrival, Walk};
use segment_event::Rejection;
use serde::Serialize;
use serde_json::{Value, json};

use super::shell;
use super::style::{BAD, DIM, GOOD};

/// How wide the names of the stages are.
const STAGE: usize = 8;

/// The longest value that is shown of a change.
const LONGEST: usize = 60;

/// The walk of one event in words, a paragraph; with what ingest filled in before, where that is known.
pub(crate) fn text(
    out: &mut dyn Write,
    number: usize,
    walk: &Walk,
    dialect: Dialect,
    filled_in: &[Change],
) -> io::Result<()> {
    if number > 1 {
        writeln!(out)?;
    }
    writeln!(out, "{BAD}event {number}{BAD:#}: {}", title(&walk.message))?;
    let mut lines = Lines { out };
    ingest(&mut lines, walk, filled_in)?;
    let Some(prepared) = &walk.prepared else {
        return Ok(());
    };
    match prepared {
        Prepared::Skip(skip) => lines.stop("filter", format_args!("skipped, {}: {}", skip.reason, skip.detail)),
        Prepared::Invalid(invalid) => {
            lines.go_on("filter", "to be sent")?;
            lines.stop("map", format_args!("impossible: {invalid}"))
        }
        Prepared::Send(mapped) => {
            lines.go_on("filter", "to be sent")?;
            let request = &mapped.request;
            lines.go_on("map", format_args!("{} {} ({dialect})", request.method(), request.path))?;
            diagnostics(&mut lines, &mapped.diagnostics)?;
            match &walk.arrival {
                Some(arrival) => {
                    changes(&mut lines, &arrival.changes)?;
                    lines.plain("wire", curl(prepared, arrival))?;
                    answer(&mut lines, arrival)
                }
                None => lines.stop("answer", "none"),
            }
        }
    }
}

/// The walk of one event as an object.
pub(crate) fn object(number: usize, walk: &Walk) -> io::Result<Value> {
    let mut line =
        json!({ "event": number, "message": walk.message, "ingest": { "accepted": walk.rejections.is_empty() } });
    if !walk.rejections.is_empty() {
        line["ingest"]["rejections"] = value(&walk.rejections)?;
    }
    if let Some(id) = &walk.assigned_id {
        line["ingest"]["assigned_message_id"] = id.as_str().into();
    }
    match &walk.prepared {
        None => {}
        Some(Prepared::Skip(skip)) => {
            line["filter"] = json!({ "sent": false, "reason": skip.reason.as_str(), "detail": skip.detail });
        }
        Some(Prepared::Invalid(invalid)) => {
            line["filter"] = json!({ "sent": true });
            line["map"] = json!({ "errors": value(invalid)? });
        }
        Some(Prepared::Send(mapped)) => {
            line["filter"] = json!({ "sent": true });
            let request = &mapped.request;
            line["map"] = json!({
                "method": request.method().as_str(),
                "path": request.path,
                "diagnostics": value(&mapped.diagnostics)?,
            });
        }
    }
    if let Some(arrival) = &walk.arrival {
        line["changes"] = value(&arrival.changes)?;
        line["wire"] = json!({
            "body": json_value::from_slice(&arrival.body)?,
            "curl": walk.prepared.as_ref().map(|prepared| curl(prepared, arrival)),
        });
        line["answer"] = json!({ "status": arrival.status, "violations": value(&arrival.violations)? });
        line["effect"] = value(&arrival.effect)?;
    }
    Ok(line)
}

fn value(of: &impl Serialize) -> io::Result<Value> {
    serde_json::to_value(of).map_err(io::Error::from)
}

/// A message in a few words.
fn title(message: &Value) -> String {
    let text = |key: &str| message.get(key).and_then(Value::as_str);
    let kind = text("type").unwrap_or("no Segment message").to_owned();
    let names = [text("event"), text("name")].into_iter().flatten();
    let who = text("userId").or(text("anonymousId"));
    let parts = names
        .map(|name| format!("{name:?}"))
        .chain(who.map(|who| format!("of {who}")));
    [kind].into_iter().chain(parts).collect::<Vec<_>>().join(" ")
}

fn ingest(lines: &mut Lines<'_>, walk: &Walk, filled_in: &[Change]) -> io::Result<()> {
    if walk.rejections.is_empty() {
        lines.go_on("ingest", "accepted")?;
    } else {
        lines.stop("ingest", "rejected, with an answer of 200 all the same")?;
    }
    for Rejection { code, pointer, message } in &walk.rejections {
        let place = at(pointer);
        lines.more(format_args!("{code}{place}: {message}"))?;
    }
    if let Some(id) = &walk.assigned_id {
        lines.more(format_args!("it has no messageId, so Segment assigns one: here {id}"))?;
    }
    for change in filled_in {
        lines.more(told(change, "goes on"))?;
    }
    Ok(())
}

fn diagnostics(lines: &mut Lines<'_>, diagnostics: &[Diagnostic]) -> io::Result<()> {
    for Diagnostic { code, pointer, message } in diagnostics {
        let place = at(pointer);
        lines.more(format_args!("{code}{place}: {message}"))?;
    }
    Ok(())
}

fn changes(lines: &mut Lines<'_>, changes: &[Change]) -> io::Result<()> {
    for (index, change) in changes.iter().enumerate() {
        let told = told(change, "is sent");
        if index == 0 {
            lines.plain("changes", told)?;
        } else {
            lines.more(told)?;
        }
    }
    Ok(())
}

/// A change in words; what is done with the rest tells whose it is.
fn told(change: &Change, is_sent: &str) -> String {
    match change {
        Change::Renamed { from, to } => format!("{from} {is_sent} as {to}"),
        Change::Rewritten {
            from,
            to,
            before,
            after,
        } if from == to => format!("{from} {is_sent} as {} instead of {}", short(after), short(before)),
        Change::Rewritten {
            from,
            to,
            before,
            after,
        } => format!(
            "{from} {is_sent} as {to}, as {} instead of {}",
            short(after),
            short(before)
        ),
        Change::Dropped { from, before } => format!("{from} is not sent: {}", short(before)),
        Change::Added { to, after } => format!("{to} is added: {}", short(after)),
    }
}

/// A value as JSON, cut when it is long.
fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn answer(lines: &mut Lines<'_>, arrival: &Arrival) -> io::Result<()> {
    if arrival.status < 400 {
        lines.go_on("answer", format_args!("{}, recorded", arrival.status))?;
    } else {
        lines.stop("answer", format_args!("{}, refused", arrival.status))?;
    }
    for violation in &arrival.violations {
        let word = match violation.severity {
            Severity::Deny => "denied",
            Severity::Warn => "flagged",
        };
        let (rule, name, message) = (violation.rule, violation.name, &violation.message);
        let place = at(&violation.pointer);
        lines.more(format_args!("{word} by {rule} {name}{place}: {message}"))?;
    }
    if arrival.status < 400 {
        effect(lines, arrival)?;
    }
    Ok(())
}

/// The place of a JSON pointer, unless it is the whole.
fn at(pointer: &str) -> String {
    if pointer.is_empty() {
        String::new()
    } else {
        format!(" at {pointer}")
    }
}

fn effect(lines: &mut Lines<'_>, arrival: &Arrival) -> io::Result<()> {
    let (effect, own) = (&arrival.effect, arrival.request);
    if effect.is_empty() {
        return lines.plain("effect", "none: Attribution's record is what it was");
    }
    let mut rows = Vec::new();
    add("page view", own, &effect.page_views, &mut rows)?;
    add("visit", own, &effect.visits, &mut rows)?;
    add("identity", own, &effect.identities, &mut rows)?;
    add("conversion", own, &effect.conversions, &mut rows)?;
    add("merge", own, &effect.merges, &mut rows)?;
    for (index, row) in rows.iter().enumerate() {
        if index == 0 {
            lines.plain("effect", row)?;
        } else {
            lines.more(row)?;
        }
    }
    Ok(())
}

/// Rows of one kind, told from those that were there before by the number of the request.
fn add(what: &str, own: u64, rows: &[impl Serialize], out: &mut Vec<String>) -> io::Result<()> {
    for row in rows {
        let mut row = value(row)?;
        let mut request = None;
        if let Some(row) = row.as_object_mut() {
            // It only counts these events here.
            request = row.shift_remove("request").and_then(|request| request.as_u64());
            row.shift_remove("history");
        }
        let changed = if request.is_some_and(|request| request != own) {
            ", changed"
        } else {
            ""
        };
        out.push(format!("{what}{changed}: {row}"));
    }
    Ok(())
}

/// The request as a command for a shell, without the secret.
fn curl(prepared: &Prepared, arrival: &Arrival) -> String {
    let Prepared::Send(mapped) = prepared else {
        return String::new();
    };
    let request = &mapped.request;
    // Two are curl's own affair, and an answer that is compressed is nothing for a terminal.
    let left_out = ["Authorization", "Content-Length", "Accept-Encoding"];
    let headers = request.headers().filter(|header| !left_out.contains(&header.name()));
    let headers: Vec<String> = headers
        .map(|header| format!(" -H {}", shell::quoted(&format!("{}: {header}", header.name()))))
        .collect();
    format!(
        "curl -u \"$ATTRIBUTION_PROJECT_ID:\" https://track.attributionapp.com{}{} -d {}",
        request.path,
        headers.concat(),
        shell::quoted(&String::from_utf8_lossy(&arrival.body))
    )
}

/// The lines of a walk.
pub(super) struct Lines<'a> {
    pub(super) out: &'a mut dyn Write,
}

impl Lines<'_> {
    /// A stage that lets the event go on.
    fn go_on(&mut self, stage: &str, says: impl Display) -> io::Result<()> {
        writeln!(self.out, "  {GOOD}{stage:STAGE$}{GOOD:#} {says}")
    }

    /// The stage at which the event stops.
    pub(super) fn stop(&mut self, stage: &str, says: impl Display) -> io::Result<()> {
        writeln!(self.out, "  {BAD}{stage:STAGE$}{BAD:#} {says}")
    }

    pub(super) fn plain(&mut self, stage: &str, says: impl Display) -> io::Result<()> {
        writeln!(self.out, "  {DIM}{stage:STAGE$}{DIM:#} {says}")
    }

    /// More of the stage before.
    pub(super) fn more(&mut self, says: impl Display) -> io::Result<()> {
        writeln!(self.out, "  {:STAGE$} {says}", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_the_word_as_it_is() {
        assert_eq!(shell::quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let cut = short(&json!("ä".repeat(100)));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert_eq!(short(&json!("ä")), "\"ä\"");
    }
}
