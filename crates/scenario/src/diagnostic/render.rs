//! Plain text with carets.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use super::Diagnostic;
use crate::source::Source;

/// The most columns of a line that are shown.
const WINDOW: usize = 100;

/// Columns kept before the place when a line is cut on the left.
const LEAD: usize = 30;

/// What stands for the part of a line that was cut.
const CUT: &str = "…";

const TAB: &str = "    ";

pub(super) fn render(diagnostic: &Diagnostic, source: &Source) -> String {
    let position = source.position(diagnostic.at.start);
    let number = position.line.to_string();
    let gutter = " ".repeat(number.len());
    let excerpt = Excerpt::of(diagnostic, source);
    let label = diagnostic
        .label
        .as_deref()
        .map(|label| format!(" {}", printable(label)))
        .unwrap_or_default();
    let mut out = format!("error: {}\n", printable(&diagnostic.message));
    let name = printable(&source.name);
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
        let _ = writeln!(out, "{gutter} |\n{gutter} = help: {}", printable(help));
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
        let line = source.line(diagnostic.at.start);
        let start = diagnostic.at.start.clamp(line.start, line.end);
        let end = diagnostic.at.end.clamp(start, line.end);
        let text = |from: usize, to: usize| source.text.get(from..to).unwrap_or_default();
        let (before, marked, after) = (text(line.start, start), text(start, end), text(end, line.end));
        Self::windowed(&printable(before), &printable(marked), &printable(after))
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

/// Tabs as spaces; what would move the cursor, ring or turn the text around as a replacement character.
fn printable(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '\t' => out.push_str(TAB),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push(char::REPLACEMENT_CHARACTER),
            _ if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::diagnostic::Diagnostic;
    use crate::source::{Source, Span};

    fn rendered(text: &str, start: usize, end: usize) -> String {
        let source = Source {
            name: "a.yaml".to_owned(),
            text: text.to_owned(),
        };
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
        let source = Source {
            name: "a.yaml".to_owned(),
            text: "a".to_owned(),
        };
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
        assert!(shown.contains("a: \u{fffd}[2J\u{fffd}x"), "{shown}");
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
