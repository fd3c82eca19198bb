//! Segment events from a file or standard input: what `map` and `send` have in common.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use attribution_destination::{Invalid, MapError};
use segment_event::Event;
use serde_json::Value;

use super::lines::Line;

/// How much is written at a time.
pub(super) const BUFFER_BYTES: usize = 256 * 1024;

/// Where events come from.
#[derive(Debug)]
pub(super) enum Input {
    /// Standard input.
    Stdin,
    /// A file that could be opened.
    File(File),
}

impl Input {
    /// Opens what was named: a file, or standard input for `-` or nothing.
    pub(super) fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = named(file) else {
            return Ok(Self::Stdin);
        };
        let file = File::open(path).with_context(|| format!("can't read {}", path.display()))?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            anyhow::bail!("can't read {}: it is a folder", path.display());
        }
        Ok(Self::File(file))
    }
}

impl Input {
    /// How many bytes there are, where that is known before they are read.
    pub(super) fn bytes(&self) -> Option<u64> {
        match self {
            Self::Stdin => None,
            Self::File(file) => file
                .metadata()
                .ok()
                .filter(Metadata::is_file)
                .map(|metadata| metadata.len()),
        }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stdin => io::stdin().read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

/// Which file the events come from, as far as the system tells: what was named, or what standard input was led from.
pub(super) fn file_of(file: Option<&Path>) -> Option<PathBuf> {
    fs::canonicalize(named(file).unwrap_or(Path::new("/dev/stdin"))).ok()
}

fn named(file: Option<&Path>) -> Option<&Path> {
    file.filter(|path| *path != Path::new("-"))
}

/// The event in a line. Without `ingest` only what makes it unreadable is wrong with it.
pub(super) fn event(line: &Line<'_>, ingest: bool) -> Result<Event, Invalid> {
    let text = line.text.as_ref().map_err(Clone::clone);
    let message = text.and_then(|text| parse(text)).map_err(Invalid::Unmapped)?;
    let event = if ingest {
        Event::ingest(message)
    } else {
        Event::unchecked(message)
    };
    event.map_err(Invalid::Rejected)
}

/// UTF-8 is checked once for the whole line, which is faster than by string.
fn parse(line: &[u8]) -> Result<Value, MapError> {
    let unreadable = |code, message| MapError {
        code,
        pointer: String::new(),
        message,
    };
    let text = std::str::from_utf8(line).map_err(|error| {
        unreadable(
            "invalid_utf8",
            format!("the line is not UTF-8 from byte {} on", error.valid_up_to() + 1),
        )
    })?;
    serde_json::from_str(text).map_err(|error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let what = error.to_string().replace(&place, "");
        let message = format!(
            "column {}: {what}; write one JSON object a line, as `jq -c` does",
            error.column()
        );
        unreadable("invalid_json", message)
    })
}
