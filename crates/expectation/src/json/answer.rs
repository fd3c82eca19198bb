//! Failures as rows of an answer in JSON.

use serde::Serialize;
use serde_json::Value;

use crate::expect::{Difference, Failure, Nearest, Section};
use crate::source::Position;

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureRow<'a> {
    /// The section's key.
    pub section: &'static str,
    /// What it is about, as a path: `visits[0].source`.
    pub place: &'a str,
    /// The expectation in the text that was sent, as a JSON pointer.
    pub pointer: String,
    /// The same as line and column.
    pub position: Position,
    /// What is wrong, as a fragment.
    pub message: &'a str,
    /// What was expected, in the notation of a scenario.
    pub expected: &'a str,
    /// What was observed, as JSON; `nothing` or `no rows` where there is none, and `row 2` where that is the nearest.
    pub actual: &'a str,
    /// The observed rows that come closest, three at most, the closest first.
    pub nearest: Vec<NearRow<'a>>,
}

/// An observed row that is nearly as expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearRow<'a> {
    /// Its place in the section, from 0.
    pub index: usize,
    /// The whole row.
    pub row: &'a Value,
    /// How it differs, in the order of the expectation.
    pub differences: Vec<DifferenceRow<'a>>,
}

/// One field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DifferenceRow<'a> {
    /// The field in the row as a JSON pointer; empty for the row itself.
    pub pointer: &'a str,
    /// What was expected, in the notation of a scenario.
    pub expected: &'a str,
    /// What was observed, as JSON; `nothing` where there is none.
    pub actual: &'a str,
}

impl<'a> FailureRow<'a> {
    pub(super) fn of(failure: &'a Failure, pointer: String, position: Position) -> Self {
        Self {
            section: failure.section.map_or("", Section::as_str),
            place: &failure.place,
            pointer,
            position,
            message: &failure.message,
            expected: &failure.expected,
            actual: &failure.actual,
            nearest: failure
                .nearest
                .iter()
                .chain(&failure.further)
                .map(NearRow::of)
                .collect(),
        }
    }
}

impl<'a> NearRow<'a> {
    fn of(near: &'a Nearest) -> Self {
        Self {
            index: near.index,
            row: &near.row,
            differences: near.differences.iter().map(DifferenceRow::of).collect(),
        }
    }
}

impl<'a> DifferenceRow<'a> {
    fn of(difference: &'a Difference) -> Self {
        Self {
            pointer: &difference.pointer,
            expected: &difference.expected,
            actual: &difference.actual,
        }
    }
}
