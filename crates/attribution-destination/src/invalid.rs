use std::fmt;

use segment_event::Rejection;
use serde::{Serialize, Serializer};

use crate::diagnostic::MapError;

/// Why a message is no event that could be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// Segment's ingest refuses it, for all these reasons; there is at least one.
    Rejected(Vec<Rejection>),
    /// It can't be read or mapped.
    Unmapped(MapError),
}

/// One error of an [`Invalid`], whichever kind it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidError<'a> {
    /// What it is, for programs. Stable.
    pub code: &'static str,
    /// Where in the message, as a JSON pointer.
    pub pointer: &'a str,
    /// What is wrong and what to write instead, for people.
    pub message: &'a str,
}

impl Invalid {
    /// Every error, in the order of the fields.
    pub fn errors(&self) -> Vec<InvalidError<'_>> {
        match self {
            Self::Rejected(rejections) => rejections
                .iter()
                .map(|rejection| InvalidError {
                    code: rejection.code.as_str(),
                    pointer: &rejection.pointer,
                    message: &rejection.message,
                })
                .collect(),
            Self::Unmapped(error) => vec![InvalidError {
                code: error.code,
                pointer: &error.pointer,
                message: &error.message,
            }],
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejections) => {
                for (index, rejection) in rejections.iter().enumerate() {
                    write!(f, "{}{rejection}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Self::Unmapped(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Invalid {}

/// A list, whichever it is.
impl Serialize for Invalid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Rejected(rejections) => rejections.serialize(serializer),
            Self::Unmapped(error) => [error].serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use segment_event::Event;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_reason_is_shown_and_listed() {
        let rejected = Invalid::Rejected(Event::ingest(json!({"type": "track", "userId": 42})).unwrap_err());
        let shown = rejected.to_string();
        assert!(
            shown.starts_with("id_not_string at \"/userId\": ") && shown.contains("; event_not_defined at"),
            "{shown}"
        );
        assert_eq!(
            serde_json::to_value(&rejected).unwrap().as_array().map(Vec::len),
            Some(2)
        );
    }
}
