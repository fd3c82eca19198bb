//! Mappings with known keys.

use super::suggest::{help, quoted};
use crate::diagnostic::{Diagnostic, Sink};
use crate::printable::printable;
use crate::source::Span;
use crate::syntax::Syntax;
use crate::tree::{Entry, Node, Shape};

/// A mapping whose keys were checked.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// The mapping in the text.
    pub at: Span,
    /// Its keys with their values, in order.
    pub entries: &'a [Entry],
}

impl<'a> Fields<'a> {
    /// The node as a mapping; each key that is not legal is reported and otherwise ignored.
    pub fn of(node: &'a Node, place: &str, legal: &[&str], sink: &mut Sink) -> Option<Self> {
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
    pub fn any(node: &'a Node, place: &str, sink: &mut Sink) -> Option<Self> {
        if let Shape::Entries(entries) = &node.shape {
            return Some(Self { at: node.at, entries });
        }
        let mistake = Diagnostic::new(
            node.at,
            format!("`{place}` must be a mapping, not {}", node.what(sink.syntax())),
        );
        sink.push(mistake.help(match sink.syntax() {
            Syntax::Yaml => "write `key: value` lines below it, indented further",
            Syntax::Json => "write `{\"key\": …}`",
        }));
        None
    }

    /// What stands at a key.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key with what stands at it.
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// A key that is not legal here.
pub fn unknown(entry: &Entry, owner: &str, legal: &[&str]) -> Diagnostic {
    Diagnostic::new(entry.at, format!("{owner} has no key {}", quoted(&entry.key))).help(help(&entry.key, legal))
}

/// A key that an earlier one of its mapping, in that line, has already.
pub fn twice(at: Span, name: &str, line: usize) -> Diagnostic {
    Diagnostic::new(at, format!("the key `{}` is written twice", printable(name, 60)))
        .label(format!("the first is in line {line}"))
        .help("keep one of the two")
}
