//! Text from outside as text that may be shown.

use std::fmt::Write as _;

/// The text in one line that can't disturb a terminal, and of bearable length.
///
/// What is not seen or moves what is seen becomes an escape: control characters (`\n`, `\t`, `\r`, else `\u{1b}`), line
/// separators, and the characters that turn or join text without a trace of their own, such as U+202E and U+200B. Of a
/// text with more than `longest` characters that many are kept, followed by `…` and how many there were.
///
/// ```
/// use expectation::printable;
///
/// assert_eq!(printable("user-1\n\u{202e}admin", 100), "user-1\\n\\u{202e}admin");
/// assert_eq!(printable(&"a".repeat(50_000), 3), "aaa… (50000 characters)");
/// ```
pub fn printable(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((cut, _)) => format!("{}… ({} characters)", escaped(&text[..cut]), text.chars().count()),
        None => escaped(text),
    }
}

/// The whole text with escapes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_unseen(c) => {
                // Writing to a string can't fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// Control characters, line and paragraph separators, and the format characters (Unicode's `Cf`) that leave no trace.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::printable;

    #[test]
    fn what_is_not_seen_becomes_an_escape() {
        let hostile = "\u{0}\u{1b}[2J\u{7f}\u{9b}\u{200b}\u{200f}\u{2028}\u{202e}\u{2066}\u{2069}\u{feff}\r\n\t";
        let shown =
            "\\u{0}\\u{1b}[2J\\u{7f}\\u{9b}\\u{200b}\\u{200f}\\u{2028}\\u{202e}\\u{2066}\\u{2069}\\u{feff}\\r\\n\\t";
        assert_eq!(printable(hostile, 100), shown);
    }

    #[test]
    fn what_is_seen_is_kept() {
        assert_eq!(printable("naïve 東京 🦀 \\ \"", 100), "naïve 東京 🦀 \\ \"");
    }

    #[test]
    fn a_long_text_is_cut_after_a_whole_character() {
        assert_eq!(printable("ééé", 3), "ééé");
        assert_eq!(printable("éééé", 3), "ééé… (4 characters)");
        assert_eq!(printable("ab", 0), "… (2 characters)");
    }

    proptest! {
        #[test]
        fn nothing_printable_is_left_to_escape(text in any::<String>(), longest in 0_usize..50) {
            let once = printable(&text, longest);
            prop_assert!(!once.chars().any(char::is_control));
            prop_assert_eq!(printable(&once, usize::MAX), once);
        }
    }
}
