//! A disk in memory that fills up, fails, and loses power.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

use redb::StorageBackend;

use super::locked;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// What a file takes space in.
const BLOCK: usize = 4096;

/// A file on a disk. Clones are handles of the same file.
#[derive(Clone, Debug, Default)]
pub(super) struct TestDisk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// What a reader sees.
    seen: Vec<u8>,
    /// What is safe from a power cut.
    synced: Vec<u8>,
    /// What was written since, in order.
    unsynced: Vec<Write>,
    taken: BTreeSet<usize>,
    capacity_blocks: Option<usize>,
    writes_left: Option<usize>,
}

#[derive(Clone, Debug)]
enum Write {
    Length(usize),
    Bytes(usize, Vec<u8>),
}

impl TestDisk {
    /// From now on there is space for so many bytes in all.
    pub(super) fn limit(&self, bytes: Option<usize>) {
        locked(&self.0).capacity_blocks = bytes.map(|bytes| bytes / BLOCK);
    }

    /// How many bytes are in use.
    pub(super) fn used(&self) -> usize {
        locked(&self.0).taken.len() * BLOCK
    }

    /// After so many more writes every one fails, as if the process had been killed there.
    pub(super) fn stop_after(&self, writes: usize) {
        locked(&self.0).writes_left = Some(writes);
    }

    /// From now on it works again.
    pub(super) fn resume(&self) {
        locked(&self.0).writes_left = None;
    }

    /// The disk as it may be found after a power cut: of what was not synced, any sectors may be there or not.
    pub(super) fn after_power_cut(&self, mut is_kept: impl FnMut() -> bool) -> Self {
        let state = locked(&self.0);
        let mut found = state.synced.clone();
        for write in &state.unsynced {
            match write {
                Write::Length(length) if is_kept() => found.resize(*length, 0),
                Write::Length(_) => {}
                Write::Bytes(offset, bytes) => {
                    for (index, sector) in bytes.chunks(SECTOR).enumerate().filter(|_| is_kept()) {
                        put(&mut found, offset + index * SECTOR, sector);
                    }
                }
            }
        }
        Self::holding(found)
    }

    /// The disk as it is found after the process is killed: what was written is there.
    pub(super) fn after_kill(&self) -> Self {
        Self::holding(locked(&self.0).seen.clone())
    }

    fn holding(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State {
            taken: (0..bytes.len().div_ceil(BLOCK)).collect(),
            seen: bytes.clone(),
            synced: bytes,
            ..State::default()
        })))
    }
}

fn put(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(bytes);
}

impl State {
    fn count_write(&mut self) -> io::Result<()> {
        match &mut self.writes_left {
            Some(0) => Err(io::Error::other("the disk is gone")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn take(&mut self, offset: usize, bytes: usize) -> io::Result<()> {
        for block in offset / BLOCK..(offset + bytes).div_ceil(BLOCK) {
            let is_full = self
                .capacity_blocks
                .is_some_and(|capacity| self.taken.len() >= capacity);
            if is_full && !self.taken.contains(&block) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.taken.insert(block);
        }
        Ok(())
    }
}

impl StorageBackend for TestDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(locked(&self.0).seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = locked(&self.0);
        let start = usize::try_from(offset).map_err(io::Error::other)?;
        let found = state
            .seen
            .get(start..start + out.len())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(found);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = locked(&self.0);
        state.count_write()?;
        let length = usize::try_from(length).map_err(io::Error::other)?;
        state.seen.resize(length, 0);
        state.taken.retain(|block| block * BLOCK < length);
        state.unsynced.push(Write::Length(length));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = locked(&self.0);
        state.count_write()?;
        state.synced = state.seen.clone();
        state.unsynced.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = locked(&self.0);
        state.count_write()?;
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        state.take(offset, data.len())?;
        put(&mut state.seen, offset, data);
        state.unsynced.push(Write::Bytes(offset, data.to_vec()));
        Ok(())
    }
}
