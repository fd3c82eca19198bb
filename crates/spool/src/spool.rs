//! The queue itself: a folder with a store in it.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::SpoolError;
use crate::folder::Folder;
use crate::options::SpoolOptions;
use crate::record_id::RecordId;
use crate::reserve::Reserve;
use crate::shrink::Shrink;
use crate::store::Store;

/// The longest record that is taken, in bytes.
pub const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

/// A crash-safe queue of records in a folder.
///
/// All calls block; from async code make them within `spawn_blocking`. Threads may share it: appends and removals wait
/// for each other, reads wait for nobody but a removal that gives space back to the disk.
#[derive(Debug)]
pub struct Spool {
    // Closed in this order: the lock goes last.
    store: Store,
    folder: Folder,
    opened: Opened,
    reserve: Mutex<Reserve>,
    shrink: Mutex<Shrink>,
    is_shut: bool,
}

/// What was found in the folder when it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// How many records wait in it.
    pub records: u64,
    /// Whether the process that had it open before ended without closing it. Then up to
    /// [`removals_per_sync`](SpoolOptions::removals_per_sync) records that it had removed may be there again, and a group
    /// that was being appended is there whole or not at all.
    pub after_crash: bool,
}

impl Spool {
    /// Opens the spool in a folder, and makes both if need be. Reads all that is in it to see that it is undamaged.
    ///
    /// # Errors
    ///
    /// If another process has it open, or the folder or what is in it can't be used; the error says what to do.
    pub fn open(folder: &Path, options: SpoolOptions) -> Result<Self, SpoolError> {
        let folder = Folder::open(folder, |path| Store::create(path, options))?;
        let store = Store::open(&folder.records(), options)?;
        folder.mark_open()?;
        let mut reserve = Reserve::at(folder.reserve());
        // A full disk is no reason not to open: what waits can be read and removed, and appending says what is wrong.
        let _ = reserve.hold();
        let opened = Opened {
            records: store.len(),
            after_crash: folder.was_left_open(),
        };
        Ok(Self {
            store,
            folder,
            opened,
            reserve: Mutex::new(reserve),
            shrink: Mutex::default(),
            is_shut: false,
        })
    }

    /// What was found in the folder when it was opened.
    pub fn opened(&self) -> Opened {
        self.opened
    }

    /// Appends one record. Once this returns its id, the record survives a crash and a power cut.
    ///
    /// # Errors
    ///
    /// If the record is too large, or the disk is full or fails. After a failure of the disk it may be there all the
    /// same.
    pub fn append(&self, record: &[u8]) -> Result<RecordId, SpoolError> {
        let ids = self.append_all(&[record])?;
        Ok(ids[0])
    }

    /// Appends records in one write, all of them or none. This costs little more than appending one.
    ///
    /// # Errors
    ///
    /// As [`append`](Self::append).
    pub fn append_all<R: AsRef<[u8]>>(&self, records: &[R]) -> Result<Vec<RecordId>, SpoolError> {
        for (index, record) in records.iter().enumerate() {
            let bytes = record.as_ref().len();
            if bytes > MAX_RECORD_BYTES {
                return Err(SpoolError::TooLarge { index, bytes });
            }
        }
        if records.is_empty() {
            return Ok(Vec::new());
        }
        self.hold_reserve()?;
        self.store.append(records)
    }

    /// Takes records out. Ids of records that are not there any more are passed over.
    ///
    /// They are gone at once for [`first`](Self::first). That is durable at the latest when
    /// [`removals_per_sync`](SpoolOptions::removals_per_sync) of them have gathered, and after [`flush`](Self::flush) or
    /// [`close`](Self::close); a crash before may bring them back. When most of the file is free, its space is given
    /// back to the disk before this returns, which may take a second for each gigabyte of it.
    ///
    /// # Errors
    ///
    /// If the disk is full or fails. On a full disk the records are gone for this process all the same, and whatever is
    /// written next tries again to make that durable.
    pub fn remove(&self, ids: &[RecordId]) -> Result<(), SpoolError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.freeing(self.store.remove(ids))?;
        self.shrink()
    }

    /// Reads the first records after an id, or the first of all: at most `limit_records` of them and `limit_bytes` in
    /// all, but at least one where there is one and `limit_records` is not 0.
    ///
    /// # Errors
    ///
    /// If the disk fails, or a record is not as it was appended, in which case none is returned.
    pub fn first(
        &self,
        after: Option<RecordId>,
        limit_records: usize,
        limit_bytes: usize,
    ) -> Result<Vec<(RecordId, Vec<u8>)>, SpoolError> {
        self.store.first(after, limit_records, limit_bytes)
    }

    /// How many records are in it.
    pub fn len(&self) -> u64 {
        self.store.len()
    }

    /// Whether no record is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much of the disk its records take, in bytes.
    ///
    /// # Errors
    ///
    /// If the file can't be asked.
    pub fn bytes_on_disk(&self) -> Result<u64, SpoolError> {
        self.folder.bytes_on_disk()
    }

    /// Makes all removals durable. A caller that has nothing more to remove for a while should.
    ///
    /// # Errors
    ///
    /// If the disk is full or fails.
    pub fn flush(&self) -> Result<(), SpoolError> {
        self.freeing(self.store.flush())
    }

    /// Makes all removals durable and leaves the folder. Dropping does the same and passes over errors.
    ///
    /// # Errors
    ///
    /// If the disk is full or fails. The folder is left all the same.
    pub fn close(mut self) -> Result<(), SpoolError> {
        self.shut()
    }

    fn shut(&mut self) -> Result<(), SpoolError> {
        if self.is_shut {
            return Ok(());
        }
        self.is_shut = true;
        self.freeing(self.store.flush())?;
        self.store.close()?;
        self.folder.mark_closed()
    }

    /// Sees that the reserve is there before more is written. On a full disk the records' own file may have the space.
    fn hold_reserve(&self) -> Result<(), SpoolError> {
        let mut reserve = locked(&self.reserve);
        match reserve.hold() {
            Err(SpoolError::DiskFull { .. }) if self.store.bytes() < self.folder.bytes_on_disk()? / 2 => {
                self.store.compact()?;
                reserve.hold()
            }
            other => other,
        }
    }

    /// Tries once more, with the reserve, what failed to free space on a full disk.
    fn freeing(&self, tried: Result<(), SpoolError>) -> Result<(), SpoolError> {
        match tried {
            Err(SpoolError::DiskFull { .. }) if locked(&self.reserve).release()? => self.store.flush(),
            other => other,
        }
    }

    fn shrink(&self) -> Result<(), SpoolError> {
        let mut shrink = locked(&self.shrink);
        let live = self.store.bytes();
        if !shrink.is_due(live, self.folder.bytes_on_disk()?) {
            return Ok(());
        }
        self.store.compact()?;
        shrink.done(live, self.folder.bytes_on_disk()?);
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Nobody is left to be told; what stays behind is found after the next opening.
        let _ = self.shut();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
