//! Requests without a tree: that of an ordinary message, made of slices of the message.
//!
//! [`classic`](super::classic) and [`import`](super::import) are the specification, and this is held to them by a law (see
//! `tests/it/mapper_laws.rs`): for every line either this says nothing, and the specification is asked, or it says what the
//! specification would have said: the same path, visitor and diagnostics, and a body that is the same JSON. The body
//! is the same to the byte where the message is written as `serde_json` writes it. Where it isn't, two things keep the
//! message's own spelling that the specification respells: escapes in strings (`\/`, `\u00e9`), and a key that stands in one
//! object twice, which a parser reads as the last of the two either way.
//!
//! What is not ordinary is left to the specification, and so are all words: errors, reasons to skip, and every diagnostic
//! but `date_rewritten`, which is common and told with the specification's own function. The actions dialect is left to
//! it altogether.
//!
//! - `message`: takes a message apart and holds it against Segment's ingest and the filter;
//! - `remarkable`: whether the specification would have something to say about it;
//! - `body`: writes the body of the classic dialect; `moment`: when it happened;
//! - `rewrites`: where the strings stood that were rewritten for it;
//! - `item`: writes the body of the import dialect.

mod body;
mod deciding;
mod item;
mod message;
mod moment;
mod remarkable;
mod rewrites;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use segment_event::MessageId;

use self::item::{Item, Notes, Taking};
use self::message::Message;
use self::moment::Moment;
use super::canonical::is_canonical;
use super::date_like;
use super::instant::{Instant, Text};
use crate::diagnostic::Diagnostic;
use crate::settings::{Dialect, Settings};
use json_scan::{AsIs, Edits, Rewriting, Stops};

/// What is kept from one message to the next, so that none costs an allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    stops: Stops,
    edits: Edits,
    /// For a second look at parts of the message.
    again: Edits,
    notes: Notes,
}

/// A request whose body has been written.
#[derive(Debug)]
pub(crate) struct Direct {
    pub(crate) path: &'static str,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The id that the message was given.
    pub(crate) id: Option<MessageId>,
}

/// What is wanted besides the body.
#[derive(Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) diagnostics: bool,
    /// Who is told every id by which the message names its visitor, some perhaps twice.
    pub(crate) visitor: Option<&'a mut dyn FnMut(&str)>,
    /// Where a message without an id gets one from, if it is to have one and the dialect carries it.
    pub(crate) next_id: Option<&'a dyn Fn() -> MessageId>,
}

/// Whether a message of this dialect is ever ordinary.
pub(crate) const fn knows(dialect: Dialect) -> bool {
    match dialect {
        Dialect::Classic | Dialect::Import => true,
        Dialect::Actions => false,
    }
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
    match settings.dialect {
        Dialect::Classic => classic(source, settings, now, wanted, scratch, out),
        Dialect::Actions => None,
        Dialect::Import => import(source, settings, wanted, scratch, out),
    }
}

fn classic(
    source: &[u8],
    settings: &Settings,
    now: Timestamp,
    wanted: Wanted<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Option<Direct> {
    let mut message = Message::of(source);
    message.read::<Dates>(settings, &mut scratch.stops, &mut scratch.edits, &mut ())?;
    let moment = if message.is_hit() {
        Some(Moment::of(&message, now)?)
    } else {
        None
    };
    let mut diagnostics = Vec::new();
    if wanted.diagnostics {
        if remarkable::is(&message, Dialect::Classic) {
            return None;
        }
        if scratch.edits.rewrite_any() {
            diagnostics = rewrites::diagnostics(&message, scratch)?;
        }
    }
    let path = body::write(&message, moment, &scratch.edits, out);
    if let Some(add) = wanted.visitor {
        message.visitor(add);
    }
    Some(Direct {
        path,
        diagnostics,
        id: None,
    })
}

fn import(
    source: &[u8],
    settings: &Settings,
    wanted: Wanted<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Option<Direct> {
    let Scratch {
        stops, edits, notes, ..
    } = scratch;
    let mut message = Message::of(source);
    message.read::<AsIs>(settings, stops, edits, &mut Taking::of(source, notes))?;
    if wanted.diagnostics && remarkable::is(&message, Dialect::Import) {
        return None;
    }
    let item = Item::of(&message, wanted.next_id)?;
    item.write(&message, notes, edits, out);
    if let Some(add) = wanted.visitor {
        message.visitor(add);
    }
    Some(Direct {
        path: "/v1/import",
        diagnostics: Vec::new(),
        id: item.into_id(),
    })
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
