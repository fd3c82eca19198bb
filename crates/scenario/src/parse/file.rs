//! `file:`: recorded messages, one JSON object a line.

use expectation::read::{Fields, quoted, text};
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink, Span};
use serde_json::Value;

use crate::files::{FileError, Files};
use crate::scenario::Action;

/// How many bad lines of one file are told; whoever recorded the file made the same mistake on each.
const MOST: usize = 5;

/// A file step: its path, or a mapping with `path`. `beside` makes of a path as written one from the scenario's folder.
pub(super) fn file(node: &Node, beside: &dyn Fn(&str) -> String, files: &dyn Files, sink: &mut Sink) -> Option<Action> {
    let node = match &node.shape {
        Shape::Entries(_) => {
            let fields = Fields::of(node, "file", &["path"], sink)?;
            let Some(path) = fields.get("path") else {
                sink.push(Diagnostic::new(node.at, "the file has no `path`").help("write `file: events.ndjson`"));
                return None;
            };
            path
        }
        _ => node,
    };
    let path = text(node, "file", sink)?;
    match files.read(&beside(path)) {
        Ok(content) => {
            let events = lines(path, &content, node.at, sink);
            Some(Action::File {
                path: path.to_owned(),
                events,
            })
        }
        Err(error) => {
            sink.push(refused(node.at, path, &error, "name one file of messages"));
            None
        }
    }
}

/// Why a file can't be had, with what to do where it is something else than a file.
pub(super) fn refused(at: Span, path: &str, error: &FileError, wanted: &str) -> Diagnostic {
    let path = quoted(path);
    let inside = "write a path relative to the scenario's folder, and keep the file in or below it";
    match error {
        FileError::Empty => Diagnostic::new(at, "the path is empty").help("write one such as `events.ndjson`"),
        FileError::Absolute => Diagnostic::new(at, format!("{path} is an absolute path")).help(inside),
        FileError::Outside => Diagnostic::new(at, format!("{path} leads out of the scenario's folder")).help(inside),
        FileError::LinkedOutside => {
            Diagnostic::new(at, format!("{path} is a link that leads out of the scenario's folder"))
                .help("copy the file in or below the scenario's folder")
        }
        FileError::NotAFile => Diagnostic::new(at, format!("{path} is not a file")).help(wanted),
        FileError::NotUtf8(offset) => Diagnostic::new(at, format!("{path} is not UTF-8"))
            .label(format!("byte {offset} can't be read"))
            .help("save the file as UTF-8"),
        FileError::Unreadable(reason) => Diagnostic::new(at, format!("can't read {path}"))
            .label(reason.to_string())
            .help("the path is relative to the scenario's folder"),
    }
}

/// The messages with their lines; blank lines are nothing.
fn lines(path: &str, content: &str, at: Span, sink: &mut Sink) -> Vec<(usize, Value)> {
    let mut events = Vec::new();
    let mut problems = Vec::new();
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    for (index, line) in content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match event(line) {
            Ok(event) => events.push((index + 1, event)),
            Err(problem) => problems.push(problem.diagnostic(path, index + 1, at)),
        }
    }
    if events.is_empty() && problems.is_empty() {
        problems.push(Diagnostic::new(at, format!("{} holds no message", quoted(path))).help(ONE_A_LINE));
    }
    let more = problems.len().saturating_sub(MOST);
    problems.truncate(MOST);
    if more > 0 {
        problems.push(Diagnostic::new(at, format!("{path}: {more} more lines are no messages")).help(ONE_A_LINE));
    }
    for problem in problems {
        sink.push(problem);
    }
    events
}

const ONE_A_LINE: &str = "write one Segment message a line, each a JSON object with its `type`";

enum Problem {
    Json { column: usize, message: String },
    NotAnObject,
}

impl Problem {
    fn diagnostic(self, path: &str, line: usize, at: Span) -> Diagnostic {
        let (place, message) = match self {
            Self::Json { column, message } => (format!("{path}:{line}:{column}"), message),
            Self::NotAnObject => (format!("{path}:{line}"), "not a JSON object".to_owned()),
        };
        Diagnostic::new(at, format!("{place}: {message}"))
            .label(format!("line {line} is no message"))
            .help(ONE_A_LINE)
    }
}

fn event(line: &str) -> Result<Value, Problem> {
    match json_value::from_str(line) {
        Ok(event @ Value::Object(_)) => Ok(event),
        Ok(_) => Err(Problem::NotAnObject),
        Err(error) => {
            let message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            Err(Problem::Json {
                column: error.column(),
                message: message[..end].to_owned(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::file;
    use crate::parse::testing::{good, mistakes};
    use crate::scenario::Action;

    fn holding(content: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("e.ndjson".to_owned(), content.to_owned())])
    }

    fn lines(text: &str, content: &str) -> Vec<(usize, String)> {
        let action = good(text, |node, sink| file(node, &str::to_owned, &holding(content), sink))
            .expect("a file without mistakes");
        let Action::File { events, .. } = action else {
            panic!("{action:?}")
        };
        events
            .into_iter()
            .map(|(line, event)| (line, event.to_string()))
            .collect()
    }

    #[test]
    fn each_line_is_a_message_and_blank_ones_are_nothing() {
        let expected = [(1, r#"{"a":1.50}"#.to_owned()), (4, r#"{"b":2}"#.to_owned())];
        assert_eq!(lines("e.ndjson", "\u{feff}{\"a\":1.50}\r\n\r\n  \n{\"b\":2}"), expected);
        assert_eq!(
            lines("{ path: e.ndjson }", "\u{feff}{\"a\":1.50}\r\n\r\n  \n{\"b\":2}"),
            expected
        );
    }

    #[test]
    fn a_bad_line_is_told_with_its_place_in_that_file() {
        let found = mistakes("e.ndjson", |node, sink| {
            file(node, &str::to_owned, &holding("{}\n{\"a\":}\n7\n"), sink)
        });
        assert_eq!(found, ["e.ndjson:2:6: expected value", "e.ndjson:3: not a JSON object"]);
    }

    #[test]
    fn of_many_bad_lines_the_first_are_told_and_the_rest_counted() {
        let found = mistakes("e.ndjson", |node, sink| {
            file(node, &str::to_owned, &holding(&"7\n".repeat(100)), sink)
        });
        assert_eq!(found.len(), super::MOST + 1);
        assert_eq!(found[super::MOST], "e.ndjson: 95 more lines are no messages");
    }
}
