use std::fmt;

use super::super::error::FaultError;

/// Why words make no fault, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultMistake {
    /// The keys that lead to it from the fault down, and a number from 0 for a place in a list; none is the fault
    /// itself.
    pub place: Vec<String>,
    /// What is wrong there.
    pub part: FaultPart,
    /// What is wrong, as a fragment.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// What is wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultPart {
    /// The key should not be there.
    Key,
    /// It can't have this value.
    Value,
}

impl FaultMistake {
    pub(super) fn key(key: &str, message: String, help: impl Into<String>) -> Self {
        Self {
            part: FaultPart::Key,
            ..Self::value(&[key], message, help)
        }
    }

    pub(super) fn value(place: &[&str], message: String, help: impl Into<String>) -> Self {
        Self {
            place: place.iter().map(|&key| key.to_owned()).collect(),
            part: FaultPart::Value,
            message,
            help: help.into(),
        }
    }
}

impl From<FaultError> for FaultMistake {
    fn from(error: FaultError) -> Self {
        let found = Self::value(&error.place(), error.message(), error.help());
        match error {
            FaultError::Misplaced { .. } => Self {
                part: FaultPart::Key,
                ..found
            },
            _ => found,
        }
    }
}

impl fmt::Display for FaultMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.help)
    }
}

impl std::error::Error for FaultMistake {}
