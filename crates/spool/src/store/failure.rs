//! From what redb says to what the user needs to know.

use std::io;
use std::path::Path;

use crate::error::SpoolError;

/// Why something could not be done with the file.
#[derive(Debug)]
pub(super) enum Failure {
    /// What redb says.
    Store(Box<redb::Error>),
    /// Something in the file is not as it was written.
    Damaged(String),
}

/// All of redb's errors, one for each kind of call, are cases of one.
impl<E: Into<redb::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Store(Box::new(error.into()))
    }
}

impl Failure {
    pub(super) fn damaged(place: impl Into<String>) -> Self {
        Self::Damaged(place.into())
    }

    pub(super) fn totals() -> Self {
        Self::damaged("its totals don't fit its records")
    }

    /// The error that names the file.
    pub(super) fn at(self, path: &Path) -> SpoolError {
        let corrupt = |place| SpoolError::Corrupt {
            path: path.to_owned(),
            place,
        };
        let error = match self {
            Self::Damaged(place) => return corrupt(place),
            Self::Store(error) => *error,
        };
        match error {
            redb::Error::Io(error) => match error.kind() {
                io::ErrorKind::UnexpectedEof => corrupt("it ends too early".to_owned()),
                io::ErrorKind::InvalidData => corrupt(error.to_string()),
                _ => SpoolError::io(path, error),
            },
            error @ (redb::Error::PreviousIo
            | redb::Error::DatabaseClosed
            | redb::Error::LockPoisoned(_)
            | redb::Error::Unsupported
            | redb::Error::TransactionInProgress) => SpoolError::io(path, io::Error::other(error)),
            damage => corrupt(damage.to_string()),
        }
    }
}
