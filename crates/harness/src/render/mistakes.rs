//! Files that can't be used.

use std::io::{self, Write};

use crate::commands::files::{FindError, LoadError};
use crate::exit::ExitStatus;
use crate::render::style::BAD;

/// Shows why a scenario file can't be used, with every mistake in it.
pub(crate) fn unusable(out: &mut dyn Write, error: &LoadError) -> io::Result<()> {
    match error {
        LoadError::Unreadable(path, error) => {
            writeln!(out, "{BAD}error{BAD:#}: can't read {}: {error}", path.display())
        }
        LoadError::Mistakes(error) => out.write_all(error.render().as_bytes()),
    }
}

/// Says on standard error that a path leads to no scenario, and what to do.
pub(crate) fn nothing_found(error: &FindError) -> ExitStatus {
    let (status, text) = match error {
        FindError::Unreadable(path, error) => (ExitStatus::Broken, format!("can't read {}: {error}", path.display())),
        FindError::Empty(path) => (
            ExitStatus::Invalid,
            format!(
                "no scenario in {}: a scenario file ends in .yaml or .yml; name a file of another ending directly",
                path.display()
            ),
        ),
    };
    // Nothing is left to do when standard error is gone.
    let _ = writeln!(anstream::stderr(), "{BAD}error{BAD:#}: {text}");
    status
}
