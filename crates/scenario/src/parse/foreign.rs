//! Mistakes in texts that are read elsewhere, which know lines and columns only.

use attribution_report::Mistakes;
use expectation::{Diagnostic, Span};

use super::context::Context;

/// How many mistakes of one text are told.
const MOST: usize = 20;

/// Which text it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Foreign<'a> {
    /// The scenario's own.
    Here,
    /// A file's, by its path from the scenario's folder.
    File(&'a str, &'a str),
}

/// Tells the mistakes at their places. `part` finds how many bytes of a line, from where, a column means.
pub(super) fn tell(
    mistakes: &Mistakes,
    text: Foreign<'_>,
    part: fn(&str, usize) -> (usize, usize),
    cx: &mut Context<'_>,
) {
    let start = match text {
        Foreign::Here => 0,
        Foreign::File(path, content) => cx.texts.quote(path, content),
    };
    for mistake in mistakes.all.iter().take(MOST) {
        let all = &cx.texts.source.text[start..];
        let line = usize::try_from(mistake.line).unwrap_or(usize::MAX).saturating_sub(1);
        let column = usize::try_from(mistake.column).unwrap_or(usize::MAX);
        let begun: usize = all.split_inclusive('\n').take(line).map(str::len).sum();
        let written = all[begun..].lines().next().unwrap_or_default();
        let (from, length) = part(written, column);
        let at = start + begun + from;
        let at = Span {
            start: at,
            end: at + length,
        };
        cx.sink
            .push(Diagnostic::new(at, mistake.message.as_str()).help(mistake.help.as_str()));
    }
    let more = mistakes.all.len().saturating_sub(MOST);
    cx.sink.extend(Vec::new(), more);
}

/// The word of YAML that begins at a column, in characters from 1.
pub(super) fn word(line: &str, column: usize) -> (usize, usize) {
    let from = line
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(line.len(), |(at, _)| at);
    let rest = &line[from..];
    let end = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest[1..].find(quote).map(|end| end + 2),
        _ => rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}')),
    };
    let word = &rest[..end.unwrap_or(rest.len())];
    (from, word.trim_end_matches(':').len())
}

/// The value of a line of CSV that has this number, from 1.
pub(super) fn cell(line: &str, column: usize) -> (usize, usize) {
    let (mut from, mut left, mut is_quoted) = (0, column.max(1), false);
    for (at, c) in line.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted && left == 1 => return (from, at - from),
            ',' if !is_quoted => (from, left) = (at + 1, left - 1),
            _ => {}
        }
    }
    // Of a value that is not there, the whole line.
    if left > 1 {
        (0, line.len())
    } else {
        (from, line.len() - from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{cell, word};

    fn part(line: &str, (from, length): (usize, usize)) -> &str {
        &line[from..from + length]
    }

    #[test]
    fn a_word_ends_with_its_key_or_its_quote() {
        for (line, column, expected) in [
            ("  - nmae: Ads", 5, "nmae"),
            ("  - 'a b': Ads", 5, "'a b'"),
            ("[a, b]", 5, "b"),
            ("é: x", 4, "x"),
            ("a", 9, ""),
        ] {
            assert_eq!(part(line, word(line, column)), expected, "{line}");
        }
    }

    #[test]
    fn a_value_is_found_by_its_number() {
        let line = "2024-01-15,\"a, b\",-1";
        let found = [1, 2, 3, 4].map(|column| part(line, cell(line, column)));
        assert_eq!(found, ["2024-01-15", "\"a, b\"", "-1", line]);
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "[a,\"'é:{ ]{0,20}", column in 0..30_usize) {
            let _ = (part(&line, word(&line, column)), part(&line, cell(&line, column)));
        }
    }
}
