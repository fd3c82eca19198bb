//! One event of a pipeline in one line of words.

use std::io::{self, Write};

use scenario::printable;
use serde_json::Value;

/// `7 10:00:01.250 track "sign up" of user-1: delivered, 2 attempts, recorded, flagged (ATT012)`
pub(crate) fn line(out: &mut impl Write, event: &Value) -> io::Result<()> {
    let text = |key: &str| event[key].as_str().unwrap_or_default();
    let time = text("received_at").split_once('T').map_or("", |(_, time)| time);
    write!(
        out,
        "{} {} {}",
        event["number"],
        time.trim_end_matches('Z'),
        kind(event)
    )?;
    if let Some(name) = event["name"].as_str() {
        write!(out, " {}", quoted(name))?;
    }
    if let Some(who) = event["user_id"].as_str().or(event["anonymous_id"].as_str()) {
        write!(out, " of {}", shown(who))?;
    }
    if let Some(project) = event["project"].as_str() {
        write!(out, " for {}", shown(project))?;
    }
    write!(out, ": ")?;
    fate(out, event)?;
    writeln!(out)
}

/// `delivered, 2 attempts, recorded, flagged (ATT012)`
pub(crate) fn fate(out: &mut impl Write, event: &Value) -> io::Result<()> {
    let stage = event["stage"].as_str().unwrap_or_default();
    write!(out, "{}", shown(&stage.replace('_', " ")))?;
    if let Some(attempts) = event["attempts"].as_u64().filter(|attempts| *attempts != 1) {
        write!(out, ", {attempts} attempts")?;
    }
    let reached = event["stages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    for stage in reached.filter(|stage| matches!(*stage, "recorded" | "flagged")) {
        write!(out, ", {stage}")?;
    }
    let rules: Vec<&str> = event["rules"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !rules.is_empty() {
        write!(out, " ({})", rules.join(", "))?;
    }
    why(out, event)
}

fn kind(event: &Value) -> String {
    match (event["type"].as_str(), event["messages"].as_u64()) {
        (_, Some(messages)) => format!("{messages} messages"),
        (Some(kind), None) => kind.to_owned(),
        (None, None) => "message".to_owned(),
    }
}

/// Why it came no further.
fn why(out: &mut impl Write, event: &Value) -> io::Result<()> {
    let problems = ["rejections", "errors"]
        .iter()
        .filter_map(|key| event[*key].as_array())
        .flatten();
    let mut lead = "; ";
    for problem in problems {
        let text = |key: &str| shown(problem[key].as_str().unwrap_or_default());
        write!(
            out,
            "{lead}{} at {:?}: {}",
            text("code"),
            text("pointer"),
            text("message")
        )?;
        lead = "; ";
    }
    for key in ["code", "reason"] {
        if let Some(reason) = event[key].as_str() {
            write!(out, "{lead}{}", shown(reason))?;
            lead = ": ";
        }
    }
    Ok(())
}

/// In quotes, on one line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}

/// More of a text than this is not shown.
const LONGEST: usize = 200;

/// A sender can't write to the terminal of whoever looks.
fn shown(text: &str) -> String {
    printable(text, LONGEST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(event: &Value, expected: &str) {
        let mut out = Vec::new();
        line(&mut out, event).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("{expected}\n"));
    }

    #[test]
    fn an_event_is_a_line_that_says_how_far_it_came_and_why_no_further() {
        let at = "2024-01-15T10:00:01.250Z";
        check(
            &json!({
                "number": 7, "received_at": at, "type": "track", "name": "sign up", "user_id": "user-1",
                "stage": "delivered", "stages": ["received", "delivered", "recorded", "flagged"], "attempts": 2,
                "rules": ["ATT012"],
            }),
            r#"7 10:00:01.250 track "sign up" of user-1: delivered, 2 attempts, recorded, flagged (ATT012)"#,
        );
        check(
            &json!({
                "number": 8, "received_at": at, "anonymous_id": "a\u{1b}[31m", "project": "shop", "stage": "rejected",
                "rejections": [{"code": "type_invalid", "pointer": "/type", "message": "type is missing"}],
            }),
            r#"8 10:00:01.250 message of a\u{1b}[31m for shop: rejected; type_invalid at "/type": type is missing"#,
        );
        check(
            &json!({
                "number": 9, "received_at": at, "type": "group", "stage": "skipped", "code": "UNSUPPORTED_EVENT_TYPE",
                "reason": "never sent",
            }),
            "9 10:00:01.250 group: skipped; UNSUPPORTED_EVENT_TYPE: never sent",
        );
        check(
            &json!({"number": 10, "received_at": at, "messages": 2501, "stage": "pending_retry", "attempts": 1}),
            "10 10:00:01.250 2501 messages: pending retry",
        );
    }
}
