//! The folder of a spool: who may use it, and what lies in it.
//!
//! | file | what it is |
//! |---|---|
//! | `lock` | locked while a process has the spool open; says whether the last one closed it |
//! | `reserve` | nothing: space on the disk that makes it possible to remove records when it is full |
//! | `format` | the version of everything else, as text |
//! | `records.redb` | the records |
//!
//! `format` and `records.redb` appear whole or not at all: each is written under another name, synced and renamed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::error::{SpoolError, Unusable};

/// The version that this crate writes.
const FORMAT: u32 = 1;

const LOCK_FILE: &str = "lock";
const FORMAT_FILE: &str = "format";
const RECORDS_FILE: &str = "records.redb";
const RESERVE_FILE: &str = "reserve";
const UNFINISHED_FORMAT: &str = "format.new";
const UNFINISHED_RECORDS: &str = "records.redb.new";

/// Both marks have one length, so that either overwrites the other.
const OPEN: &str = "open  \n";
const CLOSED: &str = "closed\n";

/// A folder that no other process uses.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    lock: File,
    was_left_open: bool,
}

impl Folder {
    /// Makes the folder if need be, locks it and sees that its format can be read. `create` writes an empty store to a
    /// path that does not exist.
    pub(crate) fn open(path: &Path, create: impl Fn(&Path) -> Result<(), SpoolError>) -> Result<Self, SpoolError> {
        make(path)?;
        refuse_what_is_foreign(path)?;
        let (lock, was_left_open) = lock(path)?;
        let folder = Self {
            path: path.to_owned(),
            lock,
            was_left_open,
        };
        match folder.format()? {
            Some(found) if found > FORMAT => Err(SpoolError::Newer {
                folder: folder.path.clone(),
                found,
                known: FORMAT,
            }),
            Some(_) if !folder.records().exists() => Err(SpoolError::Corrupt {
                path: folder.records(),
                place: "it is missing".to_owned(),
            }),
            Some(_) => Ok(folder),
            None => folder.furnish(create),
        }
    }

    /// The file with the records.
    pub(crate) fn records(&self) -> PathBuf {
        self.path.join(RECORDS_FILE)
    }

    /// The file that only takes space.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.path.join(RESERVE_FILE)
    }

    /// Whether the process that had it open before ended without closing it.
    pub(crate) fn was_left_open(&self) -> bool {
        self.was_left_open
    }

    /// How much of the disk the records take, in bytes. The file has holes, so this is less than its length.
    pub(crate) fn bytes_on_disk(&self) -> Result<u64, SpoolError> {
        let records = self.records();
        let metadata = fs::metadata(&records).map_err(|error| SpoolError::io(records, error))?;
        Ok(allocated(&metadata))
    }

    /// Notes that from now on there may be something that is not finished.
    pub(crate) fn mark_open(&self) -> Result<(), SpoolError> {
        self.mark(OPEN)
    }

    /// Notes that everything is written, so that the next process knows.
    pub(crate) fn mark_closed(&self) -> Result<(), SpoolError> {
        self.mark(CLOSED)
    }

    /// Overwrites the mark in place, which needs no space on the disk.
    fn mark(&self, mark: &str) -> Result<(), SpoolError> {
        let mut lock = &self.lock;
        lock.rewind()
            .and_then(|()| lock.write_all(mark.as_bytes()))
            .and_then(|()| lock.sync_all())
            .map_err(|error| SpoolError::preparing(self.path.join(LOCK_FILE), error))
    }

    fn format(&self) -> Result<Option<u32>, SpoolError> {
        let path = self.path.join(FORMAT_FILE);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SpoolError::preparing(path, error)),
        };
        let version = std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.trim_end().parse().ok());
        version.map(Some).ok_or_else(|| SpoolError::Corrupt {
            path,
            place: format!("`{}` is no version of a format", text.escape_ascii()),
        })
    }

    /// Puts an empty store and the format's version into a folder that has no format yet. A store that is there was
    /// made by a process that ended just before it would have written the format.
    fn furnish(self, create: impl Fn(&Path) -> Result<(), SpoolError>) -> Result<Self, SpoolError> {
        if !self.records().exists() {
            let unfinished = self.path.join(UNFINISHED_RECORDS);
            remove_if_there(&unfinished)?;
            create(&unfinished)?;
            self.settle(&unfinished, RECORDS_FILE)?;
        }
        let unfinished = self.path.join(UNFINISHED_FORMAT);
        File::create(&unfinished)
            .and_then(|mut file| {
                file.write_all(format!("{FORMAT}\n").as_bytes())
                    .and_then(|()| file.sync_all())
            })
            .map_err(|error| SpoolError::preparing(&unfinished, error))?;
        self.settle(&unfinished, FORMAT_FILE)?;
        Ok(self)
    }

    fn settle(&self, unfinished: &Path, name: &str) -> Result<(), SpoolError> {
        fs::rename(unfinished, self.path.join(name))
            .and_then(|()| sync_folder(&self.path))
            .map_err(|error| SpoolError::preparing(unfinished, error))
    }
}

impl Drop for Folder {
    /// Gives the lock back at once: a process that is just being started from here may hold a copy of the file.
    fn drop(&mut self) {
        // Closing the file, which comes next, does the same wherever this fails.
        let _ = self.lock.unlock();
    }
}

fn make(path: &Path) -> Result<(), SpoolError> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.is_dir();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    fs::create_dir_all(path)
        .and_then(|()| {
            missing
                .iter()
                .filter_map(|made| made.parent())
                .try_for_each(sync_folder)
        })
        .map_err(|error| SpoolError::preparing(path, error))
}

fn refuse_what_is_foreign(folder: &Path) -> Result<(), SpoolError> {
    const OURS: [&str; 5] = [
        LOCK_FILE,
        FORMAT_FILE,
        RECORDS_FILE,
        UNFINISHED_FORMAT,
        UNFINISHED_RECORDS,
    ];
    if folder.join(FORMAT_FILE).exists() {
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(|error| SpoolError::preparing(folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| SpoolError::preparing(folder, error))?;
        if !OURS.iter().any(|ours| entry.file_name() == *ours) {
            return Err(SpoolError::Unusable {
                path: entry.path(),
                reason: Unusable::Foreign,
            });
        }
    }
    Ok(())
}

/// Locks the folder, and says whether the last process to do so left it open.
fn lock(folder: &Path) -> Result<(File, bool), SpoolError> {
    let path = folder.join(LOCK_FILE);
    let prepared = |error| SpoolError::preparing(&path, error);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&path).map_err(prepared)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(SpoolError::Locked {
                folder: folder.to_owned(),
            });
        }
        Err(TryLockError::Error(error)) => return Err(prepared(error)),
    }
    let mut mark = Vec::new();
    file.read_to_end(&mut mark).map_err(prepared)?;
    let was_left_open = mark == OPEN.as_bytes();
    Ok((file, was_left_open))
}

pub(crate) fn remove_if_there(path: &Path) -> Result<(), SpoolError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(SpoolError::preparing(path, error)),
        _ => Ok(()),
    }
}

/// Makes names in a folder survive a power cut.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    File::open(folder)?.sync_all()
}

/// Other systems can't open a folder, and sync names with the files.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn allocated(metadata: &fs::Metadata) -> u64 {
    const BLOCK: u64 = 512;
    std::os::unix::fs::MetadataExt::blocks(metadata) * BLOCK
}

#[cfg(not(unix))]
fn allocated(metadata: &fs::Metadata) -> u64 {
    metadata.len()
}
