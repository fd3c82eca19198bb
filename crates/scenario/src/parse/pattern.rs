//! What stands in an `expect`: values, partial mappings and operators.

use super::Sink;
use super::fields::unknown;
use super::operator;
use crate::diagnostic::Diagnostic;
use crate::expect::{Pattern, PatternKind, Section};
use crate::syntax::{Entry, Node, Shape};

/// A pattern anywhere below a row, where every key is legal.
pub(crate) fn pattern(node: &Node, sink: &mut Sink) -> Option<Pattern> {
    Reader { row: None, sink }.pattern(node)
}

/// A pattern of a whole row, whose keys are known.
pub(crate) fn row(section: Section, node: &Node, sink: &mut Sink) -> Option<Pattern> {
    Reader {
        row: Some(section),
        sink,
    }
    .row(node)
}

/// Reads patterns of whole rows, or of values in them.
pub(super) struct Reader<'a> {
    /// The section whose rows they are of.
    pub(super) row: Option<Section>,
    pub(super) sink: &'a mut Sink,
}

impl Reader<'_> {
    pub(super) fn pattern(&mut self, node: &Node) -> Option<Pattern> {
        if self.row.is_some() {
            self.row(node)
        } else {
            self.value(node)
        }
    }

    fn row(&mut self, node: &Node) -> Option<Pattern> {
        let Shape::Entries(_) = &node.shape else {
            let mistake = Diagnostic::new(node.at, format!("a row is a mapping, not {}", node.what()));
            let keys = self.row.map_or(&[][..], Section::keys);
            let key = keys.first().copied().unwrap_or("key");
            self.sink
                .push(mistake.help(format!("write one such as `{{ {key}: … }}`")));
            return None;
        };
        self.value(node)
    }

    fn value(&mut self, node: &Node) -> Option<Pattern> {
        let kind = match &node.shape {
            Shape::Entries(entries) if operator::is_one(entries) => return self.operators(node.at, entries),
            Shape::Entries(entries) => PatternKind::Partial(self.fields(entries)),
            Shape::Items(items) => {
                PatternKind::Items(items.iter().filter_map(|item| self.nested().value(item)).collect())
            }
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => PatternKind::Literal(node.to_value()),
        };
        Some(Pattern { at: node.at, kind })
    }

    fn fields(&mut self, entries: &[Entry]) -> Vec<(String, Pattern)> {
        let mut fields = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(section) = self.row.filter(|section| !section.keys().contains(&entry.key.as_str())) {
                let owner = match section {
                    Section::Deliveries => format!("`{section}`"),
                    _ => format!("a row of `{section}`"),
                };
                self.sink.push(unknown(entry, &owner, section.keys()));
            } else if let Some(pattern) = self.nested().value(&entry.value) {
                fields.push((entry.key.clone(), pattern));
            }
        }
        fields
    }

    /// Reads what lies below a row.
    fn nested(&mut self) -> Reader<'_> {
        Reader {
            row: None,
            sink: self.sink,
        }
    }
}
