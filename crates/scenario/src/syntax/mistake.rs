//! What the YAML parser refuses, in words that help.

use expectation::{Diagnostic, Span};
use serde_saphyr::{Error, Location};

use super::slip::{slip, too_deep};

pub(super) fn mistake(text: &str, error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    let at = place(text, error.location());
    match error {
        // Something wrong inside what an alias stands for: told at the alias.
        Error::AliasError { error, .. } => Diagnostic {
            at,
            ..mistake(text, error)
        },
        Error::MultipleDocuments { .. } => Diagnostic::new(at, "a second document begins here")
            .label("one scenario a file")
            .help("move it into a file of its own, or remove the `---` above it"),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. } => {
            Diagnostic::new(at, "the aliases stand for too much").help("write out what is needed, with fewer aliases")
        }
        Error::Budget { .. } => too_deep(at),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            Diagnostic::new(at, "the alias stands for something it is part of").help("write out what is meant")
        }
        Error::UnknownAnchor { .. } => Diagnostic::new(at, "the alias has no anchor")
            .help("define it earlier with `&name`, or quote a value that begins with `*`"),
        other => syntax_error(text, at, other),
    }
}

/// The parser's own words; what to do about them depends on the words.
fn syntax_error(text: &str, at: Span, error: &Error) -> Diagnostic {
    let message = words(error);
    if let Some(diagnostic) = slip(text, at, error, &message) {
        return diagnostic;
    }
    let help = HELP
        .iter()
        .find(|(words, _)| message.contains(words))
        .map(|(_, help)| *help);
    let at = if message.starts_with("tabs") { tab(text, at) } else { at };
    let diagnostic = Diagnostic::new(at, format!("not YAML: {message}"));
    diagnostic.help(help.unwrap_or("check the indentation and the quotes here and on the line above"))
}

const HELP: &[(&str, &str)] = &[
    ("tabs", "indent with spaces"),
    (
        "mapping values are not allowed",
        "quote a value that contains `: `; otherwise align the key with the keys above",
    ),
    (
        "unclosed quote",
        "close the quote, and double a `'` inside single quotes",
    ),
    (
        "unclosed bracket",
        "close the bracket, or quote the value if it is text",
    ),
    (
        "trailing content",
        "double a `'` inside single quotes, or use double quotes around the whole",
    ),
    (
        "unexpected character",
        "quote a value that begins with a special character",
    ),
    ("unknown escape", "double the backslash, or use single quotes"),
    (
        "expected '-' indicator",
        "align every item of the list at its `-`; a key ends the list only further left",
    ),
    (
        "expected ',' or",
        "put a comma between two items, and close the bracket",
    ),
    (
        "did not find expected key",
        "align the key with the keys of its mapping",
    ),
];

fn words(error: &Error) -> String {
    let message = error.to_string();
    let message = message.lines().next().unwrap_or_default();
    // The place is said by the caret.
    message
        .rfind(" at line ")
        .map_or(message, |found| &message[..found])
        .to_owned()
}

/// The parser stops behind the tab.
fn tab(text: &str, at: Span) -> Span {
    let before = text.get(..at.start).unwrap_or_default();
    if before.ends_with('\t') {
        Span {
            start: at.start - 1,
            end: at.start,
        }
    } else {
        at
    }
}

/// One character at the parser's place; it knows bytes only where a whole token was read.
fn place(text: &str, location: Option<Location>) -> Span {
    let Some(location) = location else {
        return Span::default();
    };
    let start = match location.span().byte_offset() {
        Some(offset) => usize::try_from(offset).unwrap_or(usize::MAX).min(text.len()),
        None => offset(text, location.line(), location.column()),
    };
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    Span {
        start,
        end: start + length,
    }
}

/// The byte offset of a line and column, both from 1 and in characters.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let count = |n: u64| usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
    let start: usize = text.split_inclusive('\n').take(count(line)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.chars().take(count(column)).map(char::len_utf8).sum::<usize>()
}
