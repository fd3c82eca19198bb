//! `steps:`.

use attribution_destination::Dialect;
use expectation::read::{help, quoted, set};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Expectations, Section, Sink, printable};
use segment_event::Kind;

use super::call::call;
use super::fault::fault;
use super::file::file;
use super::wait::wait;
use crate::files::Files;
use crate::scenario::{Action, Step};

const STEPS: &[&str] = &[
    "page", "identify", "track", "alias", "screen", "group", "wait", "fault", "file", "settle", "expect",
];

/// What steps are read with.
#[derive(Clone, Copy)]
pub(super) struct Steps<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) dialect: Dialect,
}

/// The list of steps; those that are mistaken are left out.
pub(super) fn steps(node: &Node, context: Steps<'_>, sink: &mut Sink) -> Vec<Step> {
    let items = match &node.shape {
        Shape::Items(items) if !items.is_empty() => items,
        _ => {
            let message = match &node.shape {
                Shape::Items(_) => "`steps` has no step".to_owned(),
                _ => format!("`steps` must be a list, not {}", node.what(sink.syntax())),
            };
            sink.push(
                Diagnostic::new(node.at, message)
                    .help("begin each step with `- `, such as `- page: { anonymousId: a }`"),
            );
            return Vec::new();
        }
    };
    items.iter().filter_map(|item| step(item, context, sink)).collect()
}

fn step(node: &Node, context: Steps<'_>, sink: &mut Sink) -> Option<Step> {
    let entry = only_key(node, sink)?;
    let value = &entry.value;
    let action = match entry.key.as_str() {
        "wait" => Action::Wait(wait(value, "wait", sink)?),
        "fault" => Action::Fault(fault(value, context.dialect, sink)?),
        "file" => file(value, context.files, sink)?,
        "expect" => Action::Expect(Expectations::read(value, &Section::ALL, sink)?),
        "settle" if value.shape == Shape::Null => Action::Settle,
        "settle" => set(value, "settle", "leave the step out", sink).map(|()| Action::Settle)?,
        name => {
            let Ok(kind) = name.parse::<Kind>() else {
                let mistake = Diagnostic::new(entry.at, format!("there is no step {}", quoted(name)));
                sink.push(mistake.help(help(name, STEPS)));
                return None;
            };
            Action::Call {
                kind,
                message: call(kind, value, sink)?,
            }
        }
    };
    Some(Step { at: node.at, action })
}

/// The one key of a step.
fn only_key<'a>(node: &'a Node, sink: &mut Sink) -> Option<&'a Entry> {
    let mistake = match &node.shape {
        Shape::Entries(entries) => match entries.as_slice() {
            [only] => return Some(only),
            [first, second, ..] => two_keys(first, second),
            [] => Diagnostic::new(node.at, "the step is empty").help(help("", STEPS)),
        },
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
