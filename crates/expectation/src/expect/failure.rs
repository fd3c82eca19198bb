//! An expectation that does not hold, told so that the mistake can be found.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::diff::Diff;
use super::section::Section;
use crate::diagnostic::Diagnostic;
use crate::printable::printable;
use crate::source::Span;

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// Which section it is about, if it is one; `place` says it too.
    #[serde(skip)]
    pub section: Option<Section>,
    /// Where the expectation stands in the text.
    pub at: Span,
    /// What it is about, as a path: `visits[0].source`.
    pub place: String,
    /// What is wrong, as a fragment.
    pub message: String,
    /// What was expected, in the notation of a scenario.
    pub expected: String,
    /// What was observed, as JSON; `nothing` or `no rows` where there is none, and `row 2` where that is the nearest.
    pub actual: String,
    /// The observed row that comes closest.
    pub nearest: Option<Nearest>,
    /// The rows that come next, two at most, as far as they have anything of what is expected.
    #[serde(skip)]
    pub further: Vec<Nearest>,
    /// How a whole text differs from the one that was expected, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<Diff>,
}

/// The observed row with the fewest differences from the expected one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nearest {
    /// Its place in the section, from 0.
    pub index: usize,
    /// The whole row.
    pub row: Value,
    /// How it differs, in the order of the expectation.
    pub differences: Vec<Difference>,
}

/// One field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field in the row as a JSON pointer; empty for the row itself.
    pub pointer: String,
    /// Where the expectation of this field stands in the text.
    pub at: Span,
    /// What was expected, in the notation of a scenario.
    pub expected: String,
    /// What was observed, as JSON; `nothing` where there is none.
    pub actual: String,
}

impl Failure {
    /// The same as a mistake in the text, with values shortened so that both are seen.
    pub fn diagnostic(&self) -> Diagnostic {
        let label = match &self.diff {
            Some(diff) => diff.counts(),
            None => format!("expected {}, found {}", shown(&self.expected), shown(&self.actual)),
        };
        Diagnostic::new(self.at, format!("{}: {}", shown(&self.place), self.message)).label(label)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", shown(&self.place), self.message)?;
        writeln!(f, "  expected: {}", shown(&self.expected))?;
        write!(f, "  actual:   {}", shown(&self.actual))?;
        if let Some(nearest) = &self.nearest {
            write!(f, "\n{nearest}")?;
        }
        match &self.diff {
            Some(diff) => write!(f, "\n\n{diff}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  nearest:  {}", shown(&self.row.to_string()))?;
        // A single difference is what the failure itself is about.
        let told = if self.differences.len() > 1 {
            self.differences.as_slice()
        } else {
            &[]
        };
        told.iter().try_for_each(|difference| write!(f, "\n    {difference}"))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() {
            "the row"
        } else {
            &self.pointer
        };
        let (pointer, expected, actual) = (shown(pointer), shown(&self.expected), shown(&self.actual));
        write!(f, "{pointer}: expected {expected}, found {actual}")
    }
}

/// A value as it may be shown; more of a row, which is of several values.
fn shown(value: &str) -> String {
    const VALUE: usize = 300;
    const ROW: usize = 1_000;
    let is_compound = value.starts_with(['{', '[']);
    printable(value, if is_compound { ROW } else { VALUE })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Difference, Failure, Nearest};
    use crate::expect::Section;
    use crate::source::Span;

    #[test]
    fn long_and_hostile_values_are_never_shown_raw() {
        let hostile = format!("\u{202e}\u{7f}{}", "a".repeat(50_000));
        let json = Value::from(hostile.clone()).to_string();
        let difference = Difference {
            pointer: format!("/{hostile}"),
            at: Span::default(),
            expected: json.clone(),
            actual: json.clone(),
        };
        let failure = Failure {
            section: Some(Section::Visits),
            at: Span::default(),
            place: hostile.clone(),
            message: "not as expected".to_owned(),
            expected: json.clone(),
            actual: json,
            nearest: Some(Nearest {
                index: 0,
                row: json!({"visitor": hostile}),
                differences: vec![difference; 2],
            }),
            further: Vec::new(),
            diff: None,
        };
        let label = failure.diagnostic().label.unwrap_or_default();
        assert!(label.len() < 1_000 && label.contains(", found \""), "{label}");
        let shown = failure.to_string();
        assert!(shown.len() < 5_000, "{} bytes", shown.len());
        assert!(shown.contains("\\u{202e}\\u{7f}aaa") && !shown.contains(['\u{202e}', '\u{7f}']));
        assert!(shown.contains("… (50004 characters)"), "{shown}");
    }
}
