//! What became of a message on a server, after its walk.

use std::io::{self, Write};

use scenario::printable;
use serde_json::{Value, json};

use super::passage;
use super::walk::Lines;
use crate::commands::explain::Received;

/// The longest text of a server that is shown whole.
const LONGEST: usize = 200;

/// In words, below the stages of the walk.
pub(crate) fn text(out: &mut dyn Write, received: &Received, differences: &[String]) -> io::Result<()> {
    let mut lines = Lines { out };
    lines.plain("server", came_to(received)?)?;
    if let Some(fate) = &received.fate {
        for line in exchanges(fate) {
            lines.more(line)?;
        }
    }
    if received.found > 1 {
        lines.more(namesakes(received))?;
    }
    for (index, difference) in differences.iter().enumerate() {
        if index == 0 {
            lines.stop("differs", difference)?;
        } else {
            lines.more(difference)?;
        }
    }
    Ok(())
}

/// As a member of the walk's object.
pub(crate) fn object(received: &Received, differences: &[String]) -> Value {
    let later = received.later.iter();
    let later = later.map(|message| json!({ "number": message["number"], "verdict": message["verdict"] }));
    json!({
        "url": received.server,
        "number": received.message["number"],
        "received_at": received.message["received_at"],
        "found": received.found,
        "later": later.collect::<Vec<_>>(),
        "fate": received.fate,
        "differences": differences,
    })
}

/// `number 7, received at 2024-01-15T10:00:00.000Z: delivered, 2 attempts, recorded`
fn came_to(received: &Received) -> io::Result<String> {
    let at = received.message["received_at"].as_str().unwrap_or_default();
    let mut line = format!("number {}, received at {}: ", received.message["number"], shown(at)).into_bytes();
    match &received.fate {
        Some(fate) => passage::fate(&mut line, fate)?,
        None => line.write_all(b"what became of it is kept no longer")?,
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Each answer that it got, and where it is recorded.
fn exchanges(fate: &Value) -> Vec<String> {
    let path = fate["path"].as_str().unwrap_or_default();
    let answers = fate["answers"].as_array().into_iter().flatten().map(|answer| {
        let took = &answer["took_ms"];
        match (&answer["status"], answer["error"].as_str()) {
            (_, Some(error)) => format!("POST {}: {} after {took} ms", shown(path), shown(error)),
            (status, None) => format!("POST {}: {status} after {took} ms", shown(path)),
        }
    });
    let requests = fate["requests"].as_array().into_iter().flatten();
    let requests: Vec<String> = requests.map(Value::to_string).collect();
    let seen = match requests.as_slice() {
        [] => None,
        [one] => Some(format!("the double has it as request {one}")),
        several => Some(format!("the double has it as requests {}", several.join(", "))),
    };
    answers.chain(seen).collect()
}

/// The messages that came later with the same id.
fn namesakes(received: &Received) -> String {
    let later = received.later.iter();
    let later = later.map(|message| {
        let verdict = message["verdict"].as_str().unwrap_or_default();
        format!("number {} ({})", message["number"], shown(verdict))
    });
    let mut later = later.collect::<Vec<_>>().join(", ");
    if received.found > received.later.len() as u64 + 1 {
        later.push_str(" and more");
    }
    format!(
        "{} messages have this id: this is the first, later came {later}",
        received.found
    )
}

fn shown(text: &str) -> String {
    printable(text, LONGEST)
}
