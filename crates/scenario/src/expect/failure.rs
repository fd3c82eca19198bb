//! An expectation that does not hold, told so that the mistake can be found.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::source::Span;

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// Where the expectation stands in the file.
    pub at: Span,
    /// What it is about, as a path: `visits[0].source`.
    pub place: String,
    /// What is wrong, as a fragment.
    pub message: String,
    /// What was expected, in the scenario's own notation.
    pub expected: String,
    /// What was observed, as JSON; `nothing` where there is none.
    pub actual: String,
    /// The observed row that comes closest.
    pub nearest: Option<Nearest>,
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
    /// Where the expectation of this field stands in the file.
    pub at: Span,
    /// What was expected, in the scenario's own notation.
    pub expected: String,
    /// What was observed, as JSON; `nothing` where there is none.
    pub actual: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.place, self.message)?;
        writeln!(f, "  expected: {}", self.expected)?;
        write!(f, "  actual:   {}", self.actual)?;
        match &self.nearest {
            Some(nearest) => write!(f, "\n{nearest}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  nearest:  {}", self.row)?;
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
        write!(f, "{pointer}: expected {}, found {}", self.expected, self.actual)
    }
}
