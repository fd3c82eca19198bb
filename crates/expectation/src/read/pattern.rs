//! What stands in an `expect`: values, partial mappings and operators.

use serde_json::{Number, Value};

use super::fields::unknown;
use super::operator::{self, operator_near};
use crate::diagnostic::{Diagnostic, Sink};
use crate::expect::{Pattern, PatternKind, Section};
use crate::syntax::Syntax;
use crate::tree::{Entry, Node, Shape};

impl Pattern {
    /// Reads what a single value must be, outside of any row.
    ///
    /// Nothing only where a mistake was told.
    pub fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        pattern(node, sink)
    }
}

/// A pattern anywhere below a row, where every key is legal.
pub(crate) fn pattern(node: &Node, sink: &mut Sink) -> Option<Pattern> {
    let part = Part::FreeForm;
    Reader { part, sink }.pattern(node)
}

/// A pattern of a whole row, whose keys are known.
pub(crate) fn row(section: Section, node: &Node, sink: &mut Sink) -> Option<Pattern> {
    let part = Part::Row(section);
    Reader { part, sink }.pattern(node)
}

/// What a pattern is of.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// A whole row, whose keys are known.
    Row(Section),
    /// The field of a row that has this key, and is never a mapping.
    Field(&'a str),
    /// The same of one that is a number.
    Figure(&'a str),
    /// What may be anything.
    FreeForm,
}

/// Reads patterns of whole rows, or of values in them.
pub(super) struct Reader<'a> {
    part: Part<'a>,
    pub(super) sink: &'a mut Sink,
}

impl Reader<'_> {
    pub(super) fn pattern(&mut self, node: &Node) -> Option<Pattern> {
        match (self.part, &node.shape) {
            (_, Shape::Entries(entries)) if operator::is_one(entries) => return self.operators(node.at, entries),
            (Part::Row(_), Shape::Entries(_)) => {}
            (Part::Row(section), _) => return self.none(not_a_row(section, node, self.sink.syntax())),
            (Part::Field(key) | Part::Figure(key), Shape::Entries(entries)) => {
                return self.none(not_a_mapping(key, entries, node, self.sink.syntax()));
            }
            _ => {}
        }
        let kind = match &node.shape {
            Shape::Entries(entries) => PatternKind::Partial(self.fields(entries)),
            Shape::Items(items) => {
                let mut below = self.below(Part::FreeForm);
                PatternKind::Items(items.iter().filter_map(|item| below.pattern(item)).collect())
            }
            Shape::Text(text) if matches!(self.part, Part::Figure(_)) => PatternKind::Literal(decimal(text)),
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => PatternKind::Literal(node.to_value()),
        };
        Some(Pattern { at: node.at, kind })
    }

    fn fields(&mut self, entries: &[Entry]) -> Vec<(String, Pattern)> {
        let mut fields = Vec::with_capacity(entries.len());
        for entry in entries {
            let part = match self.part {
                Part::Row(section) if !section.keys().contains(&entry.key.as_str()) => {
                    self.sink.push(unknown(entry, &owner(section), section.keys()));
                    continue;
                }
                Part::Row(section) if section.is_figure(&entry.key) => Part::Figure(&entry.key),
                Part::Row(section) if !section.is_free_form(&entry.key) => Part::Field(&entry.key),
                Part::Row(_) | Part::Field(_) | Part::Figure(_) | Part::FreeForm => Part::FreeForm,
            };
            if let Some(pattern) = self.below(part).pattern(&entry.value) {
                fields.push((entry.key.clone(), pattern));
            }
        }
        fields
    }

    /// Reads what lies below.
    fn below<'a>(&'a mut self, part: Part<'a>) -> Reader<'a> {
        let sink = &mut *self.sink;
        Reader { part, sink }
    }

    pub(super) fn none<T>(&mut self, mistake: Diagnostic) -> Option<T> {
        self.sink.push(mistake);
        None
    }
}

/// A decimal number in quotes as that number, which is what a variable from outside is; any other text as it is.
fn decimal(text: &str) -> Value {
    let number: Option<Number> = text.trim().parse().ok();
    number.map_or_else(|| Value::from(text), Value::Number)
}

fn owner(section: Section) -> String {
    match section {
        Section::Deliveries => format!("`{section}`"),
        _ => format!("a row of `{section}`"),
    }
}

fn not_a_row(section: Section, node: &Node, syntax: Syntax) -> Diagnostic {
    let key = section.keys().first().copied().unwrap_or("key");
    Diagnostic::new(node.at, format!("a row is a mapping, not {}", node.what(syntax))).help(format!(
        "write one such as {}",
        syntax.example(&format!("{{ {key}: … }}"))
    ))
}

fn not_a_mapping(key: &str, entries: &[Entry], node: &Node, syntax: Syntax) -> Diagnostic {
    let near = entries.iter().find_map(|entry| operator_near(&entry.key));
    let diagnostic = Diagnostic::new(node.at, format!("`{key}` is never a mapping"));
    diagnostic.help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "write its value, or an operator such as {}",
            syntax.example("{ $any: true }")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::row;
    use crate::expect::Section;
    use crate::read::testing::{good, helps, mistakes};

    #[test]
    fn an_operator_without_its_dollar_is_told() {
        let text =
            r#"{"page": {"regex": "a"}, "page_views": {"$not": {"gte": 1}}, "source": {"$in": [{"match": "a"}, {}]}}"#;
        let visit = |node: &_, sink: &mut _| row(Section::Visits, node, sink);
        assert_eq!(
            mistakes(text, visit),
            [
                "`page` is never a mapping",
                "`page_views` is never a mapping",
                "`source` is never a mapping",
                "`source` is never a mapping",
            ]
        );
        assert_eq!(
            helps(text, visit)[..3],
            [
                "did you mean `$regex`?",
                "did you mean `$gte`?",
                "did you mean `$regex`?"
            ]
        );
    }

    #[test]
    fn a_figure_in_quotes_is_that_number() {
        let text = r#"{"revenue": "99.90", "roas": {"$not": "x"}, "spend": {"$in": ["1", 2]}, "channel": "5"}"#;
        let read = good(text, |node, sink| row(Section::Report, node, sink)).unwrap();
        assert_eq!(
            read.to_string(),
            r#"{ revenue: 99.90, roas: { $not: "x" }, spend: { $in: [1, 2] }, channel: "5" }"#
        );
    }

    #[test]
    fn what_is_free_form_may_be_a_mapping() {
        let text = r#"{"properties": {"regex": "a", "gte": {"lt": 1}}}"#;
        assert!(good(text, |node, sink| row(Section::Conversions, node, sink)).is_some());
    }
}
