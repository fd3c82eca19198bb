//! What stands between two quotes.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What is wrong with a string, and at which bytes of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    at: Span,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    /// The text ends in it.
    Unclosed,
    /// A control character that has to be written as an escape.
    Control(char),
    /// A backslash before something that makes no escape with it.
    Escape,
    /// `\u` without four hex digits.
    Hex,
    /// One half of a character beyond U+FFFF.
    Half,
}

/// Reads the string with which the text begins: how many bytes it has with its quotes, and what it says.
pub(super) fn read(text: &str) -> Result<(usize, String), Wrong> {
    let mut out = String::new();
    let mut at = 1;
    loop {
        let rest = &text[at..];
        let plain = rest
            .find(|c| matches!(c, '"' | '\\' | '\0'..='\u{1f}'))
            .unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        at += plain;
        match rest[plain..].chars().next() {
            Some('"') => return Ok((at + 1, out)),
            Some('\\') => {
                let (length, c) = escape(text, at)?;
                out.push(c);
                at += length;
            }
            Some(control) => return Err(wrong(at, 1, What::Control(control))),
            None => return Err(wrong(0, 1, What::Unclosed)),
        }
    }
}

/// The escape at a place of the text: how many bytes it has, and what it stands for.
fn escape(text: &str, at: usize) -> Result<(usize, char), Wrong> {
    let c = match text[at + 1..].chars().next() {
        Some(c @ ('"' | '\\' | '/')) => c,
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return unicode(text, at),
        Some(other) => return Err(wrong(at, 1 + other.len_utf8(), What::Escape)),
        None => return Err(wrong(0, 1, What::Unclosed)),
    };
    Ok((2, c))
}

/// `\uXXXX`, or two of them for a character beyond U+FFFF.
fn unicode(text: &str, at: usize) -> Result<(usize, char), Wrong> {
    const ONE: usize = 6;
    let first = unit(text, at).ok_or_else(|| wrong(at, 2, What::Hex))?;
    if let Some(c) = char::from_u32(first) {
        return Ok((ONE, c));
    }
    let second = unit(text, at + ONE).filter(|second| (0xDC00..0xE000).contains(second));
    match second {
        Some(second) if first < 0xDC00 => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            Ok((2 * ONE, c))
        }
        _ => Err(wrong(at, ONE, What::Half)),
    }
}

/// The four hex digits of an escape.
fn unit(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

fn wrong(start: usize, length: usize, what: What) -> Wrong {
    let end = start + length;
    Wrong {
        at: Span { start, end },
        what,
    }
}

impl Wrong {
    /// The same as a mistake in the whole text, in which the string begins at `start`.
    pub(super) fn diagnostic(&self, start: usize) -> Diagnostic {
        let at = Span {
            start: start + self.at.start,
            end: start + self.at.end,
        };
        let (message, help) = match self.what {
            What::Unclosed => ("this quote is not closed".to_owned(), "close it with `\"`"),
            What::Control('\n' | '\r') => (
                "a line break in text".to_owned(),
                "write it as `\\n`, or close the quote",
            ),
            What::Control('\t') => ("a tab in text".to_owned(), "write it as `\\t`"),
            What::Control(c) => (
                format!("the control character U+{:04X}", u32::from(c)),
                "remove it, or write it as an escape such as `\\u0007`",
            ),
            What::Escape => (
                "there is no such escape".to_owned(),
                "write `\\\\` for a backslash, or an escape such as `\\n` or `\\u00e9`",
            ),
            What::Hex => (
                "`\\u` stands before four hex digits".to_owned(),
                "write one such as `\\u00e9`, or `\\\\u` for a backslash and a `u`",
            ),
            What::Half => (
                "this escape is half of a character".to_owned(),
                "write both halves, such as `\\ud83d\\ude00`, or the character itself",
            ),
        };
        Diagnostic::new(at, format!("not JSON: {message}")).help(help)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{What, read};

    fn what(text: &str) -> (What, &str) {
        let wrong = read(text).unwrap_err();
        (wrong.what, &text[wrong.at.start..wrong.at.end])
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        assert_eq!(what("\"ab"), (What::Unclosed, "\""));
        assert_eq!(what("\"ab\\"), (What::Unclosed, "\""));
        assert_eq!(what("\"a\u{7}\""), (What::Control('\u{7}'), "\u{7}"));
        assert_eq!(what(r#""a\é""#), (What::Escape, r"\é"));
        assert_eq!(what(r#""\u12é4""#), (What::Hex, r"\u"));
        assert_eq!(what(r#""\u+123""#), (What::Hex, r"\u"));
        assert_eq!(what(r#""a\ud83d""#), (What::Half, r"\ud83d"));
        assert_eq!(what(r#""\ud83dA""#), (What::Half, r"\ud83d"));
        assert_eq!(what(r#""\ude00\ud83d""#), (What::Half, r"\ude00"));
    }

    #[test]
    fn two_halves_are_one_character() {
        assert_eq!(read(r#""\uD83D\ude00\/" : 1"#), Ok((16, "😀/".to_owned())));
    }

    /// What strings are made of: characters, escapes, and halves of characters.
    const STRING: &str = "([ -~é東😀]|\\\\[\"\\\\/bfnrtux]|\\\\u[dD][89abAB][0-9a-f]{2}|\\\\u[dD][c-f][0-9A-F]{2}\
                          |\\\\u[0-9]{4}){0,8}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_string_is_what_serde_json_takes_it_for(
            inside in STRING
        ) {
            let text = format!("\"{inside}\"");
            let theirs = serde_json::Deserializer::from_str(&text).into_iter::<String>().next().unwrap();
            match (read(&text), theirs) {
                (Ok((length, ours)), Ok(theirs)) => {
                    prop_assert_eq!(ours, theirs);
                    prop_assert!(text[..length].ends_with('"'));
                }
                (Err(_), Err(_)) => {}
                (ours, theirs) => prop_assert!(false, "{:?} {:?}", ours, theirs),
            }
        }
    }
}
