//! Batches and single calls without a tree: each message of an ordinary batch, and an ordinary call, stays the bytes that came,
//! with what is filled in written between them.
//!
//! [`unpack`](crate::unpack), [`Origin::complete`] and [`Event::ingest`](segment_event::Event::ingest) are the specification, and
//! this is held to them by a law (see `tests`): for every body either this says nothing, and the specification is asked about
//! all of it, or it says that the specification is to be asked about some of its messages, and of the others what the
//! specification would have said: that they are accepted, as the same JSON, the order of the members included. Two things are
//! spelt as the sender spelt them: escapes in strings and numbers, and a key that stands twice in an object.
//!
//! A single call is one message, of the type that its path says. It is ordinary or the specification is asked about it.
//!
//! An ordinary batch is a server's: it says for all of its messages at most when they were sent. An ordinary message is one that
//! ingest accepts, that is short enough without doubt, and in which nothing stands already that is filled in.

mod item;
#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use json_scan::{AsIs, Edits, Scanner, Shape, Span, Stops};
use segment_event::{Kind, MessageId, timestamp};
use serde_json::Value;

use self::item::{Fields, Item};
use crate::complete::Origin;
use crate::receipt::About;
use crate::unpack::Shared;

/// How many bytes are filled in, if the message has a time and an id: what its `timestamp` grows by, and the times added.
const FILLED_IN: usize = 160;

/// What is kept from one body to the next, so that scanning one allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    stops: Stops,
    edits: Edits,
    items: Vec<Item>,
}

/// Scratches for as many bodies as are scanned at once.
#[derive(Debug, Default)]
pub(crate) struct Scratches(Mutex<Vec<Scratch>>);

impl Scratches {
    /// Lends one.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Scratch) -> T) -> T {
        let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = idle.unwrap_or_default();
        let done = work(&mut scratch);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        done
    }
}

/// A batch that was scanned.
#[derive(Debug)]
pub(crate) struct Batch<'a> {
    source: &'a [u8],
    edits: &'a Edits,
    items: &'a [Item],
    sent_at: Option<Span>,
    write_key: Option<Span>,
}

/// One of its items.
#[derive(Debug)]
pub(crate) enum Glance<'a> {
    /// A message that ingest accepts.
    Ordinary(Ordinary<'a>),
    /// What the specification is to be asked about, in JSON.
    Odd(&'a [u8]),
}

/// A message that ingest accepts.
#[derive(Debug)]
pub(crate) struct Ordinary<'a> {
    batch: &'a Batch<'a>,
    item: &'a Item,
}

/// Scans a batch, unless the specification is to be asked about all of it.
pub(crate) fn scan<'a>(body: &'a [u8], scratch: &'a mut Scratch) -> Option<Batch<'a>> {
    let Scratch { stops, edits, items } = scratch;
    items.clear();
    let (mut has_batch, mut sent_at, mut write_key) = (false, None, None);
    let mut scanner = Scanner::<AsIs>::new(body, stops, edits)?;
    scanner.message(|scanner, key, at| match key.raw {
        _ if key.escaped => None,
        b"batch" if !has_batch => {
            has_batch = true;
            scanner.items(at, |scanner, at| {
                let item = Item::scan(body, scanner, at)?;
                items.push(item);
                Some(item.end())
            })
        }
        b"batch" | b"context" | b"integrations" => None,
        b"sentAt" => once(&mut sent_at, scanner, at),
        b"writeKey" => once(&mut write_key, scanner, at),
        _ => scanner.skip(at),
    })?;
    has_batch.then_some(Batch {
        source: body,
        edits,
        items,
        sent_at,
        write_key,
    })
}

/// Scans a single call of this kind, and hands it over unless the specification is to be asked about it.
pub(crate) fn scan_call<T>(
    body: &[u8],
    kind: Kind,
    scratch: &mut Scratch,
    take: impl FnOnce(&Ordinary<'_>) -> T,
) -> Option<T> {
    let Scratch { stops, edits, .. } = scratch;
    let mut fields = Fields::default();
    let span =
        Scanner::<AsIs>::new(body, stops, edits)?.message(|scanner, key, at| fields.member(body, scanner, key, at))?;
    let item = Item::of_call(span, fields, kind).filter(Item::is_ordinary)?;
    let call = Batch {
        source: body,
        edits,
        items: &[],
        sent_at: None,
        write_key: None,
    };
    Some(take(&Ordinary {
        batch: &call,
        item: &item,
    }))
}

/// Scans a text without escapes that must not have been there before.
fn once(slot: &mut Option<Span>, scanner: &mut Scanner<'_, '_, AsIs>, at: usize) -> Option<usize> {
    let span = scanner.span(at)?;
    let is_first = slot.replace(span).is_none();
    (is_first && span.shape == Shape::Plain).then_some(span.end())
}

impl<'a> Batch<'a> {
    /// The `writeKey` in it.
    pub(crate) fn write_key(&self) -> Option<&'a str> {
        self.write_key.map(|span| self.text(&span))
    }

    /// How many items it has.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// What it says for all of its items.
    pub(crate) fn shared(&self) -> Shared {
        Shared::sent_at(self.sent_at.map(|span| Value::from(self.text(&span))))
    }

    /// When it says that it was sent, as far as that can be read.
    pub(crate) fn sent_at(&self) -> Option<Timestamp> {
        self.sent_at.and_then(|span| timestamp::parse(self.text(&span)))
    }

    /// Its items, in order; `most` is how long one may be.
    pub(crate) fn items(&'a self, most: usize) -> impl Iterator<Item = Glance<'a>> {
        self.items.iter().map(move |item| {
            if item.is_ordinary() && longest(item) <= most {
                Glance::Ordinary(Ordinary { batch: self, item })
            } else {
                Glance::Odd(&self.source[item.range()])
            }
        })
    }

    /// The text of a string without escapes.
    fn text(&self, span: &Span) -> &'a str {
        // All of the source is UTF-8.
        str::from_utf8(span.raw(self.source)).unwrap_or_default()
    }
}

impl Ordinary<'_> {
    /// What it says it is.
    pub(crate) fn about(&self) -> About {
        let fields = &self.item.fields;
        let text = |span: Option<Span>| {
            let span = span.filter(|span| span.shape == Shape::Plain);
            span.map(|span| self.batch.text(&span).to_owned())
        };
        About {
            kind: fields.kind,
            name: text(fields.event.or(fields.name)),
            user_id: text(fields.user_id),
            anonymous_id: text(fields.anonymous_id),
            message_id: text(fields.id),
        }
    }

    /// It with what Segment fills in, as compact JSON, and with this id where it has none of its own. `sent_at` is the batch's.
    pub(crate) fn completed(&self, origin: &Origin, sent_at: Option<Timestamp>, id: Option<&MessageId>) -> Bytes {
        let (batch, fields) = (self.batch, &self.item.fields);
        let text = |span: Option<Span>| span.map(|span| batch.text(&span));
        let said = text(fields.timestamp);
        let sent_at = match text(fields.sent_at) {
            Some(own) => timestamp::parse(own),
            None => sent_at,
        };
        let corrected = said
            .and_then(timestamp::parse)
            .map(|original| origin.happened(original, sent_at));
        let mut out = Vec::with_capacity(self.item.range().len() + FILLED_IN);
        let place = self.item.range();
        // The last byte is the bracket that closes it.
        let end = place.end - 1;
        match (fields.timestamp, corrected) {
            (Some(span), Some(corrected)) => {
                self.copy(self.item.edits(), place.start..span.start(), &mut out);
                write_time(corrected, &mut out);
                self.copy(span.edits(), span.end()..end, &mut out);
            }
            _ => self.copy(self.item.edits(), place.start..end, &mut out),
        }
        if let Some(kind) = self.item.path_says() {
            member("type", kind.as_str(), &mut out);
        }
        if let (Some(shared), None) = (batch.sent_at, fields.sent_at) {
            out.extend_from_slice(b",\"sentAt\":");
            out.extend_from_slice(&batch.source[shared.range()]);
        }
        match (fields.timestamp, corrected) {
            (None, _) => member("timestamp", origin.written(), &mut out),
            (Some(span), Some(_)) => {
                out.extend_from_slice(b",\"originalTimestamp\":");
                out.extend_from_slice(&batch.source[span.range()]);
            }
            (Some(_), None) => {}
        }
        member("receivedAt", origin.written(), &mut out);
        if let Some(id) = id {
            member("messageId", id.as_str(), &mut out);
        }
        out.push(b'}');
        out.into()
    }

    /// Copies a part of it, of which so many edits are known to come before.
    fn copy(&self, edits: usize, place: std::ops::Range<usize>, out: &mut Vec<u8>) {
        self.batch.edits.copy::<AsIs>(self.batch.source, edits, place, out);
    }
}

/// How long a message is at most as JSON without blanks: all that is ever written longer than it came is a number such as `1e5`,
/// which gets a sign, and there is a comma or a bracket beside each number.
fn longest(item: &Item) -> usize {
    let came = item.range().len();
    came + came / 4
}

/// Writes a member after another; its text needs no escapes.
fn member(key: &str, text: &str, out: &mut Vec<u8>) {
    for part in [",\"", key, "\":\"", text, "\""] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn write_time(at: Timestamp, out: &mut Vec<u8>) {
    write!(out, "\"{at:.3}\"").expect("memory takes every byte");
}
