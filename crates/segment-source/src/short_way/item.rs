use std::ops::Range;

use json_scan::{AsIs, Key, Scanner, Shape, Span};
use segment_event::Kind;

/// The longest `messageId` in bytes of which it needs no counting that its characters are within Segment's limit.
const SHORT_ID: usize = 100;

/// An item of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    span: Span,
    is_ordinary: bool,
    /// What the path says it is, where it doesn't say so itself.
    path_says: Option<Kind>,
    pub(super) fields: Fields,
}

/// What ingest reads of a message. Texts have no escapes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields {
    pub(super) kind: Option<Kind>,
    pub(super) user_id: Option<Span>,
    pub(super) anonymous_id: Option<Span>,
    pub(super) event: Option<Span>,
    pub(super) name: Option<Span>,
    pub(super) timestamp: Option<Span>,
    pub(super) sent_at: Option<Span>,
    pub(super) id: Option<Span>,
    group_id: Option<Span>,
    category: Option<Span>,
    objects: [bool; 4],
    /// Something stands there that only the specification has an answer to.
    is_odd: bool,
}

impl Item {
    /// Scans the item that begins here.
    pub(super) fn scan(source: &[u8], scanner: &mut Scanner<'_, '_, AsIs>, at: usize) -> Option<Self> {
        let mut fields = Fields::default();
        if !scanner.is_object(at) {
            let span = scanner.span(at)?;
            return Some(Self {
                span,
                is_ordinary: false,
                path_says: None,
                fields,
            });
        }
        let (span, _) = scanner.members(at, |scanner, key, at| fields.member(source, scanner, key, at))?;
        Some(Self {
            span,
            is_ordinary: fields.are_accepted(),
            path_says: None,
            fields,
        })
    }

    /// A single call with these fields, to the path of this kind; none where it says that it is something else.
    pub(super) fn of_call(span: Span, mut fields: Fields, kind: Kind) -> Option<Self> {
        let path_says = match fields.kind {
            None => Some(kind),
            Some(said) if said == kind => None,
            Some(_) => return None,
        };
        fields.kind = Some(kind);
        Some(Self {
            span,
            is_ordinary: fields.are_accepted(),
            path_says,
            fields,
        })
    }

    /// The type that is to be filled in, if it is.
    pub(super) fn path_says(&self) -> Option<Kind> {
        self.path_says
    }

    /// Whether ingest accepts it, without doubt.
    pub(super) fn is_ordinary(&self) -> bool {
        self.is_ordinary
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.span.range()
    }

    pub(super) fn end(&self) -> usize {
        self.span.end()
    }

    /// How many edits come before it.
    pub(super) fn edits(&self) -> usize {
        self.span.edits()
    }
}

impl Fields {
    /// Every key that means something to ingest, once and as it is usually written.
    pub(super) fn member(
        &mut self,
        source: &[u8],
        scanner: &mut Scanner<'_, '_, AsIs>,
        key: Key<'_>,
        at: usize,
    ) -> Option<usize> {
        let slot = match key.raw {
            _ if key.escaped => return self.odd(scanner, at),
            b"type" => return self.kind(source, scanner, at),
            b"userId" => &mut self.user_id,
            b"anonymousId" => &mut self.anonymous_id,
            b"groupId" => &mut self.group_id,
            b"event" => &mut self.event,
            b"name" => &mut self.name,
            b"category" => &mut self.category,
            b"timestamp" => &mut self.timestamp,
            b"sentAt" => &mut self.sent_at,
            b"messageId" => &mut self.id,
            b"properties" => return self.object(0, scanner, at),
            b"traits" => return self.object(1, scanner, at),
            b"integrations" => return self.object(2, scanner, at),
            b"context" => return self.context(scanner, at),
            // What ingest takes out, or fills in itself.
            b"writeKey" | b"receivedAt" | b"originalTimestamp" => return self.odd(scanner, at),
            _ => return scanner.skip(at),
        };
        let span = scanner.span(at)?;
        let is_first = slot.replace(span).is_none();
        self.is_odd |= !is_first;
        Some(span.end())
    }

    fn odd(&mut self, scanner: &mut Scanner<'_, '_, AsIs>, at: usize) -> Option<usize> {
        self.is_odd = true;
        scanner.skip(at)
    }

    fn kind(&mut self, source: &[u8], scanner: &mut Scanner<'_, '_, AsIs>, at: usize) -> Option<usize> {
        let span = scanner.span(at)?;
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| span.shape == Shape::Plain && span.raw(source) == kind.as_str().as_bytes());
        self.is_odd |= self.kind.is_some() || kind.is_none();
        self.kind = kind;
        Some(span.end())
    }

    /// An object, or null.
    fn object(&mut self, which: usize, scanner: &mut Scanner<'_, '_, AsIs>, at: usize) -> Option<usize> {
        let is_good = scanner.is_object(at) || scanner.is_null(at);
        self.is_odd |= !is_good || std::mem::replace(&mut self.objects[which], true);
        scanner.skip(at)
    }

    /// A context that may ask for the address is not ordinary.
    fn context(&mut self, scanner: &mut Scanner<'_, '_, AsIs>, at: usize) -> Option<usize> {
        if !scanner.is_object(at) {
            return self.object(3, scanner, at);
        }
        self.is_odd |= std::mem::replace(&mut self.objects[3], true);
        let (span, _) = scanner.members(at, |scanner, key, at| {
            self.is_odd |= key.escaped || key.raw == b"direct";
            scanner.skip(at)
        })?;
        Some(span.end())
    }

    /// Whether ingest accepts a message with these fields, without doubt.
    fn are_accepted(&self) -> bool {
        let Some(kind) = self.kind.filter(|_| !self.is_odd) else {
            return false;
        };
        let is_text = |span: Span| span.shape == Shape::Plain && span.is_text();
        let has_text = |span: Option<Span>| span.is_some_and(is_text);
        let is_text_or_null = |span: Option<Span>| span.is_none_or(|span| is_text(span) || span.shape == Shape::Null);
        let is_text_or_none = |span: Option<Span>| span.is_none_or(is_text);
        let is_short = |span: Span| span.range().len() <= SHORT_ID + "\"\"".len();
        let somebody = has_text(self.user_id) || has_text(self.anonymous_id);
        let about = match kind {
            Kind::Track => somebody && has_text(self.event),
            Kind::Page | Kind::Screen | Kind::Identify => somebody,
            Kind::Group => somebody && has_text(self.group_id),
            Kind::Alias => has_text(self.user_id),
        };
        let ids = [self.user_id, self.anonymous_id];
        let texts = [
            self.event,
            self.name,
            self.category,
            self.timestamp,
            self.sent_at,
            self.id,
        ];
        about
            && ids.into_iter().all(is_text_or_null)
            && texts.into_iter().all(is_text_or_none)
            && self.id.is_none_or(is_short)
    }
}
