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
