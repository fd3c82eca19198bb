use std::fmt;

use crate::{double, encodings, http, ingest, journal, ledger, mapper, scenario};

/// A place where bytes come in from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Requests of every dialect, and any other, to a ledger that has seen some before.
    Ledger,
    /// The text in which a journal is kept.
    Journal,
    /// Requests in good HTTP to the double, those to its admin API included.
    Double,
    /// Any bytes on a connection to the double.
    Http,
    /// Bodies that are compressed, or only said to be.
    Encodings,
    /// Lines of JSON on their way into a request.
    Mapper,
    /// JSON that may be a Segment message.
    Ingest,
    /// Text that may be a scenario.
    Scenario,
}

impl Target {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Self::Ledger,
        Self::Journal,
        Self::Double,
        Self::Http,
        Self::Encodings,
        Self::Mapper,
        Self::Ingest,
        Self::Scenario,
    ];

    /// The name by which the folders of its inputs are called.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Journal => "journal",
            Self::Double => "double",
            Self::Http => "http",
            Self::Encodings => "encodings",
            Self::Mapper => "mapper",
            Self::Ingest => "ingest",
            Self::Scenario => "scenario",
        }
    }

    /// Holds what reads there to its promises.
    ///
    /// # Panics
    ///
    /// When a promise is broken.
    pub fn check(self, input: &[u8]) {
        match self {
            Self::Ledger => ledger::check(input),
            Self::Journal => journal::check(input),
            Self::Double => double::check(input),
            Self::Http => http::check(input),
            Self::Encodings => encodings::check(input),
            Self::Mapper => mapper::check(input),
            Self::Ingest => ingest::check(input),
            Self::Scenario => scenario::check(input),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
