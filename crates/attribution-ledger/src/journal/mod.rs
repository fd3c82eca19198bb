//! What was received, in the order of arrival, and the text in which it is kept.
//!
//! [`Entry`] is one request with its answer, [`Journal`] the append-only list of them, and the codec writes an entry as
//! one line of JSON; a [`Line`] says whose it is as well. Files are the server's: here are only bytes. A journal is all there is to know, because every
//! projection is made of it again by [`Ledger::replay`](crate::Ledger::replay).

mod codec;
mod entry;
mod error;
mod headers;
mod line;
mod list;

pub use entry::{Entry, EntryRow, EntryVerdict, REDACTED, Request};
pub use error::{EntryError, JournalError};
pub use headers::{BadHeader, Headers};
pub use line::{Line, Logged};
pub use list::Journal;
