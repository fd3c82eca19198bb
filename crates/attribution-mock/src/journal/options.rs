use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a [`Mock`](crate::Mock) keeps what it receives; see [`Mock::with_journal`](crate::Mock::with_journal).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalOptions {
    /// The file. It is made where it is not there yet.
    pub path: PathBuf,
    /// What survives a power cut.
    pub sync: JournalSync,
}

/// How often what was received is brought to the disk.
///
/// It is about power cuts and crashes of the operating system only: a process can be killed at any moment, and everything
/// that was answered is in the file all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JournalSync {
    /// Before each answer. A power cut loses nothing that was answered.
    Always,
    /// Every second. A power cut loses at most what was answered in the last seconds.
    #[default]
    Interval,
    /// Whenever the operating system does so by itself: half a minute later, as a rule.
    Never,
}

impl JournalSync {
    /// Every one, the safest first.
    pub const ALL: [Self; 3] = [Self::Always, Self::Interval, Self::Never];

    /// As it is written: `always`, `interval` or `never`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Interval => "interval",
            Self::Never => "never",
        }
    }
}

impl fmt::Display for JournalSync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for JournalSync {
    type Err = UnknownSync;

    fn from_str(text: &str) -> Result<Self, UnknownSync> {
        Self::ALL
            .into_iter()
            .find(|sync| sync.as_str() == text)
            .ok_or(UnknownSync)
    }
}

/// A word that is no [`JournalSync`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSync;

impl fmt::Display for UnknownSync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write `always`, `interval` (every second) or `never`")
    }
}

impl std::error::Error for UnknownSync {}
