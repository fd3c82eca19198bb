//! Why a spool can't be opened or used, in the terms of whoever named its folder.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a spool can't be opened or used.
///
/// After any of these the records that were appended before stay where they are. A [`Spool`](crate::Spool) can be used
/// on after [`DiskFull`](SpoolError::DiskFull) and [`Io`](SpoolError::Io): the next call opens its file anew.
#[derive(Debug)]
pub enum SpoolError {
    /// Another process has the folder open.
    Locked {
        /// The spool's folder.
        folder: PathBuf,
    },
    /// The folder can't be made, read or written, or it belongs to something else.
    Unusable {
        /// What is in the way: the folder or something in it.
        path: PathBuf,
        /// Why it can't be used.
        reason: Unusable,
    },
    /// The folder was written by a later version of this crate.
    Newer {
        /// The spool's folder.
        folder: PathBuf,
        /// The version of its format.
        found: u32,
        /// The latest version that can be read.
        known: u32,
    },
    /// The disk is full, or a quota is used up. What was appended before stays.
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not as it was written: the disk, or another program, changed it.
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// What in it is damaged, such as a record's number.
        place: String,
    },
    /// A record is longer than [`MAX_RECORD_BYTES`](crate::MAX_RECORD_BYTES). Nothing of its group was appended.
    TooLarge {
        /// Which record of the group, counted from 0.
        index: usize,
        /// How many bytes it has.
        bytes: usize,
    },
    /// A file can't be read or written for any other reason.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Why a folder can't hold a spool.
#[derive(Debug)]
pub enum Unusable {
    /// The system refuses.
    Refused(io::Error),
    /// There is something in the folder that no spool wrote.
    Foreign,
}

impl fmt::Display for SpoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked { folder } => write!(
                f,
                "the spool `{}` is in use by another process: stop that one, or name another folder",
                folder.display()
            ),
            Self::Unusable { path, reason } => write!(f, "`{}` {reason}", path.display()),
            Self::Newer { folder, found, known } => write!(
                f,
                "the spool `{}` has format {found}, and this version reads formats up to {known}: \
                 use the version that wrote it, or name another folder",
                folder.display()
            ),
            Self::DiskFull { path, source: _ } => write!(
                f,
                "there is no space left for `{}`: free some; what was spooled before is safe",
                path.display()
            ),
            Self::Corrupt { path, place } => write!(
                f,
                "`{}` is damaged ({place}): the disk or another program changed it; restore it, \
                 or move its folder away and submit again what it held",
                path.display()
            ),
            Self::TooLarge { index, bytes } => write!(
                f,
                "record {index} of the group has {bytes} bytes: give at most {}",
                crate::MAX_RECORD_BYTES
            ),
            Self::Io { path, source: _ } => write!(f, "`{}` can't be read or written", path.display()),
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(
                f,
                "can't be used for a spool ({error}): name a folder that this process may create and write"
            ),
            Self::Foreign => write!(
                f,
                "is not part of a spool: name an empty folder or one that does not exist"
            ),
        }
    }
}

impl Error for SpoolError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::DiskFull { path: _, source } | Self::Io { path: _, source } => Some(source),
            Self::Locked { .. }
            | Self::Unusable { .. }
            | Self::Newer { .. }
            | Self::Corrupt { .. }
            | Self::TooLarge { .. } => None,
        }
    }
}

impl SpoolError {
    /// What failed at a path, told apart into a full disk and everything else.
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path, source },
            _ => Self::Io { path, source },
        }
    }

    /// What failed while a folder was made ready, where a refusal is about the folder.
    pub(crate) fn preparing(path: impl Into<PathBuf>, source: io::Error) -> Self {
        match Self::io(path, source) {
            Self::Io { path, source } => Self::Unusable {
                path,
                reason: Unusable::Refused(source),
            },
            full => full,
        }
    }
}
