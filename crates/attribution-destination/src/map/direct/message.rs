use std::borrow::Cow;
use std::mem;
use std::ops::Range;

use segment_event::Kind;

use super::Dates;
use super::deciding::may_decide;
use crate::filter;
use crate::settings::{Dialect, Settings};
use json_scan::{Edits, Key, Rewriting, Scanner, Shape, Span, Stops};

/// The longest `messageId` in bytes of which it needs no counting that its characters are within Segment's limit.
const SHORT_MESSAGE_ID: usize = 100;

/// What matters of a message that Segment's ingest accepts and the filter passes, all in exactly the type it should have.
#[derive(Debug, Default)]
pub(super) struct Message<'a> {
    pub(super) source: &'a [u8],
    /// The message itself.
    pub(super) whole: Option<Span>,
    pub(super) kind: Option<Kind>,
    pub(super) user_id: Option<Span>,
    pub(super) anonymous_id: Option<Span>,
    pub(super) session_id: Option<Span>,
    pub(super) previous_id: Option<Span>,
    pub(super) from: Option<Span>,
    pub(super) to: Option<Span>,
    pub(super) event: Option<Span>,
    pub(super) name: Option<Span>,
    pub(super) category: Option<Span>,
    pub(super) timestamp: Option<Span>,
    pub(super) original_timestamp: Option<Span>,
    pub(super) channel: Option<Span>,
    pub(super) id: Option<Span>,
    group_id: Option<Span>,
    has_integrations: bool,
    pub(super) properties: Object,
    pub(super) traits: Object,
    pub(super) context: Object,
    /// The `traits` within the context.
    pub(super) traits_of_context: Object,
}

/// Whoever has to know more of a message, as it is scanned.
pub(super) trait Watcher<'a> {
    /// Takes note of a key that means nothing to the ingest, the filter and the mapping; goes on only if it may be there.
    /// Its value begins at `at`.
    fn other(&mut self, key: &'a [u8], at: usize) -> Option<()>;

    /// Takes note of a member of the message that is null or an empty string.
    fn hollow(&mut self, key: &'a [u8], value: Range<usize>);
}

/// Nobody.
impl<'a> Watcher<'a> for () {
    fn other(&mut self, _: &'a [u8], _: usize) -> Option<()> {
        Some(())
    }

    fn hollow(&mut self, _: &'a [u8], _: Range<usize>) {}
}

/// A member of the message that is an object, or null, or not there.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// Whether the key is there.
    is_given: bool,
    /// The object.
    pub(super) span: Option<Span>,
    /// Whether anything is in it.
    pub(super) has_members: bool,
    /// Those of its members that matter: one each of [`PROPERTIES`], [`TRAITS`], [`CONTEXT`].
    pub(super) members: [Option<Span>; 3],
}

/// What matters of properties.
pub(super) const PROPERTIES: [&[u8]; 3] = [b"category", b"name", b"url"];
pub(super) const CATEGORY: usize = 0;
pub(super) const NAME: usize = 1;
pub(super) const URL: usize = 2;

/// What matters of traits.
pub(super) const TRAITS: [&[u8]; 2] = [b"id", b"anonymousId"];
pub(super) const ID: usize = 0;
pub(super) const ANONYMOUS_ID: usize = 1;

/// What matters of a context, besides its traits.
const CONTEXT: [&[u8]; 1] = [b"campaign"];
pub(super) const CAMPAIGN: usize = 0;

impl<'a> Message<'a> {
    /// A message of which nothing is known yet.
    pub(super) fn of(source: &'a [u8]) -> Self {
        Self {
            source,
            ..Self::default()
        }
    }

    /// Takes the message apart, unless it is one for the specification. In place, as it is too much to be moved about.
    pub(super) fn read<R: Rewriting>(
        &mut self,
        settings: &Settings,
        stops: &mut Stops,
        edits: &mut Edits,
        watcher: &mut impl Watcher<'a>,
    ) -> Option<()> {
        let name = filter::name(settings.dialect).as_bytes();
        let mut scanner = Scanner::<R>::new(self.source, stops, edits)?;
        let whole = scanner.message(|scanner, key, at| {
            let end = self.member(scanner, key, at, name, watcher)?;
            if matches!(self.source.get(at..end), Some(b"null" | b"\"\"")) {
                watcher.hollow(key.raw, at..end);
            }
            Some(end)
        })?;
        self.whole = Some(whole);
        self.is_sent(settings).then_some(())
    }

    /// Every key that means something to the ingest, the filter or the mapping, once and as it is usually written.
    fn member<R: Rewriting>(
        &mut self,
        scanner: &mut Scanner<'a, '_, R>,
        key: Key<'a>,
        at: usize,
        name: &[u8],
        watcher: &mut impl Watcher<'a>,
    ) -> Option<usize> {
        if key.escaped {
            return None;
        }
        match key.raw {
            b"type" => self.kind(scanner, at),
            b"userId" => once(&mut self.user_id, scanner, at),
            b"anonymousId" => once(&mut self.anonymous_id, scanner, at),
            b"sessionId" => once(&mut self.session_id, scanner, at),
            b"previousId" => once(&mut self.previous_id, scanner, at),
            b"groupId" => once(&mut self.group_id, scanner, at),
            b"from" => once(&mut self.from, scanner, at),
            b"to" => once(&mut self.to, scanner, at),
            b"event" => once(&mut self.event, scanner, at),
            b"name" => once(&mut self.name, scanner, at),
            b"category" => once(&mut self.category, scanner, at),
            b"timestamp" => once(&mut self.timestamp, scanner, at),
            b"originalTimestamp" => once(&mut self.original_timestamp, scanner, at),
            b"channel" => once(&mut self.channel, scanner, at),
            b"messageId" => once(&mut self.id, scanner, at),
            b"properties" => self.properties.read(PROPERTIES, scanner, at),
            b"traits" => self.traits.read(TRAITS, scanner, at),
            b"context" => self.context(scanner, at),
            b"integrations" => self.integrations(scanner, at, name),
            b"options" => None,
            _ => {
                watcher.other(key.raw, at)?;
                scanner.skip(at)
            }
        }
    }

    /// Goes on only if no key may be one that decides whether the destination is enabled.
    fn context<R: Rewriting>(&mut self, scanner: &mut Scanner<'a, '_, R>, at: usize) -> Option<usize> {
        let traits = &mut self.traits_of_context;
        self.context.read_with(
            CONTEXT,
            |scanner, key, at| match key.raw {
                b"traits" => traits.read(TRAITS, scanner, at),
                raw if !key.escaped && !may_decide(raw) => scanner.skip(at),
                _ => None,
            },
            scanner,
            at,
        )
    }

    fn kind<R: Rewriting>(&mut self, scanner: &mut Scanner<'a, '_, R>, at: usize) -> Option<usize> {
        if self.kind.is_some() {
            return None;
        }
        let span = scanner.span(at)?;
        self.kind = match (span.shape, span.raw(self.source)) {
            (Shape::Plain, b"track") => Some(Kind::Track),
            (Shape::Plain, b"page") => Some(Kind::Page),
            (Shape::Plain, b"identify") => Some(Kind::Identify),
            (Shape::Plain, b"screen") => Some(Kind::Screen),
            (Shape::Plain, b"alias") => Some(Kind::Alias),
            (Shape::Plain, b"group") => Some(Kind::Group),
            _ => return None,
        };
        Some(span.end())
    }

    /// Goes on only if they enable the destination, by `All`, by its own name, or by saying nothing.
    fn integrations<R: Rewriting>(
        &mut self,
        scanner: &mut Scanner<'a, '_, R>,
        at: usize,
        name: &[u8],
    ) -> Option<usize> {
        if mem::replace(&mut self.has_integrations, true) {
            return None;
        }
        if scanner.is_null(at) {
            return scanner.skip(at);
        }
        let (mut all, mut named) = (None, false);
        let (object, _) = scanner.members(at, |scanner, key, at| {
            let value = scanner.span(at)?;
            match (key.raw, value.shape) {
                _ if key.escaped => return None,
                (key, Shape::Bool(false)) if key == name => return None,
                (key, _) if key == name && !named => named = true,
                (b"All" | b"all", Shape::Bool(truth)) if all.is_none() => all = Some(truth),
                (key, _) if may_decide(key) => return None,
                _ => {}
            }
            Some(value.end())
        })?;
        (named || all != Some(false)).then_some(object.end())
    }

    /// Whether the ingest accepts what was read and the settings let it pass.
    fn is_sent(&self, settings: &Settings) -> bool {
        let Some(kind) = self.kind else { return false };
        let has_text = |span: Option<Span>| span.is_some_and(|span| span.is_text());
        let is_text_or_none = |span: Option<Span>| span.is_none_or(|span| span.is_text() || span.shape == Shape::Null);
        let is_short = |span: Span| match span.shape {
            Shape::Null => true,
            Shape::Plain | Shape::Escaped => span.end() - span.start() <= SHORT_MESSAGE_ID + 2,
            _ => false,
        };
        let ids = [self.user_id, self.anonymous_id, self.session_id];
        let legacy = [self.previous_id, self.from, self.to];
        let labels = [self.name, self.category];
        let is_classic = settings.dialect == Dialect::Classic;
        let has_labels = || labels.into_iter().all(is_text_or_none) && !(is_classic && self.has_a_date_for_a_name());
        let is_a_time = |span: Span| matches!(span.shape, Shape::Null | Shape::Plain | Shape::Escaped | Shape::Number);
        let somebody = has_text(self.user_id) || has_text(self.anonymous_id);
        let about = match kind {
            Kind::Track => somebody && has_text(self.event),
            Kind::Page => somebody && has_labels(),
            Kind::Screen => (settings.screens || !is_classic) && somebody && has_labels(),
            Kind::Identify => somebody,
            Kind::Alias => (has_text(self.user_id) || has_text(self.to)) && legacy.into_iter().all(is_text_or_none),
            Kind::Group => !is_classic && somebody && has_text(self.group_id),
        };
        about
            && ids.into_iter().all(is_text_or_none)
            && self.id.is_none_or(is_short)
            && self.timestamp.is_none_or(is_a_time)
    }

    /// In the event of a view, a name that looks like a date is written in another way than everywhere else.
    fn has_a_date_for_a_name(&self) -> bool {
        self.name.is_some_and(|name| Dates::may_rewrite(name.raw(self.source)))
    }

    /// Whether it goes to `/track`.
    pub(super) fn is_hit(&self) -> bool {
        matches!(self.kind, Some(Kind::Track | Kind::Page | Kind::Screen))
    }

    /// The visitor's cookie: the anonymous id, else the session id, null or not.
    pub(super) fn cookie_id(&self) -> Option<Span> {
        self.anonymous_id.filter(Span::is_text).or(self.session_id)
    }

    /// The id that an alias merges into another, or its explicit absence.
    pub(super) fn previous(&self) -> Option<Span> {
        self.previous_id.filter(Span::is_text).or(self.from)
    }

    /// The id that an alias merges into.
    pub(super) fn target(&self) -> Option<Span> {
        self.user_id.filter(Span::is_text).or(self.to)
    }

    /// The category of a view.
    pub(super) fn given_category(&self) -> Option<Span> {
        self.category.filter(Span::is_text)
    }

    /// The name of a view.
    pub(super) fn given_name(&self) -> Option<Span> {
        self.name.filter(Span::is_text)
    }

    /// Whether the key `traits` is there, be it with null.
    pub(super) fn has_traits(&self) -> bool {
        self.traits.is_given
    }

    /// Hands out every id by which it names its visitor, the same one perhaps twice.
    pub(super) fn visitor(&self, mut add: impl FnMut(&str)) {
        let alias = [self.previous_id, self.from, self.to];
        let alias = alias.into_iter().filter(|_| self.kind == Some(Kind::Alias));
        let ids = [self.user_id, self.cookie_id()].into_iter().chain(alias);
        for id in ids.flatten().filter(Span::is_text) {
            add(&text(self.source, &id));
        }
    }
}

/// The text of a string.
pub(super) fn text<'a>(source: &'a [u8], span: &Span) -> Cow<'a, str> {
    let parsed: Option<String> = match span.shape {
        Shape::Escaped => serde_json::from_slice(&source[span.range()]).ok(),
        _ => None,
    };
    // All of the source is UTF-8, but the check is quicker than the lossy reading.
    parsed.map_or_else(
        || str::from_utf8(span.raw(source)).unwrap_or_default().into(),
        Cow::Owned,
    )
}

impl Object {
    /// Reads an object, or a null, and keeps those of its members that are `wanted`.
    #[inline]
    fn read<R: Rewriting, const N: usize>(
        &mut self,
        wanted: [&[u8]; N],
        scanner: &mut Scanner<'_, '_, R>,
        at: usize,
    ) -> Option<usize> {
        self.read_with(wanted, |scanner, _, at| scanner.skip(at), scanner, at)
    }

    /// Reads an object, or a null, and keeps those of its members that are `wanted`, each once; the others are for `other`.
    #[inline]
    fn read_with<'a, 'e, R: Rewriting, const N: usize>(
        &mut self,
        wanted: [&[u8]; N],
        mut other: impl FnMut(&mut Scanner<'a, 'e, R>, Key<'a>, usize) -> Option<usize>,
        scanner: &mut Scanner<'a, 'e, R>,
        at: usize,
    ) -> Option<usize> {
        if mem::replace(&mut self.is_given, true) {
            return None;
        }
        if scanner.is_null(at) {
            return scanner.skip(at);
        }
        let members = &mut self.members;
        let (span, has_members) = scanner.members(at, |scanner, key, at| {
            match wanted.iter().position(|wanted| *wanted == key.raw) {
                Some(index) => once(members.get_mut(index)?, scanner, at),
                None => other(scanner, key, at),
            }
        })?;
        self.span = Some(span);
        self.has_members = has_members;
        Some(span.end())
    }
}

/// Scans a value that must not have been there before.
fn once<R: Rewriting>(slot: &mut Option<Span>, scanner: &mut Scanner<'_, '_, R>, at: usize) -> Option<usize> {
    let span = scanner.span(at)?;
    slot.replace(span).is_none().then_some(span.end())
}
