use jiff::Timestamp;
use segment_event::Event;

use super::classic;
use crate::diagnostic::{Diagnostic, MapError};
use crate::request::WireRequest;
use crate::settings::{Dialect, Settings};

/// A message as it goes on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The request to send.
    pub request: WireRequest,
    /// Every id by which the message names its visitor, each once.
    pub visitor: Vec<String>,
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
