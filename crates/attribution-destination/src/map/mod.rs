//! From a Segment message to the request of a dialect.
//!
//! One file per dialect, and [`map()`] chooses. Each is the whole specification of what that dialect puts on the wire,
//! and is on purpose written without a type in common with the ledger's decoder of the same dialect: if the two shared a
//! struct, a misspelt field would round-trip and every test would pass. `fixtures/wire/` keeps both honest.
//!
//! - `classic`: the requests of the classic dialect; `classic_notes`: what its author should know about a message.
//! - `date_like`: which strings are taken for dates; `timestamp`: the wider reading of a message's `timestamp`;
//!   both read with `iso` and write with `instant`.
//! - `canonical`: which dates are written already as `instant` writes them.
//! - `rewritten`: JSON on its way to the wire, dates rewritten, nothing cloned; `rewrites`: which strings that changes.
//! - `direct`: the classic dialect once more, for ordinary messages and without a tree, held to `classic` by a law.

mod canonical;
mod classic;
mod classic_notes;
mod date_like;
pub(crate) mod direct;
mod instant;
mod iso;
mod mapped;
mod rewrites;
mod rewritten;
mod timestamp;

pub use mapped::{Mapped, map};
