//! Files that can't be used.

use std::io::{self, Write};
use std::path::Path;

use scenario::printable;

use crate::commands::files::{LoadError, NoScenario};
use crate::exit::ExitStatus;
use crate::render::style::BAD;

/// Shows why a scenario file can't be used, with every mistake in it.
pub(crate) fn unusable(out: &mut dyn Write, error: &LoadError) -> io::Result<()> {
    match error {
        LoadError::Unreadable(path, error) => {
            writeln!(out, "{BAD}error{BAD:#}: can't read {}: {error}", shown(path))
        }
        LoadError::Mistakes(error) => out.write_all(error.render().as_bytes()),
    }
}

/// Says on standard error that a folder holds no scenario, and what to do.
pub(crate) fn nothing_found(NoScenario(path): &NoScenario) -> ExitStatus {
    // Nothing is left to do when standard error is gone.
    let _ = writeln!(
        anstream::stderr(),
        "{BAD}error{BAD:#}: no scenario in {}: below a folder, files that end in .yaml or .yml are scenarios; any other file \
         has to be named itself",
        shown(path)
    );
    ExitStatus::Invalid
}

/// A path as it may be shown on a terminal.
pub(crate) fn shown(path: &Path) -> String {
    printable(&path.display().to_string(), LONGEST_PATH)
}

const LONGEST_PATH: usize = 500;
