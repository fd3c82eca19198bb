//! The file of events that did not arrive: their own lines, so that it can be sent like any other.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::commands::Unusable;
use crate::commands::events;

/// An open file of dead letters.
pub(super) struct DeadLetters {
    file: File,
    path: PathBuf,
}

impl DeadLetters {
    /// Opens the file to append to it, before anything is sent. `input` is the file that is read, if one was named.
    pub(super) fn open(path: &Path, input: Option<&Path>) -> anyhow::Result<Self> {
        let unusable = || format!("can't write dead letters to {}", path.display());
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .with_context(unusable)?;
        let this = path.canonicalize().ok();
        if this.is_some() && this == events::file_of(input) {
            return Err(Unusable::new(SameFile)).with_context(unusable);
        }
        end_last_line(&mut file).with_context(unusable)?;
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Where they are.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Each line goes to the file at once: what was reported is kept, whatever happens next.
impl Write for DeadLetters {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.file.write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A last line without its end, left by an editor or a full disk, would swallow the first new one. What can't be looked at,
/// such as a pipe, has no last line.
fn end_last_line(file: &mut File) -> io::Result<()> {
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(-1)).is_ok() {
        file.read_exact(&mut last)?;
    }
    if last == [b'\n'] { Ok(()) } else { file.write_all(b"\n") }
}

/// The input would grow as it is read, without end.
#[derive(Debug)]
struct SameFile;

impl std::fmt::Display for SameFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the events are read from there: name another file")
    }
}

impl std::error::Error for SameFile {}
