//! A text as literal parts and placeholders.

use super::path::Path;

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// As it is.
    Text(String),
    /// What stands between `{{` and `}}`.
    Placeholder(Result<Placeholder, Malformed>),
}

/// `{{…}}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placeholder {
    /// What stands between the braces.
    pub(crate) written: String,
    /// What it stands for.
    pub(crate) expression: Expression,
    /// How far that is moved.
    pub(crate) offset: Option<Offset>,
}

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// Something new each time.
    Generated(Generator),
    /// A variable, or something in one.
    Path(Path),
}

/// What makes a new value each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generator {
    /// A UUID of version 4.
    Uuid,
    /// The same, as Segment's libraries make an `anonymousId`; a stream of its own.
    AnonymousId,
    /// The scenario's clock.
    Now,
}

impl Generator {
    /// All of them, by the names they have in a placeholder.
    pub(crate) const NAMES: &[&str] = &["uuid", "anonymous_id", "now"];

    fn named(name: &str) -> Option<Self> {
        match name {
            "uuid" => Some(Self::Uuid),
            "anonymous_id" => Some(Self::AnonymousId),
            "now" => Some(Self::Now),
            _ => None,
        }
    }
}

/// `+ 2h`, `- 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offset {
    /// Of a moment.
    Time(jiff::SignedDuration),
    /// Of a whole number.
    Count(i64),
}

/// Why braces hold no placeholder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Malformed {
    /// The closing braces are missing.
    Unclosed,
    /// There is nothing between them.
    Empty,
    /// What follows `+` or `-` is neither a duration nor a whole number.
    Offset(String),
    /// It is no path.
    Other(String),
}

/// Whether a text has anything that [`parts`] would not leave as it is.
pub(crate) fn is_mentioned(text: &str) -> bool {
    find(text, b"{{").is_some()
}

/// Where so many bytes of ASCII stand first. What the standard library prepares for a search costs more than these texts,
/// most of which are a word or two.
fn find<const N: usize>(text: &str, wanted: &[u8; N]) -> Option<usize> {
    text.as_bytes().windows(N).position(|found| found == wanted)
}

/// What stands before and after so many bytes of ASCII.
fn cut<'t, const N: usize>(text: &'t str, at: &[u8; N]) -> Option<(&'t str, &'t str)> {
    let found = find(text, at)?;
    Some((&text[..found], &text[found + N..]))
}

/// The parts of a text. A backslash before the braces keeps them as they are, and two of them are one.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(found) = find(rest, b"{{") {
        let (before, braces) = rest.split_at(found);
        let kept = before.trim_end_matches('\\');
        let slashes = before.len() - kept.len();
        literal.push_str(kept);
        literal.push_str(&"\\".repeat(slashes / 2));
        if slashes % 2 == 1 {
            literal.push_str("{{");
            rest = &braces[2..];
            continue;
        }
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal)));
        }
        let Some((inside, after)) = cut(&braces[2..], b"}}") else {
            parts.push(Part::Placeholder(Err(Malformed::Unclosed)));
            return parts;
        };
        parts.push(Part::Placeholder(placeholder(inside.trim())));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    parts
}

fn placeholder(written: &str) -> Result<Placeholder, Malformed> {
    if written.is_empty() {
        return Err(Malformed::Empty);
    }
    // Blanks around the sign tell it from what belongs to a key.
    let (name, offset) = match [b" + ", b" - "]
        .into_iter()
        .find_map(|sign| cut(written, sign).map(|parts| (sign, parts)))
    {
        Some((sign, (name, by))) => (name.trim(), Some(offset(by.trim(), sign == b" - ")?)),
        None => (written, None),
    };
    let expression = match Generator::named(name) {
        Some(generator) => Expression::Generated(generator),
        None => Expression::Path(Path::parse(name).ok_or_else(|| Malformed::Other(name.to_owned()))?),
    };
    let written = written.to_owned();
    Ok(Placeholder {
        written,
        expression,
        offset,
    })
}

fn offset(text: &str, back: bool) -> Result<Offset, Malformed> {
    if let Ok(count) = text.parse::<u32>() {
        let count = i64::from(count);
        return Ok(Offset::Count(if back { -count } else { count }));
    }
    let duration = clock::duration(text)
        .ok()
        .and_then(|duration| jiff::SignedDuration::try_from(duration).ok())
        .ok_or_else(|| Malformed::Offset(text.to_owned()))?;
    Ok(Offset::Time(if back { -duration } else { duration }))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::{Expression, Generator, Malformed, Offset, Part, parts};

    /// The parts in short: text as it is, placeholders in angle brackets.
    fn shown(text: &str) -> String {
        let part = |part: Part| match part {
            Part::Text(text) => text,
            Part::Placeholder(Ok(found)) => format!("<{}>", found.written),
            Part::Placeholder(Err(why)) => format!("<{why:?}>"),
        };
        parts(text).into_iter().map(part).collect()
    }

    #[test]
    fn placeholders_stand_between_two_braces() {
        assert_eq!(shown("a {{b}} c {{ d.e[0] }}"), "a <b> c <d.e[0]>");
        assert_eq!(shown("{ a } {b}"), "{ a } {b}");
        assert_eq!(shown("{{a"), "<Unclosed>");
        assert_eq!(shown("{{ }}"), "<Empty>");
        assert_eq!(shown("{{a b}}"), r#"<Other("a b")>"#);
    }

    #[test]
    fn a_backslash_keeps_the_braces() {
        assert_eq!(shown(r"\{{a}} {{b}}"), "{{a}} <b>");
        assert_eq!(shown(r"\\{{a}}"), r"\<a>");
        assert_eq!(shown(r"a\b\n"), r"a\b\n");
    }

    #[test]
    fn an_offset_is_a_duration_or_a_count() {
        let offset = |text: &str| match parts(text).remove(0) {
            Part::Placeholder(found) => found.map(|found| (found.expression, found.offset)),
            Part::Text(text) => panic!("{text}"),
        };
        let now = Expression::Generated(Generator::Now);
        let hours = |hours| Some(Offset::Time(SignedDuration::from_hours(hours)));
        assert_eq!(offset("{{now + 2h}}"), Ok((now.clone(), hours(2))));
        assert_eq!(offset("{{ now - 24h }}"), Ok((now, hours(-24))));
        assert_eq!(offset("{{index + 1}}").unwrap().1, Some(Offset::Count(1)));
        assert_eq!(offset("{{now + soon}}"), Err(Malformed::Offset("soon".to_owned())));
    }

    proptest! {
        #[test]
        fn a_text_without_braces_is_one_part(text in "[^{]{1,30}") {
            prop_assert_eq!(parts(&text), [Part::Text(text)]);
        }

        #[test]
        fn an_escaped_text_is_itself(text in "([}a ]|\\{{1,2}[}a ]){0,12}\\{{0,2}") {
            let shown: String = shown(&text.replace("{{", "\\{{"));
            prop_assert_eq!(shown, text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[{}a.\\[\\]\\\\ +é0-9h-]{0,24}") {
            let _ = parts(&text);
        }
    }
}
