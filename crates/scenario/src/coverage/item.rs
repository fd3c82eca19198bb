use std::fmt;

use attribution_destination::{Dialect, MapErrorCode, SkipReason};
use segment_event::{Kind, RejectionCode};

use super::answer::Answer;

/// One thing that a scenario can touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    /// A request was made in it.
    Dialect(Dialect),
    /// Segment was given such a call.
    Call(Kind),
    /// A request was made of it.
    Field(Dialect, &'static str),
    /// Such a call was made a request.
    Mapping(Dialect, Kind),
    /// A call was not sent for it.
    Skip(SkipReason),
    /// A call was not mapped for it.
    MapError(MapErrorCode),
    /// Segment's ingest refused a call for it.
    Rejection(RejectionCode),
    /// A request broke it, by its id.
    Rule(&'static str),
    /// A request was answered so.
    Answer(Answer),
    /// It struck, by its words: those of the server and of the link are the same to whoever writes them.
    Fault(&'static str),
}

/// Its name within its part.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dialect(dialect) => dialect.fmt(f),
            Self::Call(kind) => kind.fmt(f),
            Self::Field(dialect, path) => write!(f, "{dialect}.{path}"),
            Self::Mapping(dialect, kind) => write!(f, "{dialect}.{kind}"),
            Self::Skip(reason) => reason.fmt(f),
            Self::MapError(code) => code.fmt(f),
            Self::Rejection(code) => code.fmt(f),
            Self::Answer(answer) => answer.fmt(f),
            Self::Rule(name) | Self::Fault(name) => f.write_str(name),
        }
    }
}
