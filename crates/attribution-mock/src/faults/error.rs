use std::fmt;

use crate::exchange::INGEST_IN_WORDS;

/// Why a fault can't be installed: it could never strike, or what it prescribes can't be said in HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// Its path is none that takes events.
    UnknownPath {
        /// The path as given.
        path: String,
        /// The path that was probably meant.
        nearest: Option<&'static str>,
    },
    /// Its status is not from 200 to 599.
    Status(u16),
    /// It gives a body to an answer of a status that never has one: 204, 205 or 304 (RFC 9110, sections 15.3.5,
    /// 15.3.6 and 15.4.5).
    Bodiless(u16),
    /// It may strike zero times.
    Never,
    /// The date of its `Retry-After` lies before the year 0, where HTTP has no way to write it.
    RetryAfter,
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPath {
                path,
                nearest: Some(nearest),
            } => {
                write!(f, "no event is ever sent to {path}: did you mean {nearest}?")
            }
            Self::UnknownPath { path, nearest: None } => {
                write!(f, "no event is ever sent to {path}: events go to {INGEST_IN_WORDS}")
            }
            Self::Status(status) => write!(f, "{status} is not a status to answer with: it must be from 200 to 599"),
            Self::Bodiless(status) => write!(f, "an answer of status {status} has no body"),
            Self::Never => f.write_str("a fault for zero requests never strikes"),
            Self::RetryAfter => f.write_str("a Retry-After date must be in the year 0 or later"),
        }
    }
}

impl std::error::Error for FaultError {}
