use jiff::Timestamp;
use segment_event::Event;

use super::{actions, classic, import};
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

/// Writes the request of the settings' dialect; `now` is the timestamp of a message that has none, except that the import
/// dialect sends such a message without.
///
/// The message is not filtered: a screen is mapped whether or not the settings let it pass. In the actions dialect a
/// message needs a `messageId`, which [`Event::with_message_id`] gives to one that has none.
///
/// # Errors
///
/// - classic: `timestamp_invalid` when a page, track or screen has a `timestamp` that can't be read; `name_not_string` when
///   the name of a page or screen has no text form; `unsupported_event_type` for a group. Of these only the first can
///   happen to a message that Segment's ingest accepts and [`filter`](crate::filter()) passes.
/// - actions: `field_missing`, `field_not_string` and `field_not_object`, whatever the type of the message.
/// - import: none. What RudderStack refuses, a message without `type`, is no [`Event`].
pub fn map(event: &Event, settings: &Settings, now: Timestamp) -> Result<Mapped, MapError> {
    match settings.dialect {
        Dialect::Classic => classic::map(event, &settings.project_id, now),
        Dialect::Actions => actions::map(event, settings, now),
        Dialect::Import => Ok(import::map(event, &settings.project_id)),
    }
}
