use std::fmt;

use serde::Serialize;

/// Something about a message that is mapped all the same, but probably not what its author meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// What it is, for programs. Stable.
    pub code: &'static str,
    /// Where in the message, as a JSON pointer.
    pub pointer: String,
    /// What happens and what to write instead, for people.
    pub message: String,
}

/// Why a message can't become a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MapError {
    /// What it is, for programs. Stable.
    pub code: &'static str,
    /// Where in the message, as a JSON pointer.
    pub pointer: String,
    /// What is wrong and what to write instead, for people.
    pub message: String,
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.code, self.pointer, self.message)
    }
}

impl std::error::Error for MapError {}
