//! Single values.

use std::time::Duration;

use clock::DurationError;
use serde_json::Value;

/// A value in a message, cut where it would drown it and without what would disturb a terminal.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
        Value::String(text) => quoted(&format!("\"{text}\"")),
        Value::Bool(_) | Value::Number(_) => quoted(&value.to_string()),
    }
}

/// Text from outside in a message.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let cut = text.char_indices().nth(LONGEST);
    let (kept, more) = cut.map_or((text, ""), |(end, _)| (&text[..end], "…"));
    format!("`{}{more}`", escaped(kept))
}

/// Without what would disturb a terminal; quotes are fine there.
fn escaped(text: &str) -> String {
    let as_it_is = |c: char| matches!(c, '"' | '\'' | '\\');
    text.chars()
        .flat_map(|c| {
            if as_it_is(c) {
                vec![c]
            } else {
                c.escape_debug().collect()
            }
        })
        .collect()
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A whole number from 1.
pub(super) fn count(value: &Value) -> Option<u32> {
    let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
    count.filter(|count| *count > 0)
}

/// `true`, for words that say everything by being there.
pub(super) fn set(value: &Value) -> Option<()> {
    (*value == Value::Bool(true)).then_some(())
}

pub(super) fn status(value: &Value) -> Option<u16> {
    let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
    status.filter(|status| (200..=599).contains(status))
}

/// A duration such as `10s`, or what is wrong with it and what to write.
pub(super) fn duration(value: &Value) -> Result<Duration, (String, String)> {
    let error = match value {
        Value::String(text) => match clock::duration(text) {
            Ok(duration) => return Ok(duration),
            Err(error) => return Err((format!("{}: {}", error.message(), quoted(text)), error.help())),
        },
        Value::Number(number) if number.to_string().starts_with('-') => DurationError::Negative,
        Value::Number(number) => DurationError::NoUnit(number.to_string()),
        other => {
            let message = format!("a duration is text, not {}", shown(other));
            return Err((message, DurationError::Other.help()));
        }
    };
    Err((error.message(), error.help()))
}

/// Bytes a second: `512B/s`, `1KB/s`, `1.5MB/s`, where a KB has 1000 bytes.
pub(super) fn bandwidth(value: &Value) -> Option<u64> {
    let text = value.as_str()?.strip_suffix("/s")?.trim_end();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let scale: u64 = match unit.trim_start() {
        "B" => 1,
        "KB" | "kB" => 1_000,
        "MB" => 1_000_000,
        _ => return None,
    };
    let number = &text[..text.len() - unit.len()];
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if fraction.is_empty() {
        return None;
    }
    let thousandths: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let whole = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    let bytes = whole.checked_add(thousandths * scale / 1_000)?;
    (bytes > 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_a_second_have_a_unit() {
        let read = |text: &str| bandwidth(&Value::from(text));
        for (text, bytes) in [
            ("512B/s", 512),
            ("1KB/s", 1_000),
            ("1 kB/s", 1_000),
            ("1.5KB/s", 1_500),
            ("2.25MB/s", 2_250_000),
        ] {
            assert_eq!(read(text), Some(bytes), "{text}");
        }
        for text in [
            "",
            "1",
            "1KB",
            "KB/s",
            "0B/s",
            "-1B/s",
            "1.B/s",
            "1.é5KB/s",
            "1GB/s",
            "99999999999999999999B/s",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_value_is_cut_and_disturbs_no_terminal() {
        assert_eq!(quoted("\u{1b}[2J\u{202e}"), "`\\u{1b}[2J\\u{202e}`");
        assert!(shown(&Value::from("é".repeat(500))).chars().count() < 70);
    }
}
