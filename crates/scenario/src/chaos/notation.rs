//! A fault as a step has it.

use serde_json::{Map, Value};

use attribution_mock::Fault;
use pipeline::LinkFault;

use crate::scenario::FaultStep;

/// What stands at the `fault:` of a step that plans this, in one line of YAML.
pub(crate) fn notation(fault: &FaultStep) -> String {
    flow(&Value::Object(words(fault)))
}

fn words(fault: &FaultStep) -> Map<String, Value> {
    match fault {
        FaultStep::Server(fault) => {
            let mut words = fault.to_words();
            let times = words.remove("times");
            // What goes without saying is left out.
            if Fault::from_words(&words).as_ref() != Ok(&**fault) {
                words.extend(times.map(|times| ("times".to_owned(), times)));
            }
            words
        }
        FaultStep::Link { fault, times } => {
            let (word, value) = match fault {
                LinkFault::Refuse => ("connect", Value::from("refuse")),
                LinkFault::Cut { after } => ("cut", Value::from(*after)),
            };
            let mut words = Map::new();
            words.insert(word.to_owned(), value);
            if *times != Some(1) {
                let times = times.map_or_else(|| Value::from("always"), Value::from);
                words.insert("times".to_owned(), times);
            }
            words
        }
    }
}

/// YAML in flow style: as JSON, with blanks and without the quotes that nobody needs.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", flow(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(text) if is_plain(text) => text.clone(),
        _ => value.to_string(),
    }
}

/// Whether a text is the same without quotes: a word or path that means nothing else, or a duration.
fn is_plain(text: &str) -> bool {
    const MEANT_OTHERWISE: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-'))
        && !MEANT_OTHERWISE.contains(&text.to_ascii_lowercase().as_str());
    is_word || clock::duration(text).is_ok()
}
