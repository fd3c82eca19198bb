//! Tables, in every format.

use std::io::{self, Write};

use attribution_report::{Cell, Table};
use scenario::printable;
use serde_json::{Map, Value, json};

use super::style::DIM;
use crate::args::TableFormat;

/// The longest text from outside that a cell for people shows whole.
const LONGEST: usize = 80;

/// Shows a table.
pub(crate) fn show(out: &mut dyn Write, table: &Table, format: TableFormat) -> io::Result<()> {
    match format {
        TableFormat::Table => aligned(out, table),
        TableFormat::Csv => csv(out, table),
        TableFormat::Json => json(out, table),
        TableFormat::Ndjson => ndjson(out, table),
        TableFormat::Markdown => markdown(out, table),
    }
}

/// Labels to the left and numbers to the right, under heads of as many lines as they have words.
fn aligned(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let shown = |row: &Vec<Cell>| -> Vec<String> { row.iter().map(|cell| printable(cell.as_str(), LONGEST)).collect() };
    let rows: Vec<Vec<String>> = table.rows.iter().map(shown).collect();
    let total = shown(&table.total);
    let heads: Vec<Vec<&str>> = table
        .columns
        .iter()
        .map(|name| name.split([' ', '_']).collect())
        .collect();
    let height = heads.iter().map(Vec::len).max().unwrap_or_default();
    let width = |text: &str| text.chars().count();
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|column| {
            let cells = rows.iter().chain([&total]).map(|row| width(&row[column]));
            cells
                .chain(heads[column].iter().map(|word| width(word)))
                .max()
                .unwrap_or_default()
        })
        .collect();
    let line = |cells: &[String]| -> String {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let pad = " ".repeat(widths[column] - width(cell));
            if column < table.labels {
                format!("{cell}{pad}")
            } else {
                format!("{pad}{cell}")
            }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    for level in 0..height {
        // Each head stands on the line above the first row.
        let words = heads.iter().map(|head| {
            let word = (level + head.len()).checked_sub(height);
            word.map_or(String::new(), |word| head[word].to_owned())
        });
        writeln!(out, "{DIM}{}{DIM:#}", line(&words.collect::<Vec<_>>()))?;
    }
    for row in &rows {
        writeln!(out, "{}", line(row))?;
    }
    let rule = "-".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1));
    writeln!(out, "{DIM}{rule}{DIM:#}")?;
    writeln!(out, "{}", line(&total))?;
    for note in &table.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

/// The rows alone; what the total is, a spreadsheet finds itself.
fn csv(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let quoted = |text: &str| {
        if text.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|name| quoted(&name.replace([' ', '-'], "_")))
        .collect();
    writeln!(out, "{}", columns.join(","))?;
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell.as_str())).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

fn json(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let rows: Vec<Map<String, Value>> = table.rows.iter().map(|row| table.object(row)).collect();
    let whole = json!({ "rows": rows, "total": total(table), "notes": table.notes });
    writeln!(out, "{}", serde_json::to_string_pretty(&whole)?)
}

fn ndjson(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    for row in &table.rows {
        writeln!(out, "{}", serde_json::to_string(&table.object(row))?)?;
    }
    Ok(())
}

/// The total's figures, without its labels.
fn total(table: &Table) -> Map<String, Value> {
    let all = table.object(&table.total).into_iter();
    all.skip(table.labels).collect()
}

fn markdown(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let escaped = |text: &str| {
        text.replace('\\', "\\\\")
            .replace('|', "\\|")
            .replace(['\n', '\r'], " ")
    };
    writeln!(
        out,
        "{}",
        line(
            table
                .columns
                .iter()
                .map(|name| escaped(&name.replace('_', " ")))
                .collect()
        )
    )?;
    let rule = (0..table.columns.len()).map(|column| if column < table.labels { "---" } else { "---:" });
    writeln!(out, "{}", line(rule.map(str::to_owned).collect()))?;
    for row in table.rows.iter().chain([&table.total]) {
        writeln!(out, "{}", line(row.iter().map(|cell| escaped(cell.as_str())).collect()))?;
    }
    if !table.notes.is_empty() {
        writeln!(out)?;
    }
    for note in &table.notes {
        writeln!(out, "- {}", escaped(note))?;
    }
    Ok(())
}
