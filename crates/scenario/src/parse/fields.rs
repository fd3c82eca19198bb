//! Mappings with known keys.

use super::Sink;
use super::suggest::{help, quoted};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::{Entry, Node, Shape};

/// A mapping whose keys were checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    pub(super) at: Span,
    pub(super) entries: &'a [Entry],
}

impl<'a> Fields<'a> {
    /// The node as a mapping; each key that is not legal is reported and otherwise ignored.
    pub(super) fn of(node: &'a Node, place: &str, legal: &[&str], sink: &mut Sink) -> Option<Self> {
        let fields = Self::any(node, place, sink)?;
        for entry in fields
            .entries
            .iter()
            .filter(|entry| !legal.contains(&entry.key.as_str()))
        {
            sink.push(unknown(entry, &format!("`{place}`"), legal));
        }
        Some(fields)
    }

    /// The node as a mapping with whatever keys.
    pub(super) fn any(node: &'a Node, place: &str, sink: &mut Sink) -> Option<Self> {
        if let Shape::Entries(entries) = &node.shape {
            return Some(Self { at: node.at, entries });
        }
        let mistake = Diagnostic::new(node.at, format!("`{place}` must be a mapping, not {}", node.what()));
        sink.push(mistake.help("write `key: value` lines below it, indented further"));
        None
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub(super) fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// A key that is not legal here.
pub(super) fn unknown(entry: &Entry, owner: &str, legal: &[&str]) -> Diagnostic {
    Diagnostic::new(entry.at, format!("{owner} has no key {}", quoted(&entry.key))).help(help(&entry.key, legal))
}
