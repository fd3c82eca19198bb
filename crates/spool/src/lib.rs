//! A crash-safe queue of records on disk, for what is accepted and has no outcome yet.
//!
//! It stands beside the pipeline: whoever promises to deliver something appends it here first, and removes it once its
//! outcome is known. After `kill -9` at any moment, or a power cut, everything that was appended and not removed is
//! there, in order, so it is delivered at least once. What the records are is none of this crate's business.
//!
//! ```
//! use spool::{Spool, SpoolOptions};
//!
//! # let parent = tempfile::tempdir()?;
//! # let folder = parent.path().join("spool");
//! let spool = Spool::open(&folder, SpoolOptions::default())?;
//! let ids = spool.append_all(&["first", "second", "third"])?; // durable from here on
//! spool.remove(&ids[..1])?;
//! spool.close()?;
//!
//! let spool = Spool::open(&folder, SpoolOptions::default())?;
//! assert_eq!(spool.len(), 2);
//! let waiting = spool.first(None, 100, 1_000_000)?;
//! assert_eq!(waiting[0], (ids[1], b"second".to_vec()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | policy |
//! |---|---|
//! | append | durable when it returns; a group is there whole or not at all |
//! | remove | at once for this process, durable a little later: a crash may bring back what was removed last |
//! | order | by [`RecordId`], which never starts again |
//! | sharing | one process; a second one is told [`SpoolError::Locked`] |
//! | damage | [`SpoolError::Corrupt`] names it, when the folder is opened or a part is read again; nothing is left out |
//! | full disk | [`SpoolError::DiskFull`]; reading and removing go on, appending does once there is space |
//! | memory | the cache of [`SpoolOptions`], 2 MB for each gigabyte on disk, and what one call hands over |
//! | disk | given back when less than a quarter of a file above 16 MiB is in use |
//!
//! One bit of the file can turn unnoticed between two runs: the one that says which of the store's last two commits is
//! current. Turned, it brings back the state before the last write.
//!
//! # Architecture invariants
//!
//! - No workspace crate is a dependency of this one, and it knows neither events nor HTTP nor time.
//! - Every change goes through one transaction of the store; nothing else writes to its file.

mod error;
mod folder;
mod options;
mod record_id;
mod reserve;
mod shrink;
mod spool;
mod store;

pub use error::{SpoolError, Unusable};
pub use options::SpoolOptions;
pub use record_id::RecordId;
pub use spool::{MAX_RECORD_BYTES, Opened, Spool};
