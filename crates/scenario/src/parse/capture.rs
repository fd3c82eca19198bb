//! `capture:` and `set:`: names for values that there are only when the scenario is played.

use expectation::read::{Fields, help, quoted, text};
use expectation::tree::{Entry, Node};
use expectation::{Diagnostic, Section};

use super::context::Context;
use crate::scenario::{Action, Binding, Capture};
use crate::template::Path;

/// What the message sent last is called in a capture.
pub(crate) const MESSAGE: &str = "message";

/// `capture: { name: path }`.
pub(super) fn capture(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let example = "write one such as `capture: { visitor: conversions[0].visitor }`";
    let fields = named(node, "capture", example, cx)?;
    let captures = fields.entries.iter().filter_map(|entry| one(entry, cx)).collect();
    Some(Action::Capture(captures))
}

fn one(entry: &Entry, cx: &mut Context<'_>) -> Option<Capture> {
    let is_new = cx.define(&entry.key, entry.at);
    let place = format!("capture.{}", entry.key);
    let written = text(&entry.value, &place, cx.sink)?;
    let at = entry.value.at;
    let sources: Vec<&str> = Section::ALL
        .iter()
        .map(|section| section.as_str())
        .chain([MESSAGE])
        .collect();
    match Path::parse(written) {
        Some(path) if sources.contains(&path.root.as_str()) => is_new.then(|| Capture {
            at,
            name: entry.key.clone(),
            path,
        }),
        Some(path) => {
            let mistake = Diagnostic::new(
                at,
                format!("there is nothing called {} to capture from", quoted(&path.root)),
            );
            cx.sink.push(mistake.help(help(&path.root, &sources)));
            None
        }
        None => {
            let mistake = Diagnostic::new(at, format!("{} leads nowhere", quoted(written)));
            let help = "write where the value stands, such as `conversions[0].visitor`, `visits[-1].page` or `message.messageId`";
            cx.sink.push(mistake.help(help));
            None
        }
    }
}

/// `set: { name: value }`.
pub(super) fn set(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let fields = named(node, "set", "write one such as `set: { order: \"{{uuid}}\" }`", cx)?;
    let mut bindings = Vec::new();
    for entry in fields.entries {
        // Looked at before the name is known, so that nothing is made of itself.
        cx.fill(&entry.value);
        if cx.define(&entry.key, entry.at) {
            bindings.push(Binding {
                name: entry.key.clone(),
                value: entry.value.clone(),
            });
        }
    }
    Some(Action::Set(bindings))
}

fn named<'n>(node: &'n Node, step: &str, example: &str, cx: &mut Context<'_>) -> Option<Fields<'n>> {
    let fields = Fields::any(node, step, cx.sink)?;
    if fields.entries.is_empty() {
        cx.sink
            .push(Diagnostic::new(node.at, format!("`{step}` names nothing")).help(example));
        return None;
    }
    Some(fields)
}
