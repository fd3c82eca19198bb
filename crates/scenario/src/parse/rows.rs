//! `for_each.file`: rows of a CSV file with a heading (RFC 4180), or JSON values, one a line.

use std::sync::Arc;

use expectation::read::{quoted, text};
use expectation::tree::Node;
use expectation::{Diagnostic, Span};
use serde_json::{Map, Value};

use super::context::Context;
use super::file::refused;

/// How many bad lines of one file are told.
const MOST: usize = 5;

/// The rows of a file.
pub(super) fn of_file(node: &Node, cx: &mut Context<'_>) -> Option<Arc<[Value]>> {
    let filled = cx.fill_now(node, "for_each.file")?;
    let written = cx.read(&filled, |node, sink| {
        text(node, "for_each.file", sink).map(str::to_owned)
    })?;
    let content = match cx.files.read(&cx.beside(&written)) {
        Ok(content) => content,
        Err(error) => {
            let mistake = refused(node.at, &written, &error, "name one file of rows");
            cx.sink.push(mistake);
            return None;
        }
    };
    let content = content.strip_prefix('\u{feff}').unwrap_or(&content);
    let is_csv = std::path::Path::new(&written)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let (rows, mistakes) = if is_csv { csv(content) } else { lines(content) };
    if mistakes.is_empty() && !rows.is_empty() {
        return Some(rows.into());
    }
    let help = if is_csv {
        "write a line of names, and below it a line of values for each row, each with as many commas"
    } else {
        "write one JSON value a line, such as `{\"email\": \"ada@example.com\"}`; a table ends in `.csv`"
    };
    if mistakes.is_empty() {
        cx.sink
            .push(Diagnostic::new(node.at, format!("{} has no row", quoted(&written))).help(help));
    }
    tell(&written, node.at, mistakes, help, cx);
    None
}

fn tell(path: &str, at: Span, mistakes: Vec<(usize, String)>, help: &str, cx: &mut Context<'_>) {
    let more = mistakes.len().saturating_sub(MOST);
    for (line, what) in mistakes.into_iter().take(MOST) {
        cx.sink
            .push(Diagnostic::new(at, format!("{path}:{line}: {what}")).help(help));
    }
    if more > 0 {
        cx.sink
            .push(Diagnostic::new(at, format!("{path}: {more} more lines are no rows")).help(help));
    }
}

/// Rows, and what is wrong in which line.
type Read = (Vec<Value>, Vec<(usize, String)>);

fn lines(content: &str) -> Read {
    let (mut rows, mut mistakes) = (Vec::new(), Vec::new());
    for (index, line) in content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match json_value::from_str(line) {
            Ok(row) => rows.push(row),
            Err(error) => {
                let message = error.to_string();
                let end = message.rfind(" at line ").unwrap_or(message.len());
                mistakes.push((index + 1, format!("{} in column {}", &message[..end], error.column())));
            }
        }
    }
    (rows, mistakes)
}

/// Each row is a mapping of the heading's names to text: a table says nothing of types.
fn csv(content: &str) -> Read {
    let (mut rows, mut mistakes) = (Vec::new(), Vec::new());
    let mut records = Records { rest: content, line: 1 };
    let Some((_, heading)) = records.next() else {
        return (rows, mistakes);
    };
    let heading = match heading {
        Ok(heading) => heading,
        Err(what) => return (rows, vec![(1, what)]),
    };
    if let Some(twice) = heading
        .iter()
        .enumerate()
        .find(|(index, name)| heading[..*index].contains(name))
    {
        mistakes.push((1, format!("two columns are called {}", quoted(twice.1))));
    }
    for (line, record) in records {
        match record {
            Ok(record) if record.len() == heading.len() => {
                let fields: Map<String, Value> = heading
                    .iter()
                    .cloned()
                    .zip(record.into_iter().map(Value::from))
                    .collect();
                rows.push(Value::Object(fields));
            }
            Ok(record) => mistakes.push((
                line,
                format!(
                    "{} where the first line has {}",
                    count(record.len(), "value"),
                    count(heading.len(), "name")
                ),
            )),
            Err(what) => mistakes.push((line, what)),
        }
    }
    (rows, mistakes)
}

fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

/// The records of a table, each with the line in which it begins; blank lines are nothing.
struct Records<'a> {
    rest: &'a str,
    line: usize,
}

impl Iterator for Records<'_> {
    type Item = (usize, Result<Vec<String>, String>);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(rest) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return None;
        }
        let begun = self.line;
        let mut fields = Vec::new();
        loop {
            match self.field() {
                Ok((field, last)) => {
                    fields.push(field);
                    if last {
                        return Some((begun, Ok(fields)));
                    }
                }
                Err(what) => {
                    self.rest = "";
                    return Some((begun, Err(what)));
                }
            }
        }
    }
}

impl Records<'_> {
    /// The next field, and whether it is the last of its record.
    fn field(&mut self) -> Result<(String, bool), String> {
        let Some(inside) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
            let (field, rest) = self.rest.split_at(end);
            self.rest = rest;
            let field = if rest.starts_with(',') {
                field
            } else {
                field.trim_end_matches('\r')
            };
            return Ok((field.to_owned(), self.ended()));
        };
        let mut field = String::new();
        let mut rest = inside;
        loop {
            let end = rest.find('"').ok_or("a quote is never closed")?;
            field.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix('"') {
                Some(after) => {
                    field.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        self.line += field.matches('\n').count();
        self.rest = rest
            .strip_prefix('\r')
            .filter(|rest| rest.starts_with('\n'))
            .unwrap_or(rest);
        if !(self.rest.is_empty() || self.rest.starts_with([',', '\n'])) {
            return Err("something follows a closing quote".to_owned());
        }
        Ok((field, self.ended()))
    }

    /// Goes past what ends a field.
    fn ended(&mut self) -> bool {
        if let Some(rest) = self.rest.strip_prefix(',') {
            self.rest = rest;
            return false;
        }
        if let Some(rest) = self.rest.strip_prefix('\n') {
            self.rest = rest;
            self.line += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Records, csv, lines};

    #[test]
    fn a_table_has_names_and_rows_of_text() {
        let (rows, mistakes) = csv("email,note\r\nada@example.com,\"a \"\"b\"\", c\nd\"\n\nbob@example.com,\n");
        let expected = [
            json!({"email": "ada@example.com", "note": "a \"b\", c\nd"}),
            json!({"email": "bob@example.com", "note": ""}),
        ];
        assert_eq!((rows.as_slice(), mistakes.as_slice()), (&expected[..], &[][..]));
    }

    #[test]
    fn every_bad_row_is_told_with_its_line() {
        let (rows, mistakes) = csv("a,b\n1,2\n\"x\ny\",1,2\n3\n\"4,5\n");
        assert_eq!(rows.len(), 1);
        let told: Vec<String> = mistakes
            .into_iter()
            .map(|(line, what)| format!("{line}: {what}"))
            .collect();
        assert_eq!(
            told,
            [
                "3: 3 values where the first line has 2 names",
                "5: 1 value where the first line has 2 names",
                "6: a quote is never closed",
            ]
        );
    }

    #[test]
    fn of_json_each_line_is_a_row_of_any_kind() {
        let (rows, mistakes) = lines("{\"a\": 1.50}\n\n7\nx\n");
        assert_eq!(
            rows.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["{\"a\":1.50}", "7"]
        );
        assert_eq!(mistakes, [(4, "expected value in column 1".to_owned())]);
    }

    proptest! {
        #[test]
        fn what_is_quoted_is_read_as_it_was(table in prop::collection::vec(prop::collection::vec("[a,\"\n\r é]{0,8}", 1..4), 1..5)) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let text: String = table
                .iter()
                .map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n")
                .collect();
            let read: Vec<Vec<String>> = Records { rest: &text, line: 1 }.map(|(_, record)| record.expect("quoted")).collect();
            prop_assert_eq!(read, table);
        }

        #[test]
        fn no_table_makes_it_panic_or_hang(text in "[a,\"\n\r]{0,40}") {
            let _ = csv(&text);
        }
    }
}
