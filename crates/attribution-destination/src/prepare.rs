use jiff::Timestamp;
use segment_event::Event;

use crate::filter::{Skip, Verdict, filter};
use crate::invalid::Invalid;
use crate::map::{Mapped, map};
use crate::settings::Settings;

/// What becomes of a message before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// This request is to be sent.
    Send(Mapped),
    /// Nothing is to be sent, for this reason.
    Skip(Skip),
    /// It should be sent but can't be written.
    Invalid(Invalid),
}

/// Filters a message and, where it passes, maps it; `now` is the timestamp of a message that has none.
///
/// Where the dialect [carries the message's id](crate::Dialect::carries_message_id), a message without should have been
/// given one: the actions dialect can't do without.
pub fn prepare(event: &Event, settings: &Settings, now: Timestamp) -> Prepared {
    match filter(event, settings) {
        Verdict::Skip(skip) => Prepared::Skip(skip),
        Verdict::Send => match map(event, settings, now) {
            Ok(mapped) => Prepared::Send(mapped),
            Err(error) => Prepared::Invalid(Invalid::Unmapped(error)),
        },
    }
}
