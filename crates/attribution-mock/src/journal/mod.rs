//! The journal file: what was received, so that it is still there after a restart.
//!
//! A line is handed to the operating system before its request is answered, under the lock that makes the order of
//! arrival: whatever kills the process, nothing that was answered is lost, and what can't be written is neither recorded nor
//! answered as if it were. The write goes to the system's memory and takes a few microseconds; a thread of its own brings it
//! to the disk, as often as [`JournalSync`] says.

mod disk;
mod error;
mod log;
mod open;
mod options;
mod syncer;
#[cfg(test)]
mod test_disk;

pub use error::JournalFileError;
pub(crate) use log::{Failure, Kept, Log};
pub(crate) use open::open;
pub use open::{ReadBack, Torn};
pub use options::{JournalOptions, JournalSync, UnknownSync};
