//! Patterns as text, in the notation of a scenario.

use std::fmt;

use super::pattern::{Pattern, PatternKind};

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PatternKind::Literal(value) => write!(f, "{value}"),
            PatternKind::Partial(fields) if fields.is_empty() => f.write_str("{}"),
            PatternKind::Partial(fields) => list(f, "{ ", fields, " }", |f, (key, pattern)| {
                write!(f, "{}: {pattern}", Key(key))
            }),
            PatternKind::Items(items) => list(f, "[", items, "]", |f, item| write!(f, "{item}")),
            _ => {
                f.write_str("{ ")?;
                self.operators(f)?;
                f.write_str(" }")
            }
        }
    }
}

impl Pattern {
    /// An operator without the braces around it, so that several stand side by side.
    fn operators(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PatternKind::Any => f.write_str("$any: true"),
            PatternKind::Absent => f.write_str("$absent: true"),
            PatternKind::Exactly(value) => write!(f, "$exactly: {value}"),
            PatternKind::Regex(regex) => write!(f, "$regex: {}", serde_json::Value::from(regex.as_str())),
            PatternKind::Compare { comparison, limit } => write!(f, "{}: {limit}", comparison.as_str()),
            PatternKind::Approx { value, within } => {
                write!(f, "$approx: {{ value: {value}, within: {within} }}")
            }
            PatternKind::Not(pattern) => write!(f, "$not: {pattern}"),
            PatternKind::OneOf(patterns) => {
                f.write_str("$in: ")?;
                list(f, "[", patterns, "]", |f, pattern| write!(f, "{pattern}"))
            }
            PatternKind::All(patterns) => list(f, "", patterns, "", |f, pattern| pattern.operators(f)),
            PatternKind::Literal(_) | PatternKind::Partial(_) | PatternKind::Items(_) => write!(f, "{self}"),
        }
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    open: &str,
    items: &[T],
    close: &str,
    show: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        show(f, item)?;
    }
    f.write_str(close)
}

/// A key as it stands in YAML: quoted only where it must be.
struct Key<'a>(&'a str);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.0.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && self.0.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if plain {
            f.write_str(self.0)
        } else {
            write!(f, "{}", serde_json::Value::from(self.0))
        }
    }
}
