//! Where a failure is kept, and how it is played again.

use std::fmt;
use std::path::Path;

use super::mistakes::shown;
use super::shell;
use crate::commands::run::report::Report;

/// What is said of the failure bundle of a scenario, in the same words everywhere.
#[derive(Debug)]
pub(crate) struct Kept<'a> {
    /// Where the bundle lies.
    pub(crate) bundle: &'a Path,
    /// Its folder as it may be shown.
    pub(crate) folder: String,
    /// The command that plays it again.
    pub(crate) command: String,
}

impl<'a> Kept<'a> {
    /// Of a scenario with a bundle; nothing of any other.
    pub(crate) fn of(report: &'a Report) -> Option<Self> {
        let bundle = report.bundle.as_deref()?;
        let folder = shown(bundle);
        let command = format!("harness replay {}", shell::word(&folder));
        Some(Self {
            bundle,
            folder,
            command,
        })
    }
}

impl fmt::Display for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "kept; again with: {}", self.command)
    }
}
