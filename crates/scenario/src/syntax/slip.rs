//! Slips at which the YAML parser stumbles later, or says less than there is to say.

use expectation::{Diagnostic, Span};
use serde_saphyr::Error;

/// What was slipped at or before the place of an error of the parser, if it is one of the slips known.
pub(super) fn slip(text: &str, at: Span, error: &Error, message: &str) -> Option<Diagnostic> {
    if let Error::UnsupportedTag { tag, .. } = error {
        return Some(unsupported(text, at, tag));
    }
    if message.contains("recursion limit") {
        return Some(too_deep(at));
    }
    if message.contains("unexpected character") {
        return control_character(text, at);
    }
    if message.contains("mapping values are not allowed") {
        return no_blank_after_colon(text, at);
    }
    if message.contains("expected ',' or") {
        return second_colon(text, at);
    }
    None
}

pub(super) fn too_deep(at: Span) -> Diagnostic {
    Diagnostic::new(at, "the file is too large or nested too deeply")
        .help("split the scenario, or move its messages into a file that a `file:` step plays")
}

/// The parser stops behind the tag.
fn unsupported(text: &str, at: Span, tag: &str) -> Diagnostic {
    let before = text.get(..at.start).unwrap_or_default();
    let found = before
        .rfind(tag)
        .filter(|start| before[start + tag.len()..].trim().is_empty());
    let at = found.map_or(at, |start| Span {
        start,
        end: start + tag.len(),
    });
    Diagnostic::new(at, format!("the tag `{tag}` is not supported"))
        .help("remove the tag, or quote a value that begins with `!`")
}

/// The parser stops at it, or at the beginning of the text it is in.
fn control_character(text: &str, at: Span) -> Option<Diagnostic> {
    let rest = text.get(at.start..)?;
    let (offset, found) = rest
        .char_indices()
        .take_while(|(_, c)| *c != '\n')
        .find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\r'))?;
    let start = at.start + offset;
    let at = Span {
        start,
        end: start + found.len_utf8(),
    };
    let message = format!("not YAML: the control character U+{:04X}", u32::from(found));
    Some(Diagnostic::new(at, message).help("remove the control character, or write it as an escape in double quotes"))
}

/// `{ event: Order: Completed }`: the value has a colon of its own, at which the parser stops.
fn second_colon(text: &str, at: Span) -> Option<Diagnostic> {
    let (before, rest) = text.split_at_checked(at.start)?;
    let item = before
        .rfind(['\n', ',', '{', '['])
        .map_or(before, |found| &before[found..]);
    (rest.starts_with(':') && item.contains(": ")).then(|| {
        Diagnostic::new(at, "not YAML: a second colon in one value")
            .help("quote the value, such as `\"Order: Completed\"`, or put a comma before the key")
    })
}

/// `name:x` begins a text that goes on in the next line, at whose colon the parser stops.
fn no_blank_after_colon(text: &str, at: Span) -> Option<Diagnostic> {
    let line_start = text.get(..at.start)?.rfind('\n')?;
    let above = text[..line_start].trim_end();
    let start = above.rfind('\n').map_or(0, |found| found + 1);
    let line = &above[start..];
    let key = line.trim_start_matches([' ', '-']);
    let colon = key.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$'))?;
    let value = key[colon..].strip_prefix(':')?;
    if colon == 0 || value.starts_with([' ', '/', ':']) || value.is_empty() || value.contains(": ") {
        return None;
    }
    let start = start + line.len() - key.len();
    let at = Span {
        start,
        end: above.len(),
    };
    Some(Diagnostic::new(at, "this is text, not a key with its value").help("put a blank after the colon"))
}

#[cfg(test)]
mod tests {
    use expectation::{Diagnostic, Sink, Syntax};

    use crate::syntax::read;

    /// The text under the carets, and the help.
    fn told(text: &str) -> (&str, String) {
        let Diagnostic { at, help, .. } = read(text, &mut Sink::new(Syntax::Yaml)).expect_err(text);
        (&text[at.start..at.end], help.unwrap_or_default())
    }

    #[test]
    fn a_missing_blank_is_pointed_at_in_the_line_above() {
        let expected = "put a blank after the colon".to_owned();
        assert_eq!(told("name:x\nsteps: []\n"), ("name:x", expected.clone()));
        assert_eq!(told("a:\n  - user_id:é\n    b: 1\n"), ("user_id:é", expected));
    }

    #[test]
    fn another_text_above_is_not_blamed() {
        for text in ["https://a\nb: 1\n", "some text\nb: 1\n", "a: b\n  c: d\n"] {
            let (_, help) = told(text);
            assert!(help.starts_with("quote a value"), "{text}: {help}");
        }
    }

    #[test]
    fn a_control_character_is_pointed_at() {
        for text in ["a: b\u{7}c", "a: 'b\u{1b}'", "# \u{0}"] {
            let (at, help) = told(text);
            assert!(at.chars().all(char::is_control) && !at.is_empty(), "{text:?}: {at:?}");
            assert!(help.starts_with("remove the control character"), "{help}");
        }
    }

    #[test]
    fn a_tag_is_pointed_at() {
        assert_eq!(told("a: !uuid b").0, "!uuid");
        assert_eq!(told("a: !x\n  b: c").0, "!x");
        assert_eq!(told("a: !x").0, "!x");
    }

    #[test]
    fn a_second_colon_is_told_to_be_quoted() {
        let (at, help) = told("{ event: Order: Completed }");
        assert_eq!(at, ":");
        assert!(help.starts_with("quote the value"), "{help}");
        let (_, help) = told("a:\n  - b: { c: d\n  - e: f\n");
        assert!(help.starts_with("put a comma"), "{help}");
    }
}
