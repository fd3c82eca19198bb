//! How whoever waits for a request learns that one has arrived.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use tokio::sync::watch;

/// How far a record has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// How often it was reset.
    pub(crate) resets: u64,
    /// The number of the last entry since; 0 before the first.
    pub(crate) last: u64,
}

impl Progress {
    /// Before the first entry since the same reset.
    pub(crate) fn beginning(self) -> Self {
        Self { last: 0, ..self }
    }
}

impl fmt::Display for Progress {
    /// The number of the last entry, `7`; after the first reset `7@1`, as entries are numbered anew then.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { resets: 0, last } => write!(f, "{last}"),
            Self { resets, last } => write!(f, "{last}@{resets}"),
        }
    }
}

impl FromStr for Progress {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (last, resets) = text.split_once('@').unwrap_or((text, "0"));
        Ok(Self {
            resets: resets.parse()?,
            last: last.parse()?,
        })
    }
}

/// Tells it to whoever listens, without waiting for them: what they miss is made up by what comes next.
///
/// It is told while the record is locked, so whoever was told and then looks finds all of it there.
#[derive(Debug)]
pub(crate) struct News(watch::Sender<Progress>);

impl News {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Progress::default()))
    }

    /// An entry of this number was added.
    pub(crate) fn arrived(&self, seq: u64) {
        // Waking costs something even where nobody waits. Whoever begins to listen now looks for themselves first.
        self.0.send_if_modified(|progress| {
            progress.last = seq;
            self.0.receiver_count() > 0
        });
    }

    /// Everything was forgotten.
    pub(crate) fn reset(&self) {
        self.0.send_modify(|progress| {
            *progress = Progress {
                resets: progress.resets + 1,
                last: 0,
            };
        });
    }

    pub(crate) fn now(&self) -> Progress {
        *self.0.borrow()
    }

    pub(crate) fn listen(&self) -> watch::Receiver<Progress> {
        self.0.subscribe()
    }
}
