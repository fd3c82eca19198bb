use std::fmt;
use std::fs::File;
use std::io::{self, Write as _};

/// What a journal needs of a file that is open for appending.
pub(super) trait Disk: fmt::Debug + Send + Sync {
    /// Hands all of it to the operating system, at the end. After an error some of it may be there.
    fn append(&self, bytes: &[u8]) -> io::Result<()>;

    /// Cuts off what lies beyond this length.
    fn cut(&self, length: u64) -> io::Result<()>;

    /// Returns when all that was handed over is on the disk.
    fn sync(&self) -> io::Result<()>;
}

impl Disk for File {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = self;
        file.write_all(bytes)
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}
