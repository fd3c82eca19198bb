//! `$` operators.

use serde_json::{Number, Value};

use super::fields::Fields;
use super::pattern::Reader;
use super::scalar::{set, text, wrong};
use super::suggest::{help, nearest, quoted};
use crate::diagnostic::Diagnostic;
use crate::expect::{Comparison, Pattern, PatternKind, Regex};
use crate::source::Span;
use crate::syntax::Syntax;
use crate::tree::{Entry, Node, Shape};

/// The operators, as they are written.
pub const OPERATORS: &[&str] = &[
    "$regex", "$any", "$absent", "$gt", "$gte", "$lt", "$lte", "$approx", "$not", "$exactly", "$in",
];

/// What operators are called elsewhere, in letters too different for a slip.
const MEANT: &[(&str, &str)] = &[
    ("reg", "$regex"),
    ("match", "$regex"),
    ("matches", "$regex"),
    ("like", "$regex"),
    ("ge", "$gte"),
    ("min", "$gte"),
    ("le", "$lte"),
    ("max", "$lte"),
    ("ne", "$not"),
    ("exists", "$any"),
    ("oneOf", "$in"),
    ("or", "$in"),
];

/// The operator that someone who wrote this key may have meant, with or without its `$`.
pub(super) fn operator_near(key: &str) -> Option<&'static str> {
    let bare = key.trim_start_matches('$');
    OPERATORS
        .iter()
        .find(|operator| operator.trim_start_matches('$') == bare)
        .copied()
        .or_else(|| MEANT.iter().find(|(word, _)| *word == bare).map(|(_, meant)| *meant))
        .or_else(|| nearest(key, OPERATORS))
}

/// Whether a mapping is operators rather than fields.
pub(super) fn is_one(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.key.starts_with('$'))
}

impl Reader<'_> {
    /// One operator, or several that must all hold.
    pub(super) fn operators(&mut self, at: Span, entries: &[Entry]) -> Option<Pattern> {
        let mut found: Vec<Pattern> = entries
            .iter()
            .filter_map(|entry| {
                self.operator(entry).map(|kind| Pattern {
                    at: entry.value.at,
                    kind,
                })
            })
            .collect();
        match found.len() {
            0 => None,
            1 => found.pop().map(|only| Pattern { at, ..only }),
            _ => Some(Pattern {
                at,
                kind: PatternKind::All(found),
            }),
        }
    }

    fn operator(&mut self, entry: &Entry) -> Option<PatternKind> {
        let node = &entry.value;
        match entry.key.as_str() {
            "$any" => {
                let otherwise = format!("write {} for what must not be there", self.example("$absent: true"));
                set(node, "$any", &otherwise, self.sink).map(|()| PatternKind::Any)
            }
            "$absent" => {
                let otherwise = format!("write {} for what must be there", self.example("$any: true"));
                set(node, "$absent", &otherwise, self.sink).map(|()| PatternKind::Absent)
            }
            "$exactly" => Some(PatternKind::Exactly(node.to_value())),
            "$regex" => self.regex(node),
            "$gt" => self.compare(Comparison::Greater, node),
            "$gte" => self.compare(Comparison::GreaterOrEqual, node),
            "$lt" => self.compare(Comparison::Less, node),
            "$lte" => self.compare(Comparison::LessOrEqual, node),
            "$approx" => self.approx(node),
            "$not" => self.pattern(node).map(|pattern| PatternKind::Not(Box::new(pattern))),
            "$in" => self.one_of(node),
            _ => self.none(not_an_operator(entry)),
        }
    }

    fn regex(&mut self, node: &Node) -> Option<PatternKind> {
        let pattern = text(node, "$regex", self.sink)?;
        match Regex::new(pattern) {
            Ok(regex) => Some(PatternKind::Regex(regex)),
            Err(error) => {
                // The last line says what is wrong, those above repeat the expression.
                let message = error.to_string();
                let reason = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
                let mistake = Diagnostic::new(node.at, format!("not a regular expression: {reason}"));
                self.none(mistake.help(match self.sink.syntax() {
                    Syntax::Yaml => "put a `\\` before a character that means itself, and the whole in single quotes",
                    Syntax::Json => "put `\\\\` before a character that means itself: a backslash is written twice",
                }))
            }
        }
    }

    fn compare(&mut self, comparison: Comparison, node: &Node) -> Option<PatternKind> {
        let limit = match &node.shape {
            Shape::Number(number) => Value::Number(number.clone()),
            Shape::Text(text) if text.parse::<jiff::Timestamp>().is_ok() => Value::String(text.clone()),
            _ => {
                let mistake = wrong(node, comparison.as_str(), "a number or a moment", self.sink);
                let moment = self.example("2024-01-15T10:00:00Z");
                return self.none(mistake.help(format!("write one such as `100` or {moment}")));
            }
        };
        Some(PatternKind::Compare { comparison, limit })
    }

    fn approx(&mut self, node: &Node) -> Option<PatternKind> {
        let (value, within) = match &node.shape {
            Shape::Entries(_) => {
                let fields = Fields::of(node, "$approx", &["value", "within"], self.sink)?;
                (fields.get("value"), fields.get("within"))
            }
            _ => (Some(node), None),
        };
        let Some(value) = value else {
            let mistake = Diagnostic::new(node.at, "`$approx` has no `value`");
            let example = self.example("$approx: { value: 99.90, within: 0.01 }");
            return self.none(mistake.help(format!("write {example}")));
        };
        let value = self.number(value, "$approx")?;
        let within = match within {
            Some(node) => self
                .number(node, "$approx.within")
                .filter(|within| self.is_distance(node, within))?,
            None => cent()?,
        };
        Some(PatternKind::Approx { value, within })
    }

    fn number(&mut self, node: &Node, place: &str) -> Option<Number> {
        if let Shape::Number(number) = &node.shape {
            return Some(number.clone());
        }
        self.none(wrong(node, place, "a number", self.sink).help("write one such as `99.90`, without quotes"))
    }

    fn is_distance(&mut self, node: &Node, within: &Number) -> bool {
        let negative = within.to_string().starts_with('-');
        if negative {
            self.sink
                .push(Diagnostic::new(node.at, "a distance can't be negative").help("write it without the `-`"));
        }
        !negative
    }

    fn one_of(&mut self, node: &Node) -> Option<PatternKind> {
        match &node.shape {
            Shape::Items(items) if !items.is_empty() => Some(PatternKind::OneOf(
                items.iter().filter_map(|item| self.pattern(item)).collect(),
            )),
            shape => {
                let mistake = match shape {
                    Shape::Items(_) => Diagnostic::new(node.at, "`$in` must name at least one value"),
                    _ => wrong(node, "$in", "a list of what it may be", self.sink),
                };
                let example = self.example("$in: [google, bing]");
                self.none(mistake.help(format!("write one such as {example}")))
            }
        }
    }

    /// An example in the syntax of the text.
    fn example(&self, yaml: &str) -> String {
        self.sink.syntax().example(yaml)
    }
}

fn cent() -> Option<Number> {
    Number::from_f64(0.01)
}

fn not_an_operator(entry: &Entry) -> Diagnostic {
    if entry.key.starts_with('$') {
        let message = format!("there is no operator {}", quoted(&entry.key));
        let help = match operator_near(&entry.key) {
            _ if entry.key == "$eq" => "write the value itself; did you mean `$exactly`?".to_owned(),
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "{}; a field of that name is matched below `$exactly:`",
                help(&entry.key, OPERATORS)
            ),
        };
        return Diagnostic::new(entry.at, message).help(help);
    }
    Diagnostic::new(
        entry.at,
        format!("the field {} stands beside an operator", quoted(&entry.key)),
    )
    .help("write operators and fields in different mappings")
}
