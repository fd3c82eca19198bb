//! A disk that is full, refuses to shrink or fails to sync whenever a test says so.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use super::disk::Disk;

#[derive(Clone, Debug, Default)]
pub(super) struct TestDisk(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    /// How many bytes fit on it.
    pub(super) room: usize,
    pub(super) keeps_all: bool,
    pub(super) fails_to_sync: bool,
    /// How many of the bytes are on it for good.
    pub(super) synced: usize,
}

impl TestDisk {
    pub(super) fn new(room: usize) -> Self {
        let disk = Self::default();
        disk.content().room = room;
        disk
    }

    pub(super) fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.content().bytes.clone()).unwrap()
    }
}

impl Disk for TestDisk {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut content = self.content();
        let fits = bytes.len().min(content.room - content.bytes.len());
        content.bytes.extend_from_slice(&bytes[..fits]);
        if fits == bytes.len() {
            Ok(())
        } else {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        let mut content = self.content();
        if content.keeps_all {
            return Err(io::Error::other("it does not shrink"));
        }
        content.bytes.truncate(usize::try_from(length).unwrap());
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut content = self.content();
        if content.fails_to_sync {
            return Err(io::Error::other("it is broken"));
        }
        content.synced = content.bytes.len();
        Ok(())
    }
}
