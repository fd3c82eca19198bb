use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use attribution_ledger::JournalError;

/// Why a journal can't be used. The file is as it was.
#[derive(Debug)]
pub enum JournalFileError {
    /// Another process has it open.
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// There is something at the path that is no file.
    NotAFile {
        /// What is there.
        path: PathBuf,
    },
    /// It can't be made, read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line of it was written by something else, or was changed.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which line, and what is wrong with it.
        source: JournalError,
    },
}

impl fmt::Display for JournalFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked { path } => write!(
                f,
                "the journal `{}` is in use by another process: stop that one, or name another file",
                path.display()
            ),
            Self::NotAFile { path } => write!(f, "`{}` is no file: name one for the journal", path.display()),
            Self::Io { path, source: _ } => write!(
                f,
                "can't use `{}` as the journal: name a file that this process may create, read and write",
                path.display()
            ),
            Self::Damaged { path, source: _ } => write!(
                f,
                "can't read `{}` back, and leave it as it is: mend the line, or name another file",
                path.display()
            ),
        }
    }
}

impl Error for JournalFileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { path: _, source } => Some(source),
            Self::Damaged { path: _, source } => Some(source),
            Self::Locked { .. } | Self::NotAFile { .. } => None,
        }
    }
}
