//! `steps:`, and every other list of steps.

use expectation::read::{help, quoted, set};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Span, printable};

use super::capture;
use super::context::Context;
use super::expect;
use super::file::file;
use super::include::include;
use super::loops::{for_each, parallel, repeat};
use super::snapshot::snapshot;
use super::when::{Decision, when};
use crate::scenario::{Action, Step};

/// The keys of steps, in the order of the language's documentation.
pub(crate) const STEPS: &[&str] = &[
    "page", "identify", "track", "alias", "screen", "group", "wait", "fault", "file", "settle", "expect", "capture",
    "set", "snapshot", "include", "repeat", "for_each", "parallel",
];

/// How deep loops and includes may lie in each other.
const MOST_DEPTH: usize = 16;

/// A list of steps; those that are mistaken are left out, and so are those whose `when` is known not to hold. Nothing
/// only where a mistake was told.
pub(super) fn list(node: &Node, place: &str, cx: &mut Context<'_>) -> Option<Vec<Step>> {
    let items = match &node.shape {
        Shape::Items(items) if !items.is_empty() => items,
        _ => {
            let message = match &node.shape {
                Shape::Items(_) => format!("`{place}` has no step"),
                _ => format!("`{place}` must be a list, not {}", node.what(cx.sink.syntax())),
            };
            let mistake = Diagnostic::new(node.at, message);
            cx.sink
                .push(mistake.help("begin each step with `- `, such as `- page: { anonymousId: a }`"));
            return None;
        }
    };
    Some(items.iter().filter_map(|item| step(item, cx)).collect())
}

/// Reads steps that lie inside another one.
pub(super) fn block<T>(at: Span, cx: &mut Context<'_>, read: impl FnOnce(&mut Context<'_>) -> Option<T>) -> Option<T> {
    if cx.depth == MOST_DEPTH {
        let mistake = Diagnostic::new(
            at,
            format!("loops and includes lie more than {MOST_DEPTH} deep in each other"),
        );
        cx.sink
            .push(mistake.help("play steps one after the other instead, or put fewer into each other"));
        return None;
    }
    cx.depth += 1;
    let found = read(cx);
    cx.depth -= 1;
    found
}

fn step(node: &Node, cx: &mut Context<'_>) -> Option<Step> {
    let (entry, condition) = keys(node, cx.sink)?;
    let condition = match condition.map(|entry| when(&entry.value, cx)) {
        Some(Decision::Never) => return None,
        Some(Decision::Later(condition)) => Some(condition),
        Some(Decision::Always) | None => None,
    };
    let Some(name) = STEPS.iter().find(|name| **name == entry.key) else {
        let mistake = Diagnostic::new(entry.at, format!("there is no step {}", quoted(&entry.key)));
        cx.sink.push(mistake.help(help(&entry.key, STEPS)));
        return None;
    };
    let action = action(name, &entry.value, cx)?;
    Some(Step {
        at: node.at,
        when: condition,
        action,
    })
}

fn action(name: &'static str, value: &Node, cx: &mut Context<'_>) -> Option<Action> {
    match name {
        "wait" | "fault" | "expect" => expect::read(name, value, cx),
        "file" => {
            let filled = cx.fill_now(value, "file")?;
            let (files, open) = (cx.files, cx.folder());
            let beside = |path: &str| super::include::beside(&open, path);
            cx.read(&filled, |node, sink| file(node, &beside, files, sink))
        }
        "settle" if value.shape == Shape::Null => Some(Action::Settle),
        "settle" => set(value, "settle", "leave the step out", cx.sink).map(|()| Action::Settle),
        "capture" => capture::capture(value, cx),
        "set" => capture::set(value, cx),
        "snapshot" => snapshot(value, cx),
        "include" => include(value, cx),
        "repeat" => repeat(value, cx),
        "for_each" => for_each(value, cx),
        "parallel" => parallel(value, cx),
        kind => {
            let whole = cx.defaults.under(kind, value);
            expect::read(kind, whole.as_ref().unwrap_or(value), cx)
        }
    }
}

/// The one key of a step, and its `when` if it has one.
fn keys<'a>(node: &'a Node, sink: &mut Sink) -> Option<(&'a Entry, Option<&'a Entry>)> {
    let mistake = match &node.shape {
        Shape::Entries(entries) => {
            let condition = entries.iter().find(|entry| entry.key == "when");
            let mut others = entries.iter().filter(|entry| entry.key != "when");
            match (others.next(), others.next()) {
                (Some(only), None) => return Some((only, condition)),
                (Some(first), Some(second)) => two_keys(first, second),
                (None, _) if condition.is_some() => Diagnostic::new(node.at, "the step has a `when` and nothing else")
                    .help("write what is done beside it, such as `{ when: { dialect: actions }, settle: }`"),
                (None, _) => Diagnostic::new(node.at, "the step is empty").help(help("", STEPS)),
            }
        }
        Shape::Text(text) => Diagnostic::new(node.at, "a step is a mapping with one key, not text").help(meant(text)),
        _ => Diagnostic::new(
            node.at,
            format!("a step is a mapping with one key, not {}", node.what(sink.syntax())),
        )
        .help("write one such as `- page: { anonymousId: a }`"),
    };
    sink.push(mistake);
    None
}

/// What to write instead of a step without a colon.
fn meant(text: &str) -> String {
    let (key, value) = text.split_once([' ', ':']).unwrap_or((text, ""));
    match STEPS.iter().find(|step| **step == key) {
        Some(key) if value.is_empty() => format!("write `- {key}:`"),
        Some(key) => format!(
            "write `- {key}: {}`, with a blank after the colon",
            printable(value.trim(), 60)
        ),
        None => "write one such as `- page: { anonymousId: a }`".to_owned(),
    }
}

/// Either a missing `-`, or a body that was not indented.
fn two_keys(first: &Entry, second: &Entry) -> Diagnostic {
    let (name, other) = (quoted(&first.key), quoted(&second.key));
    let help = if STEPS.contains(&second.key.as_str()) {
        format!("begin the next step with `- `: `- {}:`", second.key)
    } else {
        format!("indent {other} further than {name}, if it belongs to it")
    };
    Diagnostic::new(second.at, format!("the step {name} has a second key {other}")).help(help)
}
