//! JSON values as YAML that people like to read: short ones on one line, long ones a line each.

use std::fmt::Write as _;

use serde_json::Value;

/// What a line is to be no longer than, where it can be helped.
const WIDTH: usize = 110;

/// Words that YAML or its readers take for something else than text.
const WORDS: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// The text so far.
#[derive(Default)]
pub(super) struct Yaml {
    pub(super) text: String,
}

impl Yaml {
    pub(super) fn comment(&mut self, text: &str) {
        self.line(0, &format!("# {text}"));
    }

    pub(super) fn line(&mut self, indent: usize, text: &str) {
        // Writing to a string can't fail.
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    /// A key with its value, over as many lines as it needs.
    pub(super) fn entry(&mut self, indent: usize, key: &str, value: &Value) {
        self.after(indent, &format!("{}:", name(key)), value);
    }

    /// A value after what stands before it on its line.
    fn after(&mut self, indent: usize, before: &str, value: &Value) {
        let short = inline(value);
        let inner = indent + 2;
        match value {
            Value::Object(entries) if !fits(&short, indent + before.len()) => {
                self.line(indent, before);
                for (key, value) in entries {
                    self.entry(inner, key, value);
                }
            }
            Value::Array(items) if !fits(&short, indent + before.len()) => {
                self.line(indent, before);
                for item in items {
                    // What an item holds stays on its line: a list of long mappings is rare in a message.
                    self.line(inner, &format!("- {}", inline(item)));
                }
            }
            _ => self.line(indent, &format!("{before} {short}")),
        }
    }
}

/// Whether a value can stand on the line on which that many characters are already.
pub(super) fn fits(short: &str, before: usize) -> bool {
    before + short.len() < WIDTH
}

/// A value on one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| pair(key, value)).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// A mapping on one line.
pub(super) fn mapping(entries: &[(&str, Value)]) -> String {
    let entries: Vec<String> = entries.iter().map(|(key, value)| pair(key, value)).collect();
    if entries.is_empty() {
        return "{}".to_owned();
    }
    format!("{{ {} }}", entries.join(", "))
}

fn pair(key: &str, value: &Value) -> String {
    format!("{}: {}", name(key), inline(value))
}

/// A text, in quotes unless it can be nothing else without them, and with its braces kept from being a placeholder.
fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    quoted(&escaped(text))
}

/// A key; nothing in it is ever a placeholder.
fn name(key: &str) -> String {
    if is_plain(key) { key.to_owned() } else { quoted(key) }
}

/// Letters, digits and what can't mean anything inside a word, in words with single blanks between them.
fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_word = |word: &str| {
        let may = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '+');
        !word.is_empty() && word.chars().all(may)
    };
    begins && text.split(' ').all(is_word) && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// In double quotes as JSON has them, which YAML reads the same; what no reader shows as itself is written out.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        let _ = match c {
            '"' => quoted.write_str("\\\""),
            '\\' => quoted.write_str("\\\\"),
            '\n' => quoted.write_str("\\n"),
            '\t' => quoted.write_str("\\t"),
            '\r' => quoted.write_str("\\r"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                write!(quoted, "\\u{:04x}", u32::from(c))
            }
            c => quoted.write_char(c),
        };
    }
    quoted.push('"');
    quoted
}

/// A backslash keeps braces as they are, and backslashes before them stand for half as many.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some(found) = rest.find("{{") {
        let before = &rest[..found];
        let kept = before.trim_end_matches('\\');
        escaped.push_str(kept);
        escaped.push_str(&"\\".repeat(2 * (before.len() - kept.len()) + 1));
        escaped.push_str("{{");
        rest = &rest[found + 2..];
    }
    escaped.push_str(rest);
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_can_be_nothing_else_goes_without_quotes() {
        for plain in ["Order Completed", "user-1", "ada@example.com", "a/b.c"] {
            assert_eq!(scalar(plain), plain);
        }
        for (text, expected) in [
            ("", r#""""#),
            ("yes", r#""yes""#),
            ("Null", r#""Null""#),
            ("1e5", r#""1e5""#),
            ("a: b", r#""a: b""#),
            ("two  blanks", r#""two  blanks""#),
            ("ends ", r#""ends ""#),
            ("a, b", r#""a, b""#),
            ("é", r#""é""#),
            ("a\u{7}\n", r#""a\u0007\n""#),
            ("{{name}}", r#""\\{{name}}""#),
            ("C:\\{{x", r#""C:\\\\\\{{x""#),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }

    #[test]
    fn what_is_too_long_for_a_line_has_a_line_for_each_part() {
        let long = "x".repeat(60);
        let mut yaml = Yaml::default();
        yaml.entry(
            0,
            "context",
            &json!({ "a": long, "b": { "c": [], "d": {} }, "e": [long, { "f": long }] }),
        );
        assert_eq!(
            yaml.text,
            format!("context:\n  a: {long}\n  b: {{ c: [], d: {{}} }}\n  e:\n    - {long}\n    - {{ f: {long} }}\n")
        );
    }
}
