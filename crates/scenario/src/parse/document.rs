//! The top level of a scenario file.

use std::path::Path;
use std::sync::Arc;

use expectation::read::{Fields, filled, nearest, unknown};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Expectations, Section, Sink, Source, Syntax};
use jiff::Timestamp;

use super::engage::engage;
use super::settings::{link, settings};
use super::start::start;
use super::steps::{Steps, steps};
use crate::ScenarioError;
use crate::files::Files;
use crate::scenario::{LinkSettings, Scenario, ScenarioSettings};
use crate::syntax::read;

const KEYS: &[&str] = &[
    "name",
    "description",
    "start",
    "settings",
    "link",
    "engage",
    "steps",
    "expect",
];

/// The virtual wall clock of a scenario that sets none: a Monday morning without any change of clocks near it.
const START: Timestamp = Timestamp::constant(1_705_312_800, 0);

const EXAMPLE: &str = "a scenario has `steps:`, such as `steps: [{ page: { anonymousId: a } }]`, and what to `expect:`";

/// Reads a scenario, with the files that its `file:` steps name.
///
/// # Errors
///
/// Every mistake found, in the order of their places.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
///
/// use scenario::{Source, parse};
///
/// let text = "steps:\n  - tarck: { userId: u, event: Signed Up }\n";
/// let source = Arc::new(Source { name: "a.yaml".to_owned(), text: text.to_owned() });
/// let error = parse(source, &BTreeMap::new()).unwrap_err();
/// assert_eq!(error.diagnostics[0].help.as_deref(), Some("did you mean `track`?"));
/// ```
pub fn parse(source: Arc<Source>, files: &dyn Files) -> Result<Scenario, ScenarioError> {
    let mut sink = Sink::new(Syntax::Yaml);
    let scenario = match read(&source.text, &mut sink) {
        Ok(node) => document(&node, &source, files, &mut sink),
        Err(mistake) => {
            sink.push(mistake);
            None
        }
    };
    match scenario {
        Some(scenario) if sink.is_empty() => Ok(scenario),
        _ => Err(ScenarioError::new(source, sink)),
    }
}

/// Nothing only where a mistake was reported.
fn document(node: &Node, source: &Arc<Source>, files: &dyn Files, sink: &mut Sink) -> Option<Scenario> {
    if node.shape == Shape::Null {
        sink.push(Diagnostic::new(node.at, "the scenario is empty").help(EXAMPLE));
        return None;
    }
    let Shape::Entries(entries) = &node.shape else {
        let mistake = Diagnostic::new(
            node.at,
            format!("a scenario is a mapping, not {}", node.what(sink.syntax())),
        );
        sink.push(match &node.shape {
            Shape::Text(text) if is_key_without_blank(text) => mistake.help("put a blank after the colon"),
            _ => mistake.help(EXAMPLE),
        });
        return None;
    };
    let fields = Fields { at: node.at, entries };
    for entry in fields
        .entries
        .iter()
        .filter(|entry| !KEYS.contains(&entry.key.as_str()))
    {
        sink.push(unknown(entry, "a scenario", KEYS));
    }
    let name = fields.get("name").and_then(|node| filled(node, "name", sink));
    let description = fields
        .get("description")
        .and_then(|node| filled(node, "description", sink));
    let start = fields.get("start").and_then(|node| start(node, sink));
    let settings = fields
        .get("settings")
        .map_or_else(ScenarioSettings::default, |node| settings(node, sink));
    let link = fields
        .get("link")
        .map_or_else(LinkSettings::default, |node| link(node, sink));
    let engage = fields.get("engage").and_then(|node| engage(node, sink));
    let context = Steps {
        files,
        dialect: settings.dialect,
    };
    let steps = fields.get("steps").map(|node| steps(node, context, sink));
    // Told already where the key is only misspelt.
    let misspelt = |entry: &Entry| nearest(&entry.key, KEYS) == Some("steps");
    if steps.is_none() && !fields.entries.iter().any(misspelt) {
        sink.push(Diagnostic::new(node.at, "the scenario has no `steps`").help(EXAMPLE));
    }
    let expect = fields
        .get("expect")
        .and_then(|node| Expectations::read(node, &Section::ALL, sink));
    Some(Scenario {
        name: name.map_or_else(|| stem(&source.name), str::to_owned),
        description: description.map(str::to_owned),
        source: Arc::clone(source),
        start: start.unwrap_or(START),
        settings,
        link,
        engage,
        steps: steps.unwrap_or_default(),
        expect,
    })
}

fn is_key_without_blank(text: &str) -> bool {
    text.split_once(':').is_some_and(|(key, _)| KEYS.contains(&key))
}

/// The file's name without folder and extension.
fn stem(name: &str) -> String {
    Path::new(name)
        .file_stem()
        .map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}
