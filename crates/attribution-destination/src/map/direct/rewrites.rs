use segment_event::Kind;

use super::message::{CATEGORY, ID, Message, NAME, Object, PROPERTIES, TRAITS};
use super::{Dates, Scratch};
use crate::diagnostic::Diagnostic;
use crate::map::rewrites::{Path, Rewrites};
use json_scan::{Key, Rewriting, Scanner, Shape, Span};

/// Of how many strings the places are looked for. The specification is faster with more.
const MOST: usize = 32;

type Scan<'a, 'e> = Scanner<'a, 'e, Dates>;

/// What the specification says about the strings of a message that are rewritten, in its order; nothing where a key that
/// stands twice may hide one of them.
pub(super) fn diagnostics(message: &Message<'_>, scratch: &mut Scratch) -> Option<Vec<Diagnostic>> {
    let mut found = Found {
        source: message.source,
        scratch,
        rewrites: Rewrites::default(),
    };
    match message.kind? {
        Kind::Alias => {
            found.string(message.previous(), ["previousId", "from"], message.previous_id)?;
            found.string(message.target(), ["userId", "to"], message.user_id)?;
        }
        Kind::Identify => {
            found.ids(message)?;
            let put = message.user_id.filter(Span::is_text).map(|_| TRAITS[ID]);
            found.object("traits", &message.traits, [put, None])?;
            found.object("context", &message.context, [None, None])?;
        }
        Kind::Track => {
            found.ids(message)?;
            found.object("properties", &message.properties, [None, None])?;
            found.object("context", &message.context, [None, None])?;
            found.string(message.event, ["event", ""], message.event)?;
        }
        Kind::Page | Kind::Screen | Kind::Group => {
            found.ids(message)?;
            found.string(message.given_category(), ["category", ""], message.category)?;
            let category = message.given_category().map(|_| PROPERTIES[CATEGORY]);
            let name = message.given_name().map(|_| PROPERTIES[NAME]);
            found.object("properties", &message.properties, [category, name])?;
            found.object("context", &message.context, [None, None])?;
        }
    }
    Some(found.rewrites.into_diagnostics())
}

struct Found<'a, 's> {
    source: &'a [u8],
    scratch: &'s mut Scratch,
    rewrites: Rewrites,
}

impl Found<'_, '_> {
    fn ids(&mut self, message: &Message<'_>) -> Option<()> {
        self.string(message.user_id, ["userId", ""], message.user_id)?;
        self.string(message.cookie_id(), ["anonymousId", "sessionId"], message.anonymous_id)
    }

    /// Looks at a member that is a string: under the first key if it is the `first` of two that may be meant.
    fn string(&mut self, span: Option<Span>, [key, other]: [&'static str; 2], first: Option<Span>) -> Option<()> {
        let Some(span) = span else { return Some(()) };
        let is_first = first.is_some_and(|first| first.start() == span.start());
        let path = Path::Member(if is_first { key } else { other });
        string(span.shape, span.raw(self.source), &path, &mut self.rewrites)
    }

    /// Looks through an object of the message, without those of its members that others are put over.
    fn object(&mut self, key: &'static str, object: &Object, put: [Option<&[u8]>; 2]) -> Option<()> {
        let Some(span) = object.span.filter(|span| self.scratch.edits.rewrite_any_in(span)) else {
            return Some(());
        };
        let Scratch { stops, again, .. } = &mut *self.scratch;
        let source = &self.source[span.range()];
        let (path, rewrites) = (Path::Member(key), &mut self.rewrites);
        let mut scanner = Scan::new(source, stops, again)?;
        members(&mut scanner, 0, &path, &put, rewrites)?;
        Some(())
    }
}

/// Looks through the object that begins here, without the members that others are put over.
fn members(
    scanner: &mut Scan<'_, '_>,
    at: usize,
    path: &Path<'_>,
    put: &[Option<&[u8]>],
    rewrites: &mut Rewrites,
) -> Option<usize> {
    let mut keys = Vec::new();
    let (object, _) = scanner.members(at, |scanner, key, at| {
        let before = rewrites.count();
        let end = if put.contains(&Some(key.raw)) {
            scanner.skip(at)
        } else {
            value(scanner, at, &Path::Key(path, str::from_utf8(key.raw).ok()?), rewrites)
        }?;
        keys.push((key, rewrites.count() > before));
        Some(end)
    })?;
    are_certain(&keys).then_some(object.end())
}

/// Whether the keys under which something is rewritten are written plainly and stand there once.
fn are_certain(keys: &[(Key<'_>, bool)]) -> bool {
    let mut rewritten = keys.iter().filter(|(_, is_rewritten)| *is_rewritten).peekable();
    let is_plain = rewritten.peek().is_none() || keys.iter().all(|(key, _)| !key.escaped);
    is_plain && rewritten.all(|(key, _)| keys.iter().filter(|(other, _)| other.raw == key.raw).count() == 1)
}

/// Looks through the value that begins here.
fn value(scanner: &mut Scan<'_, '_>, at: usize, path: &Path<'_>, rewrites: &mut Rewrites) -> Option<usize> {
    if scanner.is_object(at) {
        return members(scanner, at, path, &[], rewrites);
    }
    if scanner.is_array(at) {
        let mut index = 0;
        return scanner.items(at, |scanner, at| {
            let end = value(scanner, at, &Path::Index(path, index), rewrites);
            index += 1;
            end
        });
    }
    let span = scanner.span(at)?;
    string(span.shape, scanner.raw(&span), path, rewrites)?;
    Some(span.end())
}

fn string(shape: Shape, raw: &[u8], path: &Path<'_>, rewrites: &mut Rewrites) -> Option<()> {
    if shape == Shape::Plain && Dates::may_rewrite(raw) {
        rewrites.text(str::from_utf8(raw).ok()?, path);
    }
    (rewrites.count() <= MOST).then_some(())
}
