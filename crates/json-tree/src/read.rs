use std::borrow::Cow;
use std::cell::RefCell;

use json_scan::{AsIs, Edits, Key, Scanner, Shape, Span, Stops};

use crate::{Number, Object, Value};

/// Room for so many members or items is made at once.
const USUAL: usize = 8;

/// What a longer text took is given back.
const LONG: usize = 1 << 20;

thread_local! {
    /// Room for what is noted of a text while it is read, so that it isn't made anew for each.
    static NOTES: RefCell<(Stops, Edits)> = RefCell::default();
}

/// Reads a text.
///
/// # Errors
///
/// When it is no JSON, or nested too deep for `serde_json`.
pub fn read(text: &[u8]) -> serde_json::Result<Value<'_>> {
    match Reader::read(text) {
        Some(message) => Ok(Value::Object(message)),
        // Anything but an object, anything odd, and whatever needs words.
        None => json_value::from_slice(text).map(Value::from),
    }
}

/// Reads ordinary objects; nothing else is anything to it.
struct Reader<'a>(&'a str);

type Scan<'a, 'e> = Scanner<'a, 'e, AsIs>;
type Members<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

impl<'a> Reader<'a> {
    fn read(text: &'a [u8]) -> Option<Object<'a>> {
        NOTES.with_borrow_mut(|(stops, edits)| {
            let read = Self(str::from_utf8(text).ok()?).message(text, stops, edits);
            if text.len() > LONG {
                (*stops, *edits) = Default::default();
            }
            read
        })
    }

    fn message(&self, text: &'a [u8], stops: &mut Stops, edits: &mut Edits) -> Option<Object<'a>> {
        let mut members = Vec::with_capacity(USUAL);
        let mut scanner = Scan::new(text, stops, edits)?;
        let span = scanner.message(|scanner, key, at| self.member(scanner, &mut members, key, at))?;
        Some(Object::at(span.range(), members))
    }

    /// Reads a member's value, and returns the place after it.
    fn member(&self, scanner: &mut Scan<'a, '_>, members: &mut Members<'a>, key: Key<'a>, at: usize) -> Option<usize> {
        let (value, end) = self.value(scanner, at)?;
        members.push((self.key(key)?, value));
        Some(end)
    }

    fn value(&self, scanner: &mut Scan<'a, '_>, at: usize) -> Option<(Value<'a>, usize)> {
        if scanner.is_object(at) {
            let mut members = Vec::with_capacity(USUAL);
            let (span, _) = scanner.members(at, |scanner, key, at| self.member(scanner, &mut members, key, at))?;
            return Some((Value::Object(Object::at(span.range(), members)), span.end()));
        }
        if scanner.is_array(at) {
            let mut items = Vec::new();
            let end = scanner.items(at, |scanner, at| {
                let (item, end) = self.value(scanner, at)?;
                items.push(item);
                Some(end)
            })?;
            return Some((Value::Array(items), end));
        }
        let span = scanner.span(at)?;
        Some((self.scalar(&span)?, span.end()))
    }

    fn key(&self, key: Key<'a>) -> Option<Cow<'a, str>> {
        let end = key.start + key.raw.len();
        if key.escaped {
            let quoted = self.0.get(key.start - 1..=end)?;
            return serde_json::from_str(quoted).ok().map(Cow::Owned);
        }
        self.0.get(key.start..end).map(Cow::Borrowed)
    }

    fn scalar(&self, span: &Span) -> Option<Value<'a>> {
        let text = self.0.get(span.range())?;
        Some(match span.shape {
            Shape::Null => Value::Null,
            Shape::Bool(truth) => Value::Bool(truth),
            Shape::Number => Value::Number(number(text)?),
            Shape::Plain => Value::String(Cow::Borrowed(text.get(1..text.len() - 1)?)),
            Shape::Escaped => Value::String(Cow::Owned(serde_json::from_str(text).ok()?)),
            Shape::Array | Shape::Object => return None,
        })
    }
}

/// The digits as they stand there. An exponent is for `serde_json` to write.
fn number(text: &str) -> Option<Number<'_>> {
    if text.bytes().any(|byte| matches!(byte, b'e' | b'E')) {
        let number: serde_json::Number = text.parse().ok()?;
        return Some(Number::new(number.to_string()));
    }
    Some(Number::new(text))
}
