//! The file itself, which is opened anew after anything went wrong with it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use redb::{Builder, Database, DatabaseError};

use super::failure::Failure;
use crate::error::SpoolError;

type Open = dyn Fn(&Builder) -> Result<Database, DatabaseError> + Send + Sync;

/// A redb file. redb refuses to go on after an error of its file, so any failure closes it, and the next call opens and
/// checks it anew.
pub(super) struct StoreFile {
    path: PathBuf,
    cache_bytes: usize,
    open: Box<Open>,
    database: RwLock<Option<Database>>,
}

impl fmt::Debug for StoreFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl StoreFile {
    /// A file that is not opened yet.
    pub(super) fn new(
        path: &Path,
        cache_bytes: usize,
        open: impl Fn(&Builder) -> Result<Database, DatabaseError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            path: path.to_owned(),
            cache_bytes,
            open: Box::new(open),
            database: RwLock::new(None),
        }
    }

    /// Makes the file and fills it for the first time.
    pub(super) fn create(self, fill: impl Fn(&Database) -> Result<(), Failure>) -> Result<(), SpoolError> {
        self.with(fill, |_| Ok(()))?;
        self.close()
    }

    /// Does something with the open file. `settle` comes first if it had to be opened.
    pub(super) fn with<T>(
        &self,
        settle: impl Fn(&Database) -> Result<(), Failure>,
        act: impl FnOnce(&Database) -> Result<T, Failure>,
    ) -> Result<T, SpoolError> {
        let done = loop {
            let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(open) = database.as_ref() {
                break act(open);
            }
            drop(database);
            self.reopen(&settle)?;
        };
        done.map_err(|failure| self.failed(&mut self.exclusive(), failure))
    }

    /// Makes the file as short as it can be.
    pub(super) fn compact(&self) -> Result<(), SpoolError> {
        let mut database = self.exclusive();
        let Some(open) = database.as_mut() else {
            return Ok(());
        };
        let compacted = open.compact().map(drop);
        compacted.map_err(|error| self.failed(&mut database, error.into()))
    }

    /// Closes the file.
    pub(super) fn close(&self) -> Result<(), SpoolError> {
        let Some(open) = self.exclusive().take() else {
            return Ok(());
        };
        open.close().map_err(|error| Failure::from(error).at(&self.path))
    }

    fn reopen(&self, settle: impl Fn(&Database) -> Result<(), Failure>) -> Result<(), SpoolError> {
        let mut database = self.exclusive();
        if database.is_none() {
            let open = (self.open)(&self.builder()).map_err(|error| Failure::from(error).at(&self.path))?;
            settle(&open).map_err(|failure| failure.at(&self.path))?;
            *database = Some(open);
        }
        Ok(())
    }

    fn builder(&self) -> Builder {
        let mut builder = Database::builder();
        builder
            .set_cache_size(self.cache_bytes)
            .set_check_integrity_on_open(true);
        builder
    }

    fn failed(&self, database: &mut Option<Database>, failure: Failure) -> SpoolError {
        *database = None;
        failure.at(&self.path)
    }

    fn exclusive(&self) -> RwLockWriteGuard<'_, Option<Database>> {
        self.database.write().unwrap_or_else(PoisonError::into_inner)
    }
}
