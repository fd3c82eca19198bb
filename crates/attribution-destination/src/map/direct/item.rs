//! The import dialect: the whole message, but for a few members.

use std::ops::Range;

use segment_event::MessageId;

use super::message::{ANONYMOUS_ID, Message, Object, Watcher};
use crate::request::BATCH;
use json_scan::{AsIs, Edits, Shape, Span};

/// How many keys that mean nothing are held against each other, so that none stands there twice.
const MOST_OTHERS: usize = 32;

/// What an item has to know of its message besides what is in it. Kept from one message to the next.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Where the keys are that mean nothing.
    others: Vec<Range<usize>>,
    /// The members that are null or empty.
    hollows: Vec<Hollow>,
    cuts: Vec<Cut>,
}

#[derive(Clone, Debug)]
struct Hollow {
    what: What,
    key: usize,
    value: Range<usize>,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Traits,
    Timestamp,
    Id,
    Other,
}

/// A part of the message that is left out, or written otherwise.
#[derive(Clone, Debug)]
struct Cut {
    place: Range<usize>,
    put: Option<Put>,
}

#[derive(Clone, Copy, Debug)]
enum Put {
    Id,
    Traits,
    Timestamp,
    Context,
}

/// Takes the notes, while the message is scanned.
pub(super) struct Taking<'a, 'n> {
    source: &'a [u8],
    notes: &'n mut Notes,
}

impl<'a, 'n> Taking<'a, 'n> {
    pub(super) fn of(source: &'a [u8], notes: &'n mut Notes) -> Self {
        notes.others.clear();
        notes.hollows.clear();
        Self { source, notes }
    }
}

impl<'a> Watcher<'a> for Taking<'a, '_> {
    /// Of two members of the same key a parser sees only the last, but both would be sent.
    fn other(&mut self, key: &'a [u8], at: usize) -> Option<()> {
        let others = &mut self.notes.others;
        let is_new = others.len() < MOST_OTHERS && others.iter().all(|other| self.source[other.clone()] != *key);
        let start = before(self.source, at, key.len()) + 1;
        others.push(start..start + key.len());
        is_new.then_some(())
    }

    fn hollow(&mut self, key: &'a [u8], value: Range<usize>) {
        let what = match key {
            b"traits" => What::Traits,
            b"timestamp" => What::Timestamp,
            b"messageId" => What::Id,
            _ => What::Other,
        };
        let key = before(self.source, value.start, key.len());
        self.notes.hollows.push(Hollow { what, key, value });
    }
}

/// The place of the first quote of a key that is so long and whose value begins at `at`.
fn before(source: &[u8], at: usize, length: usize) -> usize {
    let without_blanks = |end: usize| {
        let blanks = source[..end].iter().rev().take_while(|byte| is_blank(**byte));
        end - blanks.count()
    };
    let colon = without_blanks(at) - 1;
    without_blanks(colon) - length - 2
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// What the item of a message has in place of the message's own.
#[derive(Debug)]
pub(super) struct Item<'a> {
    traits: Option<Traits<'a>>,
    timestamp: Option<Span>,
    /// The id that a message without one is given.
    id: Option<MessageId>,
}

/// The traits that are sent.
#[derive(Clone, Copy, Debug)]
struct Traits<'a> {
    object: &'a Object,
    /// Whether they are those of the context.
    of_context: bool,
    /// The anonymous id in them, which is not sent.
    anonymous_id: Option<Span>,
}

impl<'a> Item<'a> {
    /// Nothing where it is not plain what JavaScript takes for true. A message without an id is given the `next` one.
    pub(super) fn of(message: &'a Message<'_>, next_id: Option<&dyn Fn() -> MessageId>) -> Option<Self> {
        let is_given = |span: &Span| !is_hollow(span);
        let own = message.timestamp.filter(is_given);
        let traits = Traits::of(message);
        if traits.is_some_and(|traits| traits.may_be_zero()) {
            return None;
        }
        let has_id = message.id.is_some_and(|id| id.is_text());
        Some(Self {
            traits,
            timestamp: own.or(message.original_timestamp.filter(is_given)),
            id: next_id.filter(|_| !has_id).map(|next| next()),
        })
    }

    /// The id that the message was given.
    pub(super) fn into_id(self) -> Option<MessageId> {
        self.id
    }

    /// Writes the body of the request.
    pub(super) fn write(&self, message: &Message<'_>, notes: &mut Notes, edits: &Edits, out: &mut Vec<u8>) {
        self.cut(message, notes);
        out.extend_from_slice(BATCH.0);
        Writer {
            source: message.source,
            edits,
            out,
        }
        .item(self, message, &notes.cuts);
        out.extend_from_slice(BATCH.1);
    }

    /// Finds out where the item is not the message's own text.
    fn cut(&self, message: &Message<'_>, notes: &mut Notes) {
        let Notes { hollows, cuts, .. } = notes;
        cuts.clear();
        cuts.extend(hollows.iter().filter_map(|hollow| self.filled(message.source, hollow)));
        if let Some(traits) = self.traits.filter(|traits| traits.anonymous_id.is_some()) {
            let (object, put) = if traits.of_context {
                (&message.context, Put::Context)
            } else {
                (&message.traits, Put::Traits)
            };
            cuts.extend(object.span.map(|span| Cut {
                place: span.range(),
                put: Some(put),
            }));
        }
        cuts.sort_unstable_by_key(|cut| cut.place.start);
    }

    /// What becomes of a member that is hollow, unless it stays.
    fn filled(&self, source: &[u8], hollow: &Hollow) -> Option<Cut> {
        let Hollow { what, key, value } = hollow;
        let put = match what {
            What::Traits => self.traits.map(|_| Put::Traits),
            What::Timestamp => self.timestamp.map(|_| Put::Timestamp),
            What::Id => self.id.as_ref().map(|_| Put::Id),
            What::Other => None,
        };
        let is_text = source.get(value.start) == Some(&b'"');
        match (put, what) {
            (Some(_), _) => Some(Cut {
                place: value.clone(),
                put,
            }),
            (None, What::Id | What::Other) if is_text => None,
            (None, _) => Some(Cut {
                place: *key..value.end,
                put,
            }),
        }
    }
}

impl<'a> Traits<'a> {
    /// Those of the message, else those of the context.
    fn of(message: &'a Message<'_>) -> Option<Self> {
        let (object, of_context) = if message.traits.span.is_some() {
            (&message.traits, false)
        } else {
            (&message.traits_of_context, true)
        };
        object.span?;
        let is_falsy = |id: &Span| is_hollow(id) || id.shape == Shape::Bool(false);
        Some(Self {
            object,
            of_context,
            anonymous_id: object.members[ANONYMOUS_ID].filter(|id| !is_falsy(id)),
        })
    }

    /// Whether the anonymous id is a number, of which there are many ways to write zero.
    fn may_be_zero(&self) -> bool {
        self.anonymous_id.is_some_and(|id| id.shape == Shape::Number)
    }
}

/// Whether it is null or an empty string.
fn is_hollow(span: &Span) -> bool {
    match span.shape {
        Shape::Null => true,
        Shape::Plain | Shape::Escaped => !span.is_text(),
        _ => false,
    }
}

struct Writer<'a> {
    source: &'a [u8],
    edits: &'a Edits,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    fn item(&mut self, item: &Item<'_>, message: &Message<'_>, cuts: &[Cut]) {
        let Some(whole) = message.whole else { return };
        let mut at = whole.start() + 1;
        self.raw(b"{");
        for cut in cuts {
            self.members(at..cut.place.start);
            self.put(cut.put, item, message);
            at = cut.place.end;
        }
        self.members(at..whole.end() - 1);
        if let (Some(_), None) = (&item.id, message.id) {
            self.key(br#""messageId":"#);
            self.put(Some(Put::Id), item, message);
        }
        if item.traits.is_some() && !message.has_traits() {
            self.key(br#""traits":"#);
            self.put(Some(Put::Traits), item, message);
        }
        if item.timestamp.is_some() && message.timestamp.is_none() {
            self.key(br#""timestamp":"#);
            self.put(Some(Put::Timestamp), item, message);
        }
        self.raw(b"}");
    }

    fn put(&mut self, put: Option<Put>, item: &Item<'_>, message: &Message<'_>) {
        match put {
            None => {}
            Some(Put::Id) => {
                if let Some(id) = &item.id {
                    serde_json::to_writer(&mut *self.out, id).expect("memory takes every byte");
                }
            }
            Some(Put::Traits) => {
                if let Some(traits) = &item.traits {
                    self.traits(traits);
                }
            }
            Some(Put::Timestamp) => {
                if let Some(timestamp) = item.timestamp {
                    self.copy(timestamp.edits(), timestamp.range());
                }
            }
            Some(Put::Context) => {
                if let (Some(context), Some(traits)) = (message.context.span, &item.traits)
                    && let Some(place) = traits.object.span
                {
                    self.copy(context.edits(), context.start()..place.start());
                    self.traits(traits);
                    self.copy(context.edits(), place.end()..context.end());
                }
            }
        }
    }

    /// The traits, without the anonymous id in them.
    fn traits(&mut self, traits: &Traits<'_>) {
        let Some(span) = traits.object.span else { return };
        let Some(id) = traits.anonymous_id else {
            return self.copy(span.edits(), span.range());
        };
        self.raw(b"{");
        self.members(span.start() + 1..before(self.source, id.start(), b"anonymousId".len()));
        self.members(id.end()..span.end() - 1);
        self.raw(b"}");
    }

    /// The members in a part of an object that has been begun, which may end before a value or begin after one.
    fn members(&mut self, place: Range<usize>) {
        let is_between = |byte: &&u8| is_blank(**byte) || **byte == b',';
        let part = &self.source[place.clone()];
        let before = part.iter().take_while(is_between).count();
        let after = part[before..].iter().rev().take_while(is_between).count();
        let place = place.start + before..place.end - after;
        if !place.is_empty() {
            self.comma();
            self.copy(0, place);
        }
    }

    fn key(&mut self, key: &[u8]) {
        self.comma();
        self.raw(key);
    }

    fn comma(&mut self) {
        if self.out.last() != Some(&b'{') {
            self.raw(b",");
        }
    }

    /// So many edits come before the place, at least.
    fn copy(&mut self, edits: usize, place: Range<usize>) {
        self.edits.copy::<AsIs>(self.source, edits, place, self.out);
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }
}
