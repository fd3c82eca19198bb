//! From a Segment message to the request of a dialect.
//!
//! One file per dialect, and [`map()`] chooses. Each is the whole specification of what that dialect puts on the wire,
//! and is on purpose written without a type in common with the ledger's decoder of the same dialect: if the two shared a
//! struct, a misspelt field would round-trip and every test would pass. `fixtures/wire/` keeps both honest.
//!
//! - `classic`, `actions`, `import`: the requests of each dialect; `classic_notes` and so on: what its author should know
//!   about a message, of which `notes` is what several dialects have in common.
//! - `date_like`: which strings are taken for dates; `timestamp`: the wider reading of a message's `timestamp`;
//!   both read with `iso` and write with `instant`.
//! - `canonical`: which dates are written already as `instant` writes them.
//! - `scalar_text`: what JavaScript makes of a value where a text belongs.
//! - `rewritten`: JSON on its way to the wire, dates rewritten, nothing cloned; `rewrites`: which strings that changes.
//! - `error_code`: why a message has no request; `fields`: what of a message its request is made of.
//! - `direct`: the classic and the import dialect once more, for ordinary messages and without a tree, held to `classic`
//!   and `import` by a law.

mod actions;
mod actions_notes;
mod canonical;
mod classic;
mod classic_notes;
mod date_like;
pub(crate) mod direct;
mod error_code;
mod fields;
mod import;
mod import_notes;
mod instant;
mod iso;
mod mapped;
mod notes;
mod rewrites;
mod rewritten;
mod scalar_text;
mod timestamp;

pub use error_code::MapErrorCode;
pub use fields::{mapped_fields, used_fields};
pub use mapped::{Mapped, map};
