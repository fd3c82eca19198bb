//! What is read from the file has to be what was written to it.
//!
//! redb checks all of its file when it is opened and trusts it from then on: what rots under an open file it would hand
//! out, leave out, or panic at. So each block's checksum is kept in memory, 2 MB for each gigabyte, from when it is
//! first read or written, and compared whenever it is read again.

use std::io;
use std::sync::Mutex;

use redb::StorageBackend;

use super::locked;

/// A page of redb has this length or a multiple of it.
const BLOCK: usize = 4096;

/// A file whose every block is as it was last seen, or reading it is an error.
#[derive(Debug)]
pub(super) struct Verified<B> {
    file: B,
    /// By the block's number; none where nothing is known.
    checksums: Mutex<Vec<Option<u32>>>,
}

impl<B> Verified<B> {
    pub(super) fn new(file: B) -> Self {
        Self {
            file,
            checksums: Mutex::default(),
        }
    }

    fn compare(&self, offset: usize, bytes: &[u8]) -> io::Result<()> {
        let found = whole_blocks(offset, bytes);
        let mut known = locked(&self.checksums);
        for (block, checksum) in found {
            match slot(&mut known, block) {
                Some(known) if *known != checksum => {
                    let place = format!("bytes {} to {}", block * BLOCK, (block + 1) * BLOCK - 1);
                    return Err(io::Error::new(io::ErrorKind::InvalidData, place));
                }
                unknown => *unknown = Some(checksum),
            }
        }
        Ok(())
    }

    fn forget(&self, offset: usize, bytes: &[u8]) {
        let mut known = locked(&self.checksums);
        for block in offset / BLOCK..(offset + bytes.len()).div_ceil(BLOCK) {
            *slot(&mut known, block) = None;
        }
    }

    fn learn(&self, offset: usize, bytes: &[u8]) {
        let written = whole_blocks(offset, bytes);
        let mut known = locked(&self.checksums);
        for (block, checksum) in written {
            *slot(&mut known, block) = Some(checksum);
        }
    }
}

/// The blocks that these bytes fill, with their checksums.
fn whole_blocks(offset: usize, bytes: &[u8]) -> Vec<(usize, u32)> {
    let first = offset.div_ceil(BLOCK);
    let blocks = bytes
        .get(first * BLOCK - offset..)
        .unwrap_or_default()
        .chunks_exact(BLOCK);
    (first..).zip(blocks.map(crc32fast::hash)).collect()
}

fn slot(known: &mut Vec<Option<u32>>, block: usize) -> &mut Option<u32> {
    if known.len() <= block {
        known.resize(block + 1, None);
    }
    &mut known[block]
}

fn position(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(|_| io::ErrorKind::FileTooLarge.into())
}

impl<B: StorageBackend> StorageBackend for Verified<B> {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)?;
        self.compare(position(offset)?, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        locked(&self.checksums).truncate(position(length)? / BLOCK);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let start = position(offset)?;
        self.forget(start, data);
        self.file.write(offset, data)?;
        self.learn(start, data);
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_disk::TestDisk;
    use super::*;

    fn read(file: &impl StorageBackend, offset: u64, bytes: usize) -> io::Result<Vec<u8>> {
        let mut out = vec![0; bytes];
        file.read(offset, &mut out).map(|()| out)
    }

    #[test]
    fn a_block_that_changed_since_it_was_written_is_named() {
        let disk = TestDisk::default();
        let file = Verified::new(disk.clone());
        file.write(0, &[1; 3 * BLOCK]).unwrap();
        disk.write(2 * BLOCK as u64 - 1, b"x").unwrap();
        let error = read(&file, 0, 3 * BLOCK).unwrap_err();
        assert_eq!(error.to_string(), "bytes 4096 to 8191");
        assert_eq!(read(&file, 0, BLOCK).unwrap(), [1; BLOCK]);
        assert_eq!(read(&file, 2 * BLOCK as u64, BLOCK).unwrap(), [1; BLOCK]);
    }

    #[test]
    fn a_block_that_changed_since_it_was_read_is_named() {
        let disk = TestDisk::default();
        disk.write(0, &[1; 2 * BLOCK]).unwrap();
        let file = Verified::new(disk.clone());
        read(&file, BLOCK as u64, BLOCK).unwrap();
        disk.write(0, &[2; 2 * BLOCK]).unwrap();
        read(&file, 0, BLOCK).unwrap();
        assert_eq!(
            read(&file, BLOCK as u64, BLOCK).unwrap_err().to_string(),
            "bytes 4096 to 8191"
        );
    }

    #[test]
    fn what_is_written_in_part_or_cut_off_is_learnt_anew() {
        let disk = TestDisk::default();
        let file = Verified::new(disk.clone());
        file.write(0, &[1; 2 * BLOCK]).unwrap();
        file.write(10, b"changed").unwrap();
        assert_eq!(read(&file, 10, 7).unwrap(), b"changed");
        assert_eq!(read(&file, 0, BLOCK).unwrap()[9..18], *b"\x01changed\x01");
        file.set_len(BLOCK as u64).unwrap();
        file.set_len(2 * BLOCK as u64).unwrap();
        assert_eq!(read(&file, BLOCK as u64, BLOCK).unwrap(), [0; BLOCK]);
    }

    #[test]
    fn a_block_that_could_not_be_written_is_learnt_anew() {
        let disk = TestDisk::default();
        let file = Verified::new(disk.clone());
        file.write(0, &[1; BLOCK]).unwrap();
        disk.stop_after(0);
        file.write(0, &[2; BLOCK]).unwrap_err();
        assert_eq!(read(&file, 0, BLOCK).unwrap(), [1; BLOCK]);
    }
}
