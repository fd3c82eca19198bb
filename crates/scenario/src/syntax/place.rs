//! Where a node ends, which the YAML parser says of a scalar only.

use std::ops::Range;

use expectation::Span;
use expectation::tree::{Entry, Node, Shape};

/// A list that begins at `at`.
pub(super) fn list(text: &str, at: Span, items: Vec<Node>) -> Node {
    let last = items.iter().map(|item| item.at.end).max();
    Node {
        at: container(text, at, last),
        shape: Shape::Items(items),
    }
}

/// A mapping that begins at `at`.
pub(super) fn mapping(text: &str, at: Span, entries: Vec<Entry>) -> Node {
    let last = entries.iter().map(|entry| entry.value.at.end.max(entry.at.end)).max();
    Node {
        at: container(text, at, last),
        shape: Shape::Entries(entries),
    }
}

/// The parser knows where a list or mapping begins; it ends where its last child does, or at its bracket.
fn container(text: &str, at: Span, last: Option<usize>) -> Span {
    let opened = text.get(range(at)).unwrap_or_default();
    let from = last.unwrap_or(at.end).max(at.end);
    let end = match opened {
        "{" => closing(text, from, '}'),
        "[" => closing(text, from, ']'),
        _ if opened.starts_with('*') => at.end,
        _ => from,
    };
    Span { start: at.start, end }
}

/// The end of the closing bracket, if there is nothing but blanks, commas and comments before it.
fn closing(text: &str, from: usize, closer: char) -> usize {
    let mut in_comment = false;
    for (offset, c) in text.get(from..).unwrap_or_default().char_indices() {
        match c {
            '\n' => in_comment = false,
            _ if in_comment => {}
            '#' => in_comment = true,
            _ if c == closer => return from + offset + c.len_utf8(),
            ',' => {}
            _ if c.is_whitespace() => {}
            _ => break,
        }
    }
    from
}

/// Block scalars end with their line break; nothing of it is worth a caret.
pub(super) fn trimmed(text: &str, at: Span) -> Span {
    let kept = text.get(range(at)).unwrap_or_default().trim_end().len();
    Span {
        start: at.start,
        end: at.start + kept,
    }
}

pub(super) fn range(at: Span) -> Range<usize> {
    at.start..at.end
}
