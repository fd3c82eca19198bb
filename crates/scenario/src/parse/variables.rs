//! `vars:` and `env:`.

use expectation::read::{Fields, nearest, quoted, text};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Syntax};
use serde_json::{Map, Value};

use super::context::Context;
use super::given::Given;
use crate::scenario::Binding;
use crate::syntax::read;

/// `env:`, the names that are read from the environment, each with what it is where the environment has none.
pub(super) fn environment(node: &Node, given: &Given, cx: &mut Context<'_>) {
    let mut declared = Map::new();
    let mut declare = |name: &str, at, otherwise: Option<&Node>, sink: &mut Sink| {
        let found = given.environment.get(name).map(|value| Value::from(value.as_str()));
        let value = found.or_else(|| otherwise.filter(|node| node.shape != Shape::Null).map(Node::to_value));
        if value.is_none() {
            let mistake = Diagnostic::new(at, format!("the environment has no {}", quoted(name)));
            sink.push(mistake.help(format!(
                "set it, or write `env: {{ {name}: … }}` with what it is otherwise"
            )));
        }
        // Known even so, lest each use is a mistake of its own.
        declared.insert(name.to_owned(), value.unwrap_or_else(|| "…".into()));
    };
    match &node.shape {
        Shape::Items(items) => {
            for item in items {
                if let Some(name) = text(item, "env", cx.sink) {
                    declare(name, item.at, None, cx.sink);
                }
            }
        }
        Shape::Entries(entries) => {
            for entry in entries {
                declare(&entry.key, entry.at, Some(&entry.value), cx.sink);
            }
        }
        _ => {
            let message = format!("`env` must be a list of names, not {}", node.what(cx.sink.syntax()));
            cx.sink
                .push(Diagnostic::new(node.at, message).help("write one such as `env: [SHOP_URL]`"));
        }
    }
    cx.variables.set_environment(declared);
}

/// `vars:`. Those that hold a generator get their value when the scenario begins, and are returned.
pub(super) fn variables(node: Option<&Node>, given: &Given, cx: &mut Context<'_>) -> Vec<Binding> {
    let mut bindings = Vec::new();
    let fields = node.and_then(|node| Fields::any(node, "vars", cx.sink));
    for entry in fields.iter().flat_map(|fields| fields.entries) {
        if cx.variables.get(&entry.key).is_some() {
            let mistake = Diagnostic::new(entry.at, format!("{} is set by the matrix too", quoted(&entry.key)));
            cx.sink
                .push(mistake.help("take another name, or take it out of `vars`"));
        } else if cx.is_free(&entry.key, entry.at) {
            bindings.extend(variable(entry, given, cx));
        }
    }
    if let Some(fields) = fields {
        misspelt(fields, given, cx);
    }
    bindings
}

fn variable(entry: &Entry, given: &Given, cx: &mut Context<'_>) -> Option<Binding> {
    if let Some(written) = given.variables.get(&entry.key) {
        cx.variables.set(&entry.key, taken(written, &entry.value));
        return None;
    }
    if entry.value.shape == Shape::Null {
        let mistake = Diagnostic::new(entry.at, format!("the variable {} has no value", quoted(&entry.key)));
        cx.sink.push(mistake.help(format!(
            "write one behind the colon, or give it with `--var {}=…`",
            entry.key
        )));
        cx.later.push(entry.key.clone());
        return None;
    }
    let filled = cx.fill(&entry.value);
    if filled.late.is_some() {
        cx.later.push(entry.key.clone());
        return Some(Binding {
            name: entry.key.clone(),
            value: entry.value.clone(),
        });
    }
    let value = filled.node.to_value();
    cx.variables.set(&entry.key, value);
    None
}

/// A value from outside, as the variable's own: text stays text, of everything else YAML says what it is.
fn taken(written: &str, declared: &Node) -> Value {
    if written.is_empty() || matches!(declared.shape, Shape::Text(_)) {
        return written.into();
    }
    let mut sink = Sink::new(Syntax::Yaml);
    match read(written, &mut sink) {
        Ok(node) if sink.is_empty() => node.to_value(),
        _ => written.into(),
    }
}

/// A name that was given and is nearly one that is declared. Others may be meant for another scenario.
fn misspelt(fields: Fields<'_>, given: &Given, cx: &mut Context<'_>) {
    let declared: Vec<&str> = fields.entries.iter().map(|entry| entry.key.as_str()).collect();
    let open: Vec<&str> = declared
        .iter()
        .copied()
        .filter(|name| !given.variables.contains_key(*name))
        .collect();
    let strangers = given.variables.keys().filter(|name| !declared.contains(&name.as_str()));
    for name in strangers {
        if let Some(near) = nearest(name, &open) {
            let at = fields.entry(near).map_or(fields.at, |entry| entry.at);
            let mistake = Diagnostic::new(
                at,
                format!(
                    "`--var {}` is no variable of this scenario",
                    expectation::printable(name, 60)
                ),
            );
            cx.sink.push(mistake.help(format!("did you mean `--var {near}=…`?")));
        }
    }
}
