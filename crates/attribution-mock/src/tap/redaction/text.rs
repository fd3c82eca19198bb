//! A text that is no JSON: a form, or JSON that was cut short. What looks like a field with a project id is taken for one.

use super::{NAMES, Redaction};

/// The text without secrets.
pub(super) fn redacted(text: &str, redaction: &Redaction) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        let (gap, value, after) = value_of(after);
        out.push_str(&redaction.literal(before));
        out.push_str(name);
        out.push_str(gap);
        out.push_str(if value.is_empty() {
            value
        } else {
            redaction.named(value)
        });
        rest = after;
    }
    out.push_str(&redaction.literal(rest));
    out
}

/// The first name of such a field, with what stands before and after it.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let found = NAMES
        .into_iter()
        .filter_map(|name| Some((text.find(name)?, name.len())));
    let (start, length) = found.min()?;
    let (before, from_name) = text.split_at(start);
    let (name, after) = from_name.split_at(length);
    Some((before, name, after))
}

/// What stands between a name and its value, the value, and the rest. Without an equals sign or a colon there is no value.
fn value_of(text: &str) -> (&str, &str, &str) {
    let is_gap = |c: char| matches!(c, '"' | '\'' | '\\' | ' ' | '\t' | '\n' | '\r' | ':' | '=');
    let gap = text.find(|c| !is_gap(c)).unwrap_or(text.len());
    let (gap, rest) = text.split_at(gap);
    if !gap.contains([':', '=']) {
        return (gap, "", rest);
    }
    let ends = |c: char| matches!(c, '"' | '\'' | '\\' | '&' | ',' | '}' | ']' | ' ' | '\t' | '\n' | '\r');
    let (value, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    (gap, value, rest)
}
