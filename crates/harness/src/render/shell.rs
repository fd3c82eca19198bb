//! Commands to be typed.

/// A word as a shell takes it for one: as it is where it means nothing else, or between quotes.
pub(crate) fn word(text: &str) -> String {
    let is_harmless = |c: char| c.is_alphanumeric() || "/.,_-=:+@%".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_harmless) {
        return text.to_owned();
    }
    quoted(text)
}

/// A word between quotes, whatever it is.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn what_a_shell_would_take_for_something_else_is_quoted() {
        for plain in ["a/b.yaml", "shop=our", "C:a", "é"] {
            assert_eq!(word(plain), plain);
        }
        for (text, expected) in [
            ("", "''"),
            ("-", "'-'"),
            ("my file", "'my file'"),
            ("It's", r"'It'\''s'"),
            ("$x", "'$x'"),
            (r"a\b", r"'a\b'"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
