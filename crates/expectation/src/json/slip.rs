//! What is no JSON, in words that help.

use crate::diagnostic::Diagnostic;
use crate::printable::printable;
use crate::read::quoted;
use crate::source::Span;

/// What others write for a value that JSON has, or has not.
const MEANT: &[(&str, &str)] = &[
    ("True", "write `true`"),
    ("TRUE", "write `true`"),
    ("False", "write `false`"),
    ("FALSE", "write `false`"),
    ("None", "write `null`"),
    ("NULL", "write `null`"),
    ("Null", "write `null`"),
    ("nil", "write `null`"),
    ("undefined", "write `null`, or leave the key out"),
    ("NaN", "JSON has no such number: write one such as `0`"),
    ("Infinity", "JSON has no such number: write one such as `1e99`"),
];

/// What stands together at the beginning of a text, up to a blank or a character with a meaning in JSON.
pub(super) fn token(text: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '\'' | '/' | '#');
    &text[..text.find(ends).unwrap_or(text.len())]
}

pub(super) fn nothing(at: Span) -> Diagnostic {
    slip(at, "there is nothing").help("write an object, such as `{\"visits\": []}`")
}

pub(super) fn more(at: Span, rest: &str) -> Diagnostic {
    if let Some(diagnostic) = comment(at, rest) {
        return diagnostic;
    }
    slip(at, "there is more after the end").help("write one value only, such as `{\"visits\": [], \"merges\": []}`")
}

pub(super) fn too_deep(at: Span) -> Diagnostic {
    Diagnostic::new(at, "the text is nested too deeply").help("write fewer brackets inside each other, 128 at most")
}

pub(super) fn unclosed(at: Span, closer: char, opened: usize) -> Diagnostic {
    let what = if closer == ']' { "list" } else { "object" };
    slip(at, format!("the {what} that begins in line {opened} is not closed")).help(format!("close it with `{closer}`"))
}

pub(super) fn comma_too_many(at: Span, closer: char) -> Diagnostic {
    let example = if closer == ']' {
        "[1, 2]"
    } else {
        "{\"a\": 1, \"b\": 2}"
    };
    slip(at, format!("a comma before `{closer}`")).help(format!("remove the comma, as in `{example}`"))
}

pub(super) fn no_comma(at: Span, rest: &str, closer: char) -> Diagnostic {
    if let Some(diagnostic) = comment(at, rest) {
        return diagnostic;
    }
    let (what, example) = match closer {
        ']' => ("items", "[1, 2]"),
        _ => ("fields", "{\"a\": 1, \"b\": 2}"),
    };
    match rest.chars().next() {
        Some(other @ (']' | '}')) => slip(at, format!("`{other}` where `{closer}` should stand"))
            .help(format!("close what was opened last first, as in `{example}`")),
        _ => slip(at, format!("no comma between two {what}")).help(format!("put a comma, as in `{example}`")),
    }
}

pub(super) fn no_key(start: usize, rest: &str) -> Diagnostic {
    let at = one(start, rest);
    if let Some(diagnostic) = comment(at, rest).or_else(|| single_quotes(start, rest)) {
        return diagnostic;
    }
    match token(rest) {
        "" => slip(at, format!("{} where a key should stand", quoted(first(rest))))
            .help("write a key in double quotes and its value, such as `\"visits\": []`"),
        word => {
            let at = Span {
                start,
                end: start + word.len(),
            };
            slip(at, format!("the key {} without quotes", quoted(word)))
                .help(format!("put it in double quotes: `\"{}\"`", printable(word, 60)))
        }
    }
}

pub(super) fn no_colon(at: Span) -> Diagnostic {
    slip(at, "no colon after the key").help("write a colon and the value, such as `\"visits\": []`")
}

pub(super) fn no_number(at: Span, written: &str) -> Diagnostic {
    let help = match written.strip_prefix('-').unwrap_or(written) {
        "Infinity" | "inf" => "JSON has no such number: write one such as `-1e99`",
        _ => "write one such as `1`, `-0.5` or `2e3`, or put it in double quotes if it is text",
    };
    slip(at, format!("{} is no number", quoted(written))).help(help)
}

/// Something else where a value should stand; `rest` begins with it.
pub(super) fn no_value(at: Span, rest: &str) -> Diagnostic {
    let here = one(at.start, rest);
    if let Some(diagnostic) = comment(here, rest).or_else(|| single_quotes(at.start, rest)) {
        return diagnostic;
    }
    match token(rest) {
        "" if rest.is_empty() => slip(here, "the text ends where a value should stand")
            .help("write a value, such as `[]`, `\"google\"` or `1.5`"),
        "" => slip(here, format!("{} where a value should stand", quoted(first(rest))))
            .help("write a value, such as `[]`, `\"google\"` or `1.5`"),
        word => {
            let meant = MEANT.iter().find(|(written, _)| *written == word);
            let help = meant.map_or_else(
                || format!("put text in double quotes: `\"{}\"`", printable(word, 60)),
                |(_, help)| (*help).to_owned(),
            );
            slip(at, format!("{} is no value", quoted(word))).help(help)
        }
    }
}

fn comment(at: Span, rest: &str) -> Option<Diagnostic> {
    let is_comment = ["//", "/*", "#"].iter().any(|begins| rest.starts_with(begins));
    is_comment.then(|| slip(at, "a comment").help("leave it out: there are none in JSON"))
}

fn single_quotes(start: usize, rest: &str) -> Option<Diagnostic> {
    let inside = rest.strip_prefix('\'')?;
    let end = inside.find(['\'', '\n']).unwrap_or(inside.len());
    let closed = usize::from(inside[end..].starts_with('\''));
    let at = Span {
        start,
        end: start + 1 + end + closed,
    };
    let double = printable(&inside[..end], 60);
    Some(slip(at, "text in single quotes").help(format!("put it in double quotes: `\"{double}\"`")))
}

fn slip(at: Span, message: impl AsRef<str>) -> Diagnostic {
    Diagnostic::new(at, format!("not JSON: {}", message.as_ref()))
}

/// The first character.
fn first(text: &str) -> &str {
    let length = text.chars().next().map_or(0, char::len_utf8);
    &text[..length]
}

fn one(start: usize, rest: &str) -> Span {
    Span {
        start,
        end: start + first(rest).len(),
    }
}
