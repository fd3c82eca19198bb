//! JSON pointers (RFC 6901).

use crate::source::Span;
use crate::tree::{Entry, Node, Shape};

/// A key as a token of a JSON pointer (RFC 6901 §3).
pub(crate) fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The pointer to the deepest value that holds a place of a JSON text; a key is at its value.
pub(crate) fn pointer(root: &Node, text: &str, at: Span) -> String {
    let mut pointer = String::new();
    let mut node = root;
    while at != node.at && node.at.start <= at.start {
        let (step, below) = match &node.shape {
            Shape::Items(items) => match item(items, at) {
                Some((index, item)) => (index.to_string(), Some(item)),
                None => break,
            },
            Shape::Entries(entries) => match entry(entries, at) {
                Some(entry) => (token(&entry.key), Some(&entry.value)),
                None => match second_key(text, at) {
                    Some(key) => (token(&key), None),
                    None => break,
                },
            },
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => break,
        };
        pointer.push('/');
        pointer.push_str(&step);
        match below {
            Some(below) => node = below,
            None => break,
        }
    }
    pointer
}

fn item(items: &[Node], at: Span) -> Option<(usize, &Node)> {
    let index = items.partition_point(|item| item.at.start <= at.start).checked_sub(1)?;
    let item = &items[index];
    (at.end <= item.at.end).then_some((index, item))
}

fn entry(entries: &[Entry], at: Span) -> Option<&Entry> {
    let index = entries
        .partition_point(|entry| entry.at.start <= at.start)
        .checked_sub(1)?;
    let entry = &entries[index];
    (at.end <= entry.value.at.end).then_some(entry)
}

/// A key that is written twice is in the text, but not in the tree.
fn second_key(text: &str, at: Span) -> Option<String> {
    serde_json::from_str(text.get(at.start..at.end)?).ok()
}
