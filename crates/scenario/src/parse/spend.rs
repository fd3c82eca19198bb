//! `spend:`: what advertising cost, in rows or in a CSV file beside the scenario.

use attribution_report::{Channels, SPEND_COLUMNS, Settings, Spend};
use expectation::read::{Fields, text, wrong};
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink, Span};

use super::context::Context;
use super::file::refused;
use super::foreign::{self, Foreign};

const EXAMPLE: &str =
    "write rows such as `- { date: 2024-01-15, channel: Google Ads, spend: 12.50 }`, or `{ file: spend.csv }`";

/// Nothing only where a mistake was told.
pub(super) fn spend(node: &Node, channels: &Channels, settings: &Settings, cx: &mut Context<'_>) -> Option<Spend> {
    let read = cx.fill_now(node, "spend")?;
    let (node, sink) = (&*read.node, &mut *cx.sink);
    match &node.shape {
        Shape::Items(items) if !items.is_empty() => rows(items, channels, settings, sink),
        Shape::Items(_) => {
            let mistake = Diagnostic::new(node.at, "`spend` has no row");
            sink.push(mistake.help("write one, or leave the key out"));
            None
        }
        Shape::Text(_) => file(node, channels, settings, cx),
        Shape::Entries(_) => {
            let fields = Fields::of(node, "spend", &["file"], sink)?;
            let Some(path) = fields.get("file") else {
                sink.push(Diagnostic::new(node.at, "`spend` has no `file`").help(EXAMPLE));
                return None;
            };
            file(path, channels, settings, cx)
        }
        _ => {
            let mistake = wrong(node, "spend", "rows or a file", sink);
            sink.push(mistake.help(EXAMPLE));
            None
        }
    }
}

fn file(node: &Node, channels: &Channels, settings: &Settings, cx: &mut Context<'_>) -> Option<Spend> {
    let path = text(node, "spend.file", cx.sink)?;
    let content = match cx.files.read(path) {
        Ok(content) => content,
        Err(error) => {
            cx.sink
                .push(refused(node.at, path, &error, "name one file of spend, in CSV"));
            return None;
        }
    };
    let read = Spend::parse(path, &content, channels, settings);
    read.map_err(|mistakes| foreign::tell(&mistakes, Foreign::File(path, &content), foreign::cell, cx))
        .ok()
}

/// One row: where it stands, and its values by their columns, each with its place.
struct Row {
    at: Span,
    cells: [Option<(Span, String)>; SPEND_COLUMNS.len()],
}

fn rows(items: &[Node], channels: &Channels, settings: &Settings, sink: &mut Sink) -> Option<Spend> {
    let found: Vec<Row> = items.iter().filter_map(|item| row(item, sink)).collect();
    let texts = |row: &Row| {
        row.cells
            .each_ref()
            .map(|cell| cell.as_ref().map(|(_, text)| text.clone()))
    };
    let texts: Vec<_> = found.iter().map(texts).collect();
    let cells: Vec<_> = texts.iter().map(|row| row.each_ref().map(Option::as_deref)).collect();
    let mistakes = match Spend::of_rows("spend", &cells, channels, settings) {
        Ok(spend) => return (found.len() == items.len()).then_some(spend),
        Err(mistakes) => mistakes,
    };
    for mistake in mistakes.all {
        let nth = |number: u64| usize::try_from(number).ok()?.checked_sub(1);
        let row = nth(mistake.line).and_then(|row| found.get(row));
        let cell = row.and_then(|row| row.cells.get(nth(mistake.column)?)?.as_ref());
        let at = cell.map(|(at, _)| *at).or(row.map(|row| row.at)).unwrap_or_default();
        sink.push(Diagnostic::new(at, mistake.message).help(mistake.help));
    }
    None
}

fn row(node: &Node, sink: &mut Sink) -> Option<Row> {
    let fields = Fields::of(node, "spend", &SPEND_COLUMNS, sink)?;
    let mut is_whole = fields
        .entries
        .iter()
        .all(|entry| SPEND_COLUMNS.contains(&entry.key.as_str()));
    for name in ["date", "spend"] {
        if fields.get(name).is_none() {
            let mistake = Diagnostic::new(node.at, format!("the row has no `{name}`"));
            sink.push(mistake.help(EXAMPLE));
            is_whole = false;
        }
    }
    let cells = SPEND_COLUMNS.map(|name| {
        let node = fields.get(name)?;
        let written = match &node.shape {
            Shape::Null => return None,
            Shape::Number(number) if name == "spend" => number.to_string(),
            _ => {
                let written = text(node, &format!("spend.{name}"), sink);
                is_whole &= written.is_some();
                written?.to_owned()
            }
        };
        Some((node.at, written))
    });
    is_whole.then_some(Row { at: node.at, cells })
}
