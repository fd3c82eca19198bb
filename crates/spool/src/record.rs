//! Ids of records, and the checksum that a record carries on disk.

use std::fmt;

/// The place of a record in the queue.
///
/// Ids grow with every record that is appended, for the life of the folder, across restarts too: none is ever used
/// for a second record.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let spool = spool::Spool::open(folder.path(), spool::SpoolOptions::default())?;
/// let earlier = spool.append(b"first")?;
/// let later = spool.append(b"second")?;
/// assert!(earlier < later);
/// assert_eq!((earlier.to_string().as_str(), later.get()), ("1", 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub(crate) u64);

impl RecordId {
    /// The id as a number, 1 for the first record of a folder.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const CHECKSUM_BYTES: usize = 4;

/// The record as it lies on disk: a checksum of its id and its bytes, then its bytes.
///
/// The store checks its pages when it is opened and trusts them from then on. This checksum goes with the record all
/// the way, and it can say which record is damaged.
pub(crate) fn seal(id: RecordId, record: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(sealed_bytes(record));
    sealed.extend(checksum(id, record));
    sealed.extend(record);
    sealed
}

/// How long [`seal`] makes a record.
pub(crate) fn sealed_bytes(record: &[u8]) -> usize {
    CHECKSUM_BYTES + record.len()
}

/// The record in what [`seal`] wrote, unless either changed since.
pub(crate) fn unseal(id: RecordId, sealed: &[u8]) -> Option<&[u8]> {
    let (found, record) = sealed.split_first_chunk::<CHECKSUM_BYTES>()?;
    (*found == checksum(id, record)).then_some(record)
}

fn checksum(id: RecordId, record: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&id.0.to_le_bytes());
    hasher.update(record);
    hasher.finalize().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was_sealed() {
        for record in [b"".as_slice(), b"x", &[0xff; 5000]] {
            let sealed = seal(RecordId(7), record);
            assert_eq!(sealed.len(), sealed_bytes(record));
            assert_eq!(unseal(RecordId(7), &sealed), Some(record));
        }
    }

    #[test]
    fn a_record_with_any_bit_turned_is_not_taken_for_whole() {
        let sealed = seal(RecordId(7), b"a record");
        for bit in 0..sealed.len() * 8 {
            let mut damaged = sealed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(unseal(RecordId(7), &damaged), None, "bit {bit}");
        }
    }

    #[test]
    fn a_record_is_not_taken_for_another_one() {
        assert_eq!(unseal(RecordId(8), &seal(RecordId(7), b"a record")), None);
    }

    #[test]
    fn what_is_too_short_for_a_checksum_is_no_record() {
        assert_eq!(unseal(RecordId(7), &[1, 2, 3]), None);
    }
}
