use jiff::Timestamp;

use super::message::Message;
use crate::map::canonical::is_canonical;
use crate::map::instant::{Instant, Text};
use crate::map::timestamp;
use json_scan::Shape;

/// When a message happened, as it is written.
#[derive(Debug)]
pub(super) enum Moment<'a> {
    /// As the message has it.
    Kept(&'a [u8]),
    /// Otherwise.
    Written(Text),
}

impl<'a> Moment<'a> {
    /// Nothing for a timestamp that is no string, or can't be read.
    pub(super) fn of(message: &Message<'a>, now: Timestamp) -> Option<Self> {
        let Some(given) = message.timestamp.filter(|given| given.shape != Shape::Null) else {
            return Some(Self::Written(Instant::from(now).text()));
        };
        let raw = given.raw(message.source);
        match given.shape {
            Shape::Plain if is_canonical(raw) => Some(Self::Kept(raw)),
            Shape::Plain => timestamp::text(str::from_utf8(raw).ok()?).map(|instant| Self::Written(instant.text())),
            _ => None,
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Kept(text) => text,
            Self::Written(text) => text.as_bytes(),
        }
    }
}
