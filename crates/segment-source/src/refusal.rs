use std::fmt;

use segment_event::{Rejection, RejectionCode};
use serde::{Serialize, Serializer};

/// One thing that speaks against a request or a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Which of Segment's codes it is.
    pub code: Code,
    /// The JSON pointer of the field in the body: where it is, or where it should be.
    pub pointer: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Refusal {
    pub(crate) fn new(code: Code, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            pointer: pointer.into(),
            message: message.into(),
        }
    }

    pub(crate) fn bad_request(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::Message(RejectionCode::BadRequest), pointer, message)
    }

    /// What speaks against the message at this place of the body.
    pub(crate) fn of(rejection: Rejection, place: &str) -> Self {
        let pointer = format!("{place}{}", rejection.pointer);
        Self::new(Code::Message(rejection.code), pointer, rejection.message)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}: {}", self.code, self.pointer, self.message)
    }
}

impl std::error::Error for Refusal {}

/// The codes by which Segment's Delivery Overview lists what failed on ingest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// What a message is rejected for, and whatever has no code of its own: `bad_request`.
    Message(RejectionCode),
    /// A batch has nothing in it.
    EmptyBatch,
    /// The write key is missing, or names no source.
    UnknownSource,
}

impl Code {
    /// The code as it is written: `empty_batch`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message(code) => code.as_str(),
            Self::EmptyBatch => "empty_batch",
            Self::UnknownSource => "unknown_source",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
