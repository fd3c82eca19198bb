use std::fmt;

use serde_json::Value;

use super::read::FIELDS;

/// Why JSON describes no fault. `Display` tells a person what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    Empty,
    Json(String),
    /// JSON, but no object.
    Shape(Value),
    /// No fault has such a field.
    Field(String),
    Value {
        name: &'static str,
        allowed: &'static str,
        found: Value,
    },
    NoAction,
    TwoActions(&'static str, &'static str),
    /// A field that only an answer has.
    Misplaced(&'static str),
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the body is empty: send a fault such as {\"respond\": 503}"),
            Self::Json(error) => write!(f, "the body is not JSON: {error}"),
            Self::Shape(found) => write!(
                f,
                "a fault is an object such as {{\"respond\": 503}}, not {}",
                shown(found)
            ),
            Self::Field(name) => unknown_field(name, f),
            Self::Value { name, allowed, found } => write!(f, "`{name}` must be {allowed}, not {}", shown(found)),
            Self::NoAction => f.write_str(
                "the fault does not say what happens: give one of `respond`: 503, `delay`: \"10s\", `hang`: true, \
                 `close`: \"before\" and `close`: \"after\"",
            ),
            Self::TwoActions(first, second) => write!(
                f,
                "a fault does one thing, not both `{first}` and `{second}`: install two faults"
            ),
            Self::Misplaced(name) => write!(f, "only an answer has a `{name}`: it belongs to `respond`"),
        }
    }
}

fn unknown_field(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let quoted = cut(name);
    if matches!(name, "connect" | "cut") {
        return write!(
            f,
            "`{quoted}` happens below HTTP, where only a scenario can make it: use `close` here"
        );
    }
    match meant(name) {
        Some(meant) => write!(f, "there is no field `{quoted}`: did you mean `{meant}`?"),
        None => write!(f, "there is no field `{quoted}`: the fields are {}", FIELDS.join(", ")),
    }
}

/// The field that someone who wrote this one may have meant: what other tools call it, else the one spelt most like it.
fn meant(name: &str) -> Option<&'static str> {
    /// Longer names are not compared: nobody mistypes that much.
    const LONGEST: usize = 30;
    /// How alike two names must be, of 1.
    const ALIKE: f64 = 0.6;
    if name.len() > LONGEST {
        return None;
    }
    let name = name.to_lowercase().replace(['-', ' '], "_");
    match name.as_str() {
        "status" | "status_code" | "statuscode" | "code" | "response" | "answer" => return Some("respond"),
        "latency" | "sleep" | "wait" | "duration" => return Some("delay"),
        "count" | "repeat" | "limit" | "n" => return Some("times"),
        "url" | "endpoint" | "route" => return Some("path"),
        "timeout" => return Some("hang"),
        _ => {}
    }
    FIELDS
        .into_iter()
        .map(|field| (strsim::normalized_damerau_levenshtein(&name, field), field))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, field)| field)
}

fn shown(value: &Value) -> String {
    cut(&value.to_string())
}

/// Cut where it would drown the message.
fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_finds_the_field_that_was_meant() {
        for (written, field) in [
            ("respnd", "respond"),
            ("status", "respond"),
            ("Retry-After", "retry_after"),
            ("retryAfter", "retry_after"),
            ("time", "times"),
            ("latency", "delay"),
        ] {
            assert_eq!(meant(written), Some(field), "{written}");
        }
        assert_eq!(meant("colour"), None);
        assert_eq!(meant(&"respond".repeat(100_000)), None);
    }

    #[test]
    fn a_long_value_is_cut() {
        let found = Value::from("é".repeat(500));
        assert!(Mistake::Shape(found).to_string().chars().count() < 150);
    }
}
