//! A JSON text with its secrets replaced and every other byte left as it is: what is played again must be what was sent.

use attribution_ledger::REDACTED;
use serde_json::Value;

use super::{NAMES, PROJECT_ID, Redaction, text};

/// The text, which is valid JSON, without secrets.
pub(super) fn redacted(text: &str, redaction: &Redaction) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Whether what comes next is the value of a field that holds a project id.
    let mut holds_id = false;
    while !rest.is_empty() {
        let (token, after) = rest.split_at(token_length(rest));
        if is_gap(token) {
            out.push_str(token);
            rest = after;
        } else if holds_id {
            let (value, after) = rest.split_at(value_length(rest));
            out.push_str(&project_value(value, redaction));
            (rest, holds_id) = (after, false);
        } else {
            holds_id = is_key(after) && NAMES.contains(&decoded(token).as_str());
            out.push_str(&other(token, redaction));
            rest = after;
        }
    }
    out
}

/// Blanks, and the colon between a name and its value.
fn is_gap(token: &str) -> bool {
    token.starts_with([' ', '\t', '\n', '\r', ':'])
}

fn is_key(after: &str) -> bool {
    after.trim_start_matches([' ', '\t', '\n', '\r']).starts_with(':')
}

/// What a string token says; nothing for another token.
fn decoded(token: &str) -> String {
    serde_json::from_str(token).unwrap_or_default()
}

/// How long the first token of a text is: a string, a number or a word whole, of everything else one character.
fn token_length(text: &str) -> usize {
    let ends_word = |c: char| matches!(c, ',' | ':' | ']' | '}' | ' ' | '\t' | '\n' | '\r');
    match text.as_bytes()[0] {
        b'"' => string_length(text),
        b'-' | b'0'..=b'9' | b'a'..=b'z' => text.find(ends_word).unwrap_or(text.len()),
        _ => text.chars().next().map_or(1, char::len_utf8),
    }
}

/// How long a string is, both quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// How long the first value of a text is, brackets with all that is between them.
fn value_length(text: &str) -> usize {
    let (mut length, mut depth) = (0, 0_usize);
    while length < text.len() {
        let token = &text[length..][..token_length(&text[length..])];
        length += token.len();
        match token {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    length
}

/// What is kept of the value of a field that holds a project id. What names no project is no secret.
fn project_value(value: &str, redaction: &Redaction) -> String {
    let replaced = match serde_json::from_str(value) {
        Ok(Value::Null | Value::Bool(_)) => return value.to_owned(),
        Ok(Value::String(id)) if id.is_empty() => return value.to_owned(),
        Ok(Value::String(id)) => redaction.named(&id),
        Ok(Value::Number(id)) => redaction.named(&id.to_string()),
        Ok(Value::Array(_) | Value::Object(_)) | Err(_) => REDACTED,
    };
    format!("\"{replaced}\"")
}

/// What is kept of any other token.
fn other(token: &str, redaction: &Redaction) -> String {
    if !token.starts_with('"') {
        let is_id = token == redaction.project.expose() && token.starts_with(|c: char| c.is_ascii_digit());
        return if is_id {
            format!("\"{PROJECT_ID}\"")
        } else {
            token.to_owned()
        };
    }
    let said = decoded(token);
    // JSON may lie in a string of JSON, and a url with a query in both.
    let clean = text::redacted(&said, redaction);
    if clean == said {
        token.to_owned()
    } else {
        Value::from(clean).to_string()
    }
}
