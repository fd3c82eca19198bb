//! Where something stands in JSON that a parser has read before: nothing is checked here, and what is found in anything else
//! is of no use.

use std::ops::Range;

use memchr::memchr2;

/// The value of a key in the object at this place; of a key that stands twice the last, as a parser has it.
pub(super) fn member(json: &[u8], object: Range<usize>, key: &str) -> Option<Range<usize>> {
    let mut found = None;
    let mut at = enter(json, object.start, b'{')?;
    while json.get(at) == Some(&b'"') {
        let name = at..after_text(json, at);
        let value = after_blanks(json, after_blanks(json, name.end) + 1);
        let end = after_value(json, value);
        if is_key(json.get(name)?, key) {
            found = Some(value..end);
        }
        at = next(json, end);
    }
    found.filter(|found| found.end <= json.len())
}

/// The elements of the array at this place.
pub(super) fn elements(json: &[u8], array: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(mut at) = enter(json, array.start, b'[') else {
        return found;
    };
    while at < json.len() && json[at] != b']' {
        let end = after_value(json, at);
        found.push(at..end);
        at = next(json, end);
    }
    found
}

/// Where the first thing stands inside of what opens here.
fn enter(json: &[u8], at: usize, opening: u8) -> Option<usize> {
    let at = after_blanks(json, at);
    (json.get(at) == Some(&opening)).then(|| after_blanks(json, at + 1))
}

/// Where the next thing stands, or what closes.
fn next(json: &[u8], end: usize) -> usize {
    let at = after_blanks(json, end);
    match json.get(at) {
        Some(b',') => after_blanks(json, at + 1),
        _ => at,
    }
}

fn is_key(quoted: &[u8], key: &str) -> bool {
    match quoted {
        [b'"', bare @ .., b'"'] if !bare.contains(&b'\\') => bare == key.as_bytes(),
        _ => serde_json::from_slice::<String>(quoted).is_ok_and(|name| name == key),
    }
}

fn after_blanks(json: &[u8], at: usize) -> usize {
    let rest = json.get(at..).unwrap_or_default();
    let blanks = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    at + blanks.count()
}

/// Always further on, if only by a byte.
fn after_value(json: &[u8], at: usize) -> usize {
    match json.get(at) {
        Some(b'"') => after_text(json, at),
        Some(b'{' | b'[') => after_nest(json, at),
        _ => {
            let rest = json.get(at..).unwrap_or_default();
            let is_over = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
            at + rest.iter().position(is_over).unwrap_or(rest.len()).max(1)
        }
    }
}

fn after_nest(json: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => at = after_text(json, at - 1),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
    }
    at
}

/// Behind the quote that closes the text which opens here.
fn after_text(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = json.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if json[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    at.max(json.len())
}
