//! Plain text with carets.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use super::Diagnostic;
use crate::printable::{escaped, printable};
use crate::source::{Position, Source};

/// The most columns of a line that are shown.
const WINDOW: usize = 100;

/// Columns kept before the place when a line is cut on the left.
const LEAD: usize = 30;

/// What stands for the part of a line that was cut.
const CUT: &str = "…";

const TAB: &str = "    ";

/// The most characters on either side of a place that are looked at: enough for a window of any characters but those of
/// no width.
const REACH: usize = 4 * WINDOW;

/// The most characters of a message, label or help.
const LONGEST: usize = 3_000;

pub(super) fn render(diagnostic: &Diagnostic, source: &Source, position: Position) -> String {
    let number = position.line.to_string();
    let gutter = " ".repeat(number.len());
    let excerpt = Excerpt::of(diagnostic, source);
    let label = diagnostic
        .label
        .as_deref()
        .map(|label| format!(" {}", printable(label, LONGEST)))
        .unwrap_or_default();
    let mut out = format!("error: {}\n", printable(&diagnostic.message, LONGEST));
    let name = printable(source.name_at(diagnostic.at.start), LONGEST);
    // Writing to a string can't fail.
    let _ = writeln!(out, "{gutter}--> {name}:{}:{}", position.line, position.column);
    let _ = writeln!(out, "{gutter} |");
    let _ = writeln!(out, "{}", format!("{number} | {}", excerpt.line).trim_end());
    let _ = writeln!(
        out,
        "{gutter} | {}{}{label}",
        " ".repeat(excerpt.before),
        "^".repeat(excerpt.carets)
    );
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(out, "{gutter} |\n{gutter} = help: {}", printable(help, LONGEST));
    }
    out
}

/// The part of a line that is shown, and where the carets go, in columns.
struct Excerpt {
    line: String,
    before: usize,
    carets: usize,
}

impl Excerpt {
    fn of(diagnostic: &Diagnostic, source: &Source) -> Self {
        let start = source.boundary(diagnostic.at.start);
        let (before, rest) = source.text.split_at(start);
        let (before, rest) = (reach_back(before), reach_on(rest));
        let length = diagnostic.at.end.saturating_sub(start);
        let (marked, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let before = match rest {
            "" => before.strip_suffix('\r').unwrap_or(before),
            _ => before,
        };
        Self::windowed(&shown(before), &shown(marked), &shown(after))
    }

    fn windowed(before: &str, marked: &str, after: &str) -> Self {
        let whole = width(before) + width(marked) + width(after);
        let before = if whole > WINDOW {
            last(before, LEAD)
        } else {
            before.to_owned()
        };
        let room = WINDOW.saturating_sub(width(&before));
        let cut = width(marked) > room;
        let marked = first(marked, room);
        let after = if cut {
            String::new()
        } else {
            first(after, room.saturating_sub(width(&marked)))
        };
        Self {
            before: width(&before),
            carets: width(&marked).max(1),
            line: before + &marked + &after,
        }
    }
}

/// The beginning of a text that fits into so many columns.
fn first(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    fitting(text.chars(), columns.saturating_sub(1))
        .into_iter()
        .chain(CUT.chars())
        .collect()
}

/// The end of a text that fits into so many columns.
fn last(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let kept = fitting(text.chars().rev(), columns.saturating_sub(1));
    CUT.chars().chain(kept.into_iter().rev()).collect()
}

fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> Vec<char> {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or_default();
            used <= columns
        })
        .collect()
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or_default()).sum()
}

/// The end of a text: what lies on its last line, as far as is looked at.
fn reach_back(text: &str) -> &str {
    let chars = text.char_indices().rev().take(REACH);
    let start = chars.take_while(|(_, c)| *c != '\n').last();
    &text[start.map_or(text.len(), |(at, _)| at)..]
}

/// The beginning of a text: what lies on its first line, as far as is looked at.
fn reach_on(text: &str) -> &str {
    let chars = text.char_indices().take(REACH);
    let end = chars.take_while(|(_, c)| *c != '\n').last();
    let line = &text[..end.map_or(0, |(at, c)| at + c.len_utf8())];
    line.strip_suffix('\r').unwrap_or(line)
}

/// Tabs as spaces, and everything else that would move the carets as an escape.
fn shown(text: &str) -> String {
    escaped(&text.replace('\t', TAB))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::diagnostic::Diagnostic;
    use crate::source::{Source, Span};

    fn rendered(text: &str, start: usize, end: usize) -> String {
        let source = Source::of("a.yaml", text);
        Diagnostic::new(Span { start, end }, "wrong").render(&source)
    }

    #[test]
    fn carets_stand_under_the_place() {
        assert_eq!(
            rendered("a: 1\nbc: 2\n", 5, 7),
            "error: wrong\n --> a.yaml:2:1\n  |\n2 | bc: 2\n  | ^^\n"
        );
    }

    #[test]
    fn label_and_help_are_shown() {
        let source = Source::of("a.yaml", "a");
        let diagnostic = Diagnostic::new(Span { start: 0, end: 1 }, "wrong")
            .label("this")
            .help("that");
        assert!(
            diagnostic
                .render(&source)
                .ends_with("1 | a\n  | ^ this\n  |\n  = help: that\n")
        );
    }

    #[test]
    fn an_empty_place_has_one_caret() {
        assert!(rendered("a:", 2, 2).ends_with("1 | a:\n  |   ^\n"));
    }

    #[test]
    fn a_place_of_several_lines_is_marked_on_the_first() {
        assert!(rendered("a:\n  b: 1\n", 0, 10).ends_with("1 | a:\n  | ^^\n"));
    }

    #[test]
    fn tabs_and_wide_characters_keep_the_carets_in_place() {
        assert!(rendered("\t東x", 4, 5).ends_with("1 |     東x\n  |       ^\n"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "a".repeat(200), "b".repeat(200));
        let shown = rendered(&text, 200, 204);
        let line = shown.lines().nth(3).unwrap();
        assert!(line.starts_with("1 | …aaa") && line.ends_with("bbb…"), "{line}");
        assert_eq!(line.chars().count(), "1 | ".len() + super::WINDOW);
        assert_eq!(
            line.find("HERE").map(|at| line[..at].chars().count()),
            shown.lines().nth(4).unwrap().find('^')
        );
    }

    #[test]
    fn nothing_reaches_the_terminal_that_moves_it() {
        let shown = rendered("a: \u{1b}[2J\u{202e}x", 0, 1);
        assert!(shown.contains("a: \\u{1b}[2J\\u{202e}x"), "{shown}");
    }

    proptest! {
        #[test]
        fn the_carets_never_leave_the_line(text in "[ab\t\n東é]{0,250}", start in 0_usize..300, length in 0_usize..300) {
            let shown = rendered(&text, start, start + length);
            let columns = |line: &str| super::width(line);
            let mut lines = shown.lines().skip(3);
            let (line, carets) = (lines.next().unwrap(), lines.next().unwrap());
            prop_assert!(columns(line) <= "123 | ".len() + super::WINDOW + 1, "{}", shown);
            prop_assert!(columns(carets) <= "123 | ".len() + super::WINDOW + 2, "{}", shown);
        }
    }
}
