//! The classic dialect without a tree: the request of an ordinary message, made of slices of the message.
//!
//! [`classic`](super::classic) is the specification, and this is held to it by a law (see `tests/it/mapper_laws.rs`): for
//! every line either this says nothing, and the specification is asked, or it says what the specification would have
//! said: the same path, visitor and diagnostics, and a body that is the same JSON. The body is the same to the byte where
//! the message is written as `serde_json` writes it. Where it isn't, two things keep the message's own spelling that
//! the specification respells: escapes in strings (`\/`, `\u00e9`), and a key that stands in one object
//! twice, which a parser reads as the last of the two either way.
//!
//! What is not ordinary is left to the specification, and so are all words: errors, reasons to skip, and every diagnostic
//! but `date_rewritten`, which is common and told with the specification's own function.
//!
//! - `message`: takes a message apart and holds it against Segment's ingest and the filter;
//! - `remarkable`: whether the specification would have something to say about it;
//! - `body`: writes the body;
//! - `rewrites`: where the strings stood that were rewritten.

mod body;
mod deciding;
mod message;
mod remarkable;
mod rewrites;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use self::message::Message;
use super::canonical::is_canonical;
use super::instant::{Instant, Text};
use super::{date_like, timestamp};
use crate::diagnostic::Diagnostic;
use crate::scan::{Edits, Rewriting, Shape, Stops};
use crate::settings::Settings;

/// What is kept from one message to the next, so that none costs an allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    stops: Stops,
    edits: Edits,
    /// For a second look at parts of the message.
    again: Edits,
}

/// A request whose body has been written.
#[derive(Debug)]
pub(crate) struct Direct {
    pub(crate) path: &'static str,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What is wanted besides the body.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) diagnostics: bool,
    /// Where to put every id by which the message names its visitor, each once.
    pub(crate) visitor: Option<&'a mut Vec<String>>,
}

/// Appends the body of an ordinary message that is to be sent; says nothing, and appends nothing, to any other line.
pub(crate) fn map(
    source: &[u8],
    settings: &Settings,
    now: Timestamp,
    wanted: Wanted<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Option<Direct> {
    let mut message = Message::of(source);
    message.read(settings, &mut scratch.stops, &mut scratch.edits)?;
    let moment = if message.is_hit() {
        Some(Moment::of(&message, now)?)
    } else {
        None
    };
    let mut diagnostics = Vec::new();
    if wanted.diagnostics {
        if remarkable::is(&message) {
            return None;
        }
        if scratch.edits.rewrite_any() {
            diagnostics = rewrites::diagnostics(&message, scratch)?;
        }
    }
    let path = body::write(&message, moment, &scratch.edits, out);
    if let Some(visitor) = wanted.visitor {
        *visitor = message.visitor();
    }
    Some(Direct { path, diagnostics })
}

/// When a message happened, as it is written.
#[derive(Debug)]
enum Moment<'a> {
    /// As the message has it.
    Kept(&'a [u8]),
    /// Otherwise.
    Written(Text),
}

impl<'a> Moment<'a> {
    /// Nothing for a timestamp that is no string, or can't be read.
    fn of(message: &Message<'a>, now: Timestamp) -> Option<Self> {
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

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Kept(text) => text,
            Self::Written(text) => text.as_bytes(),
        }
    }
}

/// The rewriting of date-like strings.
#[derive(Debug)]
struct Dates;

impl Rewriting for Dates {
    type Text = Text;

    #[inline]
    fn may_rewrite(text: &[u8]) -> bool {
        matches!(text, [_, _, _, _, b'-', _, _, b'-', _, _, ..])
    }

    /// Every date begins with a digit, which may be the one that is escaped.
    fn may_rewrite_escaped(raw: &[u8]) -> bool {
        raw.starts_with(br"\u003") || raw.first().is_some_and(u8::is_ascii_digit)
    }

    fn rewrite(text: &[u8]) -> Option<Text> {
        if is_canonical(text) {
            return None;
        }
        let text = str::from_utf8(text).ok()?;
        date_like::instant(text).map(Instant::text).filter(|new| **new != *text)
    }
}
