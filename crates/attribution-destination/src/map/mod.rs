//! From a Segment message to the request of a dialect.
//!
//! One file per dialect. Each is the whole specification of what that dialect puts on the wire, and is on purpose
//! written without a type in common with the ledger's decoder of the same dialect: if the two shared a struct, a
//! misspelt field would round-trip and every test would pass. `fixtures/wire/` keeps both honest.
//!
//! - `classic`: the requests of the classic dialect; `classic_notes`: what its author should know about a message.
//! - `date_like`: which strings are taken for dates; `timestamp`: the wider reading of a message's `timestamp`;
//!   both read with `iso` and write with `instant`.
//! - `rewritten`: JSON on its way to the wire, dates rewritten, nothing cloned; `rewrites`: which strings that changes.

use jiff::Timestamp;
use segment_event::Event;

use crate::diagnostic::{Diagnostic, MapError};
use crate::request::WireRequest;
use crate::settings::{Dialect, Settings};

mod classic;
mod classic_notes;
mod date_like;
mod instant;
mod iso;
mod rewrites;
mod rewritten;
mod timestamp;

/// A message as it goes on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The request to send.
    pub request: WireRequest,
    /// What looks unintended about the message, in the order of the checks.
    pub diagnostics: Vec<Diagnostic>,
}

/// Writes the request of the settings' dialect; `now` is the timestamp of a message that has none.
///
/// The message is not filtered: a screen is mapped whether or not the settings let it pass.
///
/// # Errors
///
/// `timestamp_invalid` when a page, track or screen has a `timestamp` that can't be read; `name_not_string` when the
/// name of a page or screen has no text form; `unsupported_event_type` for a call without a request in the dialect.
/// Of these only the first can happen to a message that Segment's ingest accepts and [`filter`](crate::filter()) passes.
pub fn map(event: &Event, settings: &Settings, now: Timestamp) -> Result<Mapped, MapError> {
    match settings.dialect {
        Dialect::Classic => classic::map(event, &settings.project_id, now),
    }
}
