use segment_event::Kind;

use super::Dates;
use super::message::{CATEGORY, ID, Message, NAME, Object};
use super::moment::Moment;
use json_scan::{Edits, Shape, Span};

/// Writes the body of a message and returns its path; `moment` is when the message happened, where that is sent.
pub(super) fn write(
    message: &Message<'_>,
    moment: Option<Moment<'_>>,
    edits: &Edits,
    out: &mut Vec<u8>,
) -> &'static str {
    let mut body = Body {
        source: message.source,
        edits,
        out,
    };
    match moment {
        Some(moment) => {
            body.hit(message, &moment);
            "/track"
        }
        None if message.kind == Some(Kind::Alias) => {
            body.alias(message);
            "/alias"
        }
        None => {
            body.identify(message);
            "/identify"
        }
    }
}

struct Body<'a> {
    source: &'a [u8],
    edits: &'a Edits,
    out: &'a mut Vec<u8>,
}

/// What is put into an object: the member it takes the place of, its key with the quotes, and its value.
type Put = (Option<Span>, &'static [u8], Option<Span>);

impl Body<'_> {
    fn hit(&mut self, message: &Message<'_>, moment: &Moment<'_>) {
        self.out.push(b'{');
        if let Some(id) = message.user_id {
            self.raw(br#""user_id":"#);
            self.value(&id);
            self.out.push(b',');
        }
        self.raw(br#""timestamp":""#);
        self.raw(moment.as_bytes());
        self.raw(b"\",");
        if let Some(id) = message.cookie_id() {
            self.raw(br#""cookie_id":"#);
            self.value(&id);
            self.out.push(b',');
        }
        let (category, name) = match message.kind {
            Some(Kind::Track) => (None, None),
            _ => (message.given_category(), message.given_name()),
        };
        let properties = &message.properties;
        self.raw(br#""properties":"#);
        self.merged(
            properties,
            [
                (properties.members[CATEGORY], br#""category":"#, category),
                (properties.members[NAME], br#""name":"#, name),
            ],
        );
        self.raw(br#","context":"#);
        self.merged(&message.context, []);
        self.raw(br#","event":"#);
        self.event(message);
        self.out.push(b'}');
    }

    fn event(&mut self, message: &Message<'_>) {
        let noun: &[u8] = match message.kind {
            Some(Kind::Page) => b" Page\"",
            Some(Kind::Screen) => b" Screen\"",
            _ => return message.event.iter().for_each(|event| self.value(event)),
        };
        match message.given_name() {
            // Escapes mean the same within a longer string.
            Some(name) => {
                self.raw(b"\"Viewed ");
                self.raw(name.raw(self.source));
            }
            None => self.raw(b"\"Loaded a"),
        }
        self.raw(noun);
    }

    fn identify(&mut self, message: &Message<'_>) {
        self.out.push(b'{');
        if let Some(id) = message.user_id {
            self.raw(br#""user_id":"#);
            self.value(&id);
            self.out.push(b',');
        }
        if let Some(id) = message.cookie_id() {
            self.raw(br#""cookie_id":"#);
            self.value(&id);
            self.out.push(b',');
        }
        let id = message.user_id.filter(Span::is_text);
        self.raw(br#""traits":"#);
        self.merged(&message.traits, [(message.traits.members[ID], br#""id":"#, id)]);
        self.raw(br#","context":"#);
        self.merged(&message.context, []);
        self.out.push(b'}');
    }

    fn alias(&mut self, message: &Message<'_>) {
        let previous = message.previous();
        self.out.push(b'{');
        if let Some(id) = previous {
            self.raw(br#""previous_id":"#);
            self.value(&id);
        }
        if let Some(id) = message.target() {
            if previous.is_some() {
                self.out.push(b',');
            }
            self.raw(br#""user_id":"#);
            self.value(&id);
        }
        self.out.push(b'}');
    }

    /// An object with others of the message's values put into it: in the place of members of the same name, else last.
    fn merged<const N: usize>(&mut self, object: &Object, put: [Put; N]) {
        let Some(span) = object.span else {
            self.out.push(b'{');
            return self.last(false, put);
        };
        let mut at = span.start();
        for (place, value) in in_order(put) {
            self.edits
                .copy::<Dates>(self.source, span.edits(), at..place.start(), self.out);
            self.value(&value);
            at = place.end();
        }
        self.edits
            .copy::<Dates>(self.source, span.edits(), at..span.end() - 1, self.out);
        self.last(object.has_members, put);
    }

    /// What has no place in the object yet, and the end of the object.
    fn last<const N: usize>(&mut self, mut has_members: bool, put: [Put; N]) {
        for (_, key, value) in put.into_iter().filter(|(place, ..)| place.is_none()) {
            if let Some(value) = value {
                if has_members {
                    self.out.push(b',');
                }
                self.raw(key);
                self.value(&value);
                has_members = true;
            }
        }
        self.out.push(b'}');
    }

    fn value(&mut self, span: &Span) {
        match span.shape {
            Shape::Escaped | Shape::Null | Shape::Bool(_) | Shape::Number => {
                self.raw(&self.source[span.range()]);
            }
            _ => self
                .edits
                .copy::<Dates>(self.source, span.edits(), span.range(), self.out),
        }
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }
}

/// The places to be filled and what with, in the order of the source.
fn in_order<const N: usize>(put: [Put; N]) -> impl Iterator<Item = (Span, Span)> {
    let mut put = put;
    put.sort_unstable_by_key(|(place, ..)| place.map_or(usize::MAX, |place| place.start()));
    put.into_iter().filter_map(|(place, _, value)| Some((place?, value?)))
}
