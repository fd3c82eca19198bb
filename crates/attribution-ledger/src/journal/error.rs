use std::error::Error;
use std::fmt;

use super::BadHeader;
use super::codec::{LAST_SEQ, VERSION};

/// Why a journal can't be read.
#[derive(Debug)]
pub enum JournalError {
    /// A line is no entry.
    Line {
        /// Counts from 1.
        line: usize,
        /// What is wrong with it.
        source: EntryError,
    },
    /// An entry's number doesn't follow the one before.
    Order {
        /// Counts from 1.
        line: usize,
        /// The entry's number.
        seq: u64,
        /// The number of the entry before.
        after: u64,
    },
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, source: _ } => write!(f, "line {line} of the journal is no entry"),
            Self::Order { line, seq, after } => {
                write!(
                    f,
                    "line {line} of the journal is entry {seq}, which can't follow entry {after}"
                )
            }
        }
    }
}

impl Error for JournalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Line { line: _, source } => Some(source),
            Self::Order { .. } => None,
        }
    }
}

/// Why a line is no entry.
#[derive(Debug)]
pub enum EntryError {
    /// It isn't JSON, or not an object with an entry's members.
    Shape(serde_json::Error),
    /// It was written by another version of this format.
    Version(u64),
    /// Its number is 0 or beyond what every JSON reader keeps exactly.
    Seq(u64),
    /// It has no body, or two.
    Body,
    /// Its body is not base64.
    Base64(base64::DecodeError),
    /// One of its headers is none.
    Header(BadHeader),
    /// It says a namespace of no project, or one that can't be.
    Whose,
    /// It says whose it is, or is a reset: a line of a journal that several share.
    Shared,
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(_) => write!(f, "it is not a JSON object with the members of an entry"),
            Self::Version(found) => write!(f, "its version is {found}, and only version {VERSION} can be read"),
            Self::Seq(found) => write!(f, "its number {found} is not between 1 and {LAST_SEQ}"),
            Self::Body => write!(f, "it needs exactly one of `body` and `body_base64`"),
            Self::Base64(_) => write!(f, "its `body_base64` can't be decoded"),
            Self::Header(_) => write!(f, "one of its `headers` is none"),
            Self::Whose => write!(f, "its `namespace` can't be one, or it says no `project`"),
            Self::Shared => write!(f, "it is of a journal that several projects share"),
        }
    }
}

impl Error for EntryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Shape(error) => Some(error),
            Self::Base64(error) => Some(error),
            Self::Header(error) => Some(error),
            Self::Version(_) | Self::Seq(_) | Self::Body | Self::Whose | Self::Shared => None,
        }
    }
}
