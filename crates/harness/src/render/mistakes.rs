//! Files that can't be used.

use std::fmt;
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

/// Says on standard error that something named leads to no scenario, and what to do.
pub(crate) fn nothing_found(nothing: &NoScenario) -> ExitStatus {
    match nothing {
        NoScenario::Folder(path) => tell(&format!(
            "no scenario in {}: below a folder, files that end in .yaml or .yml are scenarios; any other file has to be \
             named itself",
            shown(path)
        )),
        NoScenario::Pattern(pattern) => tell(&format!(
            "no scenario matches {}: `*` crosses no folder and `**` does, files that end in .yaml or .yml are \
             scenarios, and what begins with an underscore is there to be included",
            printable(pattern, LONGEST_PATH)
        )),
        NoScenario::OnlyBundles(path) => tell(&format!(
            "{} leads to nothing but failure bundles, which are left alone: `harness replay BUNDLE` plays one again",
            shown(path)
        )),
        NoScenario::NotAPattern(pattern, error) => tell(&format!(
            "{} is no pattern: {} at character {}",
            printable(pattern, LONGEST_PATH),
            error.msg,
            error.pos + 1
        )),
    }
}

/// Says on standard error that a file has no such line.
pub(crate) fn no_such_line(file: &str, line: usize, lines: usize) -> ExitStatus {
    let file = printable(file, LONGEST_PATH);
    let noun = if lines == 1 { "line" } else { "lines" };
    tell(&format!("{file} has no line {line}: it has {lines} {noun}"))
}

/// Says on standard error that nothing is left to play.
pub(crate) fn nothing_left(nothing: &dyn fmt::Display) -> ExitStatus {
    tell(&nothing.to_string())
}

/// Shows on standard error what has to go before anything is played.
pub(crate) fn refused(diagnostics: &[String]) -> ExitStatus {
    // Nothing is left to do when standard error is gone.
    let _ = write!(anstream::stderr(), "{}", diagnostics.join("\n"));
    ExitStatus::Invalid
}

fn tell(what: &str) -> ExitStatus {
    // Nothing is left to do when standard error is gone.
    let _ = writeln!(anstream::stderr(), "{BAD}error{BAD:#}: {what}");
    ExitStatus::Invalid
}

/// A path as it may be shown on a terminal.
pub(crate) fn shown(path: &Path) -> String {
    printable(&path.display().to_string(), LONGEST_PATH)
}

const LONGEST_PATH: usize = 500;
