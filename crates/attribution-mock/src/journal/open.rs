//! Opening a journal: it is locked, read back and mended where a crash tore its last line.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use attribution_ledger::{EntryError, JournalError, Line, Logged};
use serde::de::IgnoredAny;

use super::disk::Disk as _;
use super::error::JournalFileError;
use super::log::Log;
use super::options::JournalOptions;

/// What was found in a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadBack {
    /// How many requests.
    pub requests: u64,
    /// What a crash left of a line at the end. It was cut off.
    pub torn: Option<Torn>,
}

/// The beginning of a line, whose end was never written. No sender was told that its request was taken, unless the power
/// was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Counts from 1.
    pub line: usize,
    /// How many bytes of it there were.
    pub bytes: usize,
}

/// How every line begins. What ends without a line feed and begins otherwise was not torn by a crash: it is no journal.
const BEGINNING: &[u8] = br#"{"version":1,"#;

/// Reads all lines in order, then goes on after the last. After an error the file is as it was.
pub(crate) fn open(
    options: &JournalOptions,
    each: impl FnMut(Line<'static>) -> Result<(), EntryError>,
) -> Result<(Log, ReadBack), JournalFileError> {
    let path = &options.path;
    let io = |source| JournalFileError::Io {
        path: path.clone(),
        source,
    };
    let file = lock(path)?;
    let mut reading = Reading {
        path,
        each,
        numbers: BTreeMap::new(),
        found: ReadBack::default(),
        whole: 0,
    };
    let ends_well = reading.all(&file)?;
    let Reading { found, mut whole, .. } = reading;
    if found.torn.is_some() {
        file.cut(whole).map_err(io)?;
    } else if !ends_well {
        file.append(b"\n").map_err(io)?;
        whole += 1;
    }
    let log = Log::new(Box::new(file), whole, options.sync).map_err(io)?;
    Ok((log, found))
}

/// The file, which no other process uses. A new one is for its owner's eyes only: it has project ids in it.
fn lock(path: &Path) -> Result<File, JournalFileError> {
    let io = |source| JournalFileError::Io {
        path: path.to_owned(),
        source,
    };
    // Looked at before it is opened, as opening a pipe can take for ever.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(JournalFileError::NotAFile { path: path.to_owned() });
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let is_new = !path.exists();
    let file = options.open(path).map_err(io)?;
    if is_new {
        sync_folder(path).map_err(io)?;
    }
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalFileError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(io(error)),
    }
}

/// Makes the name of a new file survive a power cut.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Other systems can't open a folder, and sync names with the files.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

type Whose = (Option<String>, Option<String>);

struct Reading<'a, F> {
    path: &'a Path,
    each: F,
    /// The last number of each project and namespace.
    numbers: BTreeMap<Whose, u64>,
    found: ReadBack,
    /// How many bytes the whole lines have.
    whole: u64,
}

impl<F: FnMut(Line<'static>) -> Result<(), EntryError>> Reading<'_, F> {
    /// Whether the last line has its line feed.
    fn all(&mut self, file: &File) -> Result<bool, JournalFileError> {
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut bytes = Vec::new();
        for line in 1.. {
            bytes.clear();
            let read = reader.read_until(b'\n', &mut bytes);
            let read = read.map_err(|source| JournalFileError::Io {
                path: self.path.to_owned(),
                source,
            })?;
            if read == 0 {
                break;
            }
            let is_whole = bytes.pop_if(|last| *last == b'\n').is_some();
            match Line::decode(&bytes) {
                Ok(found) => self.take(line, found)?,
                Err(_) if !is_whole && is_torn(&bytes) => {
                    self.found.torn = Some(Torn { line, bytes: read });
                    return Ok(false);
                }
                Err(source) => return Err(self.damaged(JournalError::Line { line, source })),
            }
            self.whole += read as u64;
            if !is_whole {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn take(&mut self, line: usize, found: Line<'static>) -> Result<(), JournalFileError> {
        let whose = (
            found.project.as_deref().map(str::to_owned),
            found.namespace.as_deref().map(str::to_owned),
        );
        let last = self.numbers.entry(whose).or_default();
        match &found.logged {
            Logged::Entry(entry) if entry.seq <= *last => {
                let (seq, after) = (entry.seq, *last);
                return Err(self.damaged(JournalError::Order { line, seq, after }));
            }
            Logged::Entry(entry) => {
                *last = entry.seq;
                self.found.requests += 1;
            }
            Logged::Reset { .. } => *last = 0,
        }
        (self.each)(found).map_err(|source| self.damaged(JournalError::Line { line, source }))
    }

    fn damaged(&self, source: JournalError) -> JournalFileError {
        JournalFileError::Damaged {
            path: self.path.to_owned(),
            source,
        }
    }
}

/// Whether these bytes are the beginning of a line, or zeros: a power cut can leave the length of what it lost.
fn is_torn(bytes: &[u8]) -> bool {
    let common = bytes.len().min(BEGINNING.len());
    let begins = bytes[..common] == BEGINNING[..common];
    let ends_early = || serde_json::from_slice::<IgnoredAny>(bytes).is_err_and(|error| error.is_eof());
    begins && ends_early() || bytes.iter().all(|byte| *byte == 0)
}
