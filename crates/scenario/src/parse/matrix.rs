//! `matrix:`: one file, every combination.

use expectation::read::{Fields, quoted};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Span};

use super::context::Context;
use super::settings::KEYS as SETTINGS;

/// How many combinations one file may have.
const MOST: usize = 256;

/// One thing that varies.
pub(super) struct Axis {
    name: String,
    at: Span,
    values: Vec<(String, Node)>,
}

/// One value of each axis.
#[derive(Clone, Default)]
pub(super) struct Combination {
    pub(super) choices: Vec<Choice>,
}

/// The value that one axis has in a combination.
#[derive(Clone)]
pub(super) struct Choice {
    /// The axis.
    pub(super) name: String,
    at: Span,
    /// What the value is called.
    pub(super) label: String,
    /// The value.
    pub(super) value: Node,
}

impl Combination {
    /// Makes each choice known by its name, once what it takes from the environment is filled in.
    pub(super) fn define(&mut self, cx: &mut Context<'_>) {
        for choice in &mut self.choices {
            if !cx.is_free(&choice.name, choice.at) {
                continue;
            }
            let place = format!("matrix.{}", choice.name);
            if let Some(filled) = cx.fill_now(&choice.value, &place) {
                choice.value = filled.node.into_owned();
                cx.variables.set(&choice.name, choice.value.to_value());
            }
        }
    }

    /// `[dialect=actions strict=false]`, or nothing where nothing varies.
    pub(super) fn label(&self) -> Option<String> {
        let choices: Vec<String> = self
            .choices
            .iter()
            .map(|one| format!("{}={}", one.name, one.label))
            .collect();
        (!choices.is_empty()).then(|| format!("[{}]", choices.join(" ")))
    }

    /// Each axis with what its value is called.
    pub(super) fn words(&self) -> Vec<(String, String)> {
        let choices = self.choices.iter();
        choices
            .map(|choice| (choice.name.clone(), choice.label.clone()))
            .collect()
    }

    /// The settings with those that vary.
    pub(super) fn settings(&self, node: Option<&Node>, at: Span, sink: &mut Sink) -> Option<Node> {
        let varying = self
            .choices
            .iter()
            .filter(|choice| SETTINGS.contains(&choice.name.as_str()));
        let mut entries = match node {
            Some(Node {
                shape: Shape::Entries(entries),
                ..
            }) => entries.clone(),
            // Not a mapping, which is told by whoever reads it.
            Some(node) => return Some(node.clone()),
            None => Vec::new(),
        };
        for choice in varying {
            if let Some(twice) = entries.iter().find(|entry| entry.key == choice.name) {
                let message = format!(
                    "{} is set by the matrix too",
                    quoted(&format!("settings.{}", choice.name))
                );
                sink.push(Diagnostic::new(twice.at, message).help("take it out of one of the two"));
                continue;
            }
            entries.push(Entry {
                at: choice.at,
                key: choice.name.clone(),
                value: choice.value.clone(),
            });
        }
        if entries.is_empty() && node.is_none() {
            return None;
        }
        let at = node.map_or(at, |node| node.at);
        let shape = Shape::Entries(entries);
        Some(Node { at, shape })
    }
}

/// Every combination, the first axis changing slowest; a single one without choices where there is no matrix.
pub(super) fn combinations(node: Option<&Node>, sink: &mut Sink) -> Vec<Combination> {
    let Some(node) = node else {
        return vec![Combination::default()];
    };
    let axes = axes(node, sink);
    let count = axes
        .iter()
        .fold(1_usize, |count, axis| count.saturating_mul(axis.values.len()));
    if count > MOST {
        let mistake = Diagnostic::new(node.at, format!("the matrix has {count} combinations"));
        sink.push(mistake.help(format!(
            "leave some out: there can be {MOST}; what never depends on each other can vary in a file of its own"
        )));
        return vec![Combination::default()];
    }
    let mut all = vec![Combination::default()];
    for axis in &axes {
        all = all.iter().flat_map(|before| extended(before, axis)).collect();
    }
    all
}

fn extended<'a>(before: &'a Combination, axis: &'a Axis) -> impl Iterator<Item = Combination> + 'a {
    axis.values.iter().map(|(label, value)| {
        let mut combination = before.clone();
        combination.choices.push(Choice {
            name: axis.name.clone(),
            at: axis.at,
            label: label.clone(),
            value: value.clone(),
        });
        combination
    })
}

fn axes(node: &Node, sink: &mut Sink) -> Vec<Axis> {
    let Some(fields) = Fields::any(node, "matrix", sink) else {
        return Vec::new();
    };
    if fields.entries.is_empty() {
        let mistake = Diagnostic::new(node.at, "`matrix` varies nothing");
        sink.push(mistake.help("write what varies, such as `matrix: { dialect: [classic, actions] }`"));
    }
    fields.entries.iter().filter_map(|entry| axis(entry, sink)).collect()
}

fn axis(entry: &Entry, sink: &mut Sink) -> Option<Axis> {
    let values: Vec<(String, Node)> = match &entry.value.shape {
        Shape::Items(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (label(index, item), item.clone()))
            .collect(),
        Shape::Entries(entries) => entries
            .iter()
            .map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect(),
        _ => Vec::new(),
    };
    let place = format!("matrix.{}", entry.key);
    if values.is_empty() {
        let mistake = Diagnostic::new(entry.value.at, format!("{} must be a list of values", quoted(&place)));
        sink.push(mistake.help(format!(
            "write one such as `{}: [a, b]`, or a mapping that names each value",
            entry.key
        )));
        return None;
    }
    if let Some((_, (twice, node))) = values
        .iter()
        .enumerate()
        .find(|(index, (label, _))| values[..*index].iter().any(|(earlier, _)| earlier == label))
    {
        let mistake = Diagnostic::new(node.at, format!("{} has {} twice", quoted(&place), quoted(twice)));
        sink.push(mistake.help("keep one of the two"));
        return None;
    }
    Some(Axis {
        name: entry.key.clone(),
        at: entry.at,
        values,
    })
}

/// What a value of a list is called: itself, or its number where that would be long.
fn label(index: usize, node: &Node) -> String {
    match &node.shape {
        Shape::Items(_) | Shape::Entries(_) => (index + 1).to_string(),
        Shape::Text(text) => expectation::printable(text, 30),
        _ => node.to_value().to_string(),
    }
}
