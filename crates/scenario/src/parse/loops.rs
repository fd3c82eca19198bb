//! `repeat:`, `for_each:` and `parallel:`. What they hold is read once and played as often as they say.

use std::sync::Arc;

use expectation::read::{Fields, nearest, text};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Span};
use serde_json::Value;

use super::context::Context;
use super::rows;
use super::steps::{block, list};
use crate::scenario::{Action, Step, Times};

/// How many steps are played at most: what is more was hardly meant, and would take minutes.
pub(crate) const MOST_PLAYED: u64 = 1_000_000;

const REPEAT: &str = "write `repeat: { times: 3, steps: […] }`";

const FOR_EACH: &str = "write `for_each: { rows: [{ … }], steps: […] }`, or `file: rows.csv` instead of `rows`";

/// `repeat: { times, steps }`.
pub(super) fn repeat(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let fields = Fields::of(node, "repeat", &["times", "steps"], cx.sink)?;
    let times = required(fields, "repeat", "times", REPEAT, cx.sink).and_then(|node| times(node, cx));
    let steps = required(fields, "repeat", "steps", REPEAT, cx.sink);
    let steps = steps.and_then(|node| body(node, "index", None, cx));
    let action = Action::Repeat {
        times: times?,
        steps: steps?,
    };
    bounded(action, fields.get("times").map_or(node.at, |node| node.at), cx)
}

/// `for_each: { rows | file, as, steps }`.
pub(super) fn for_each(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let fields = Fields::of(node, "for_each", &["rows", "file", "as", "steps"], cx.sink)?;
    let rows = match (fields.get("rows"), fields.entry("file")) {
        (Some(rows), None) => inline(rows, cx),
        (None, Some(file)) => rows::of_file(&file.value, cx),
        (Some(_), Some(file)) => {
            let mistake = Diagnostic::new(file.at, "`for_each` has both `rows` and `file`");
            cx.sink.push(mistake.help("keep one of the two"));
            None
        }
        (None, None) => {
            let mistake = Diagnostic::new(node.at, "`for_each` has neither `rows` nor `file`");
            cx.sink.push(mistake.help(FOR_EACH));
            None
        }
    };
    let name = match fields.get("as") {
        Some(node) => text(node, "for_each.as", cx.sink).filter(|name| cx.is_free(name, node.at)),
        None => Some("row"),
    };
    let steps = required(fields, "for_each", "steps", FOR_EACH, cx.sink);
    let steps = steps.and_then(|node| body(node, "index", Some(name.unwrap_or("row")), cx));
    let action = Action::ForEach {
        name: name?.to_owned(),
        rows: rows?,
        steps: steps?,
    };
    bounded(action, node.at, cx)
}

/// `parallel: […]`: calls only, because nothing else can happen while none of them is awaited.
pub(super) fn parallel(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let steps = block(node.at, cx, |cx| list(node, "parallel", cx))?;
    only_calls(&steps, cx.sink);
    Some(Action::Parallel { steps })
}

fn only_calls(steps: &[Step], sink: &mut Sink) {
    for step in steps {
        match &step.action {
            Action::Call { .. } | Action::File { .. } | Action::Set { .. } => {}
            Action::Late(late) if late.name.parse::<segment_event::Kind>().is_ok() => {}
            Action::Repeat { steps, .. } | Action::ForEach { steps, .. } | Action::Include { steps, .. } => {
                only_calls(steps, sink);
            }
            other => {
                let mistake = Diagnostic::new(step.at, format!("`{}` can't stand in `parallel`", other.name()));
                sink.push(
                    mistake.help("put it before or behind: in `parallel` there are calls, all made at one moment"),
                );
            }
        }
    }
}

fn required<'n>(fields: Fields<'n>, place: &str, key: &str, help: &str, sink: &mut Sink) -> Option<&'n Node> {
    let found = fields.get(key);
    // Told already where the key is only misspelt.
    let misspelt = |entry: &Entry| nearest(&entry.key, &[key]).is_some();
    if found.is_none() && !fields.entries.iter().any(misspelt) {
        sink.push(Diagnostic::new(fields.at, format!("`{place}` has no `{key}`")).help(help));
    }
    found
}

/// The steps of a loop, in which these names have a value.
fn body(node: &Node, index: &str, row: Option<&str>, cx: &mut Context<'_>) -> Option<Vec<Step>> {
    let names: Vec<&str> = std::iter::once(index).chain(row).collect();
    cx.later.extend(names.iter().map(|name| (*name).to_owned()));
    cx.loops += 1;
    let steps = block(node.at, cx, |cx| list(node, "steps", cx));
    cx.loops -= 1;
    for name in names {
        if let Some(last) = cx.later.iter().rposition(|known| known == name) {
            cx.later.remove(last);
        }
    }
    steps
}

fn times(node: &Node, cx: &mut Context<'_>) -> Option<Times> {
    let filled = cx.fill(node);
    if filled.late.is_some() {
        return Some(Times::Late(node.clone()));
    }
    cx.read(&filled, count).map(Times::Known)
}

/// How often, from 0.
pub(crate) fn count(node: &Node, sink: &mut Sink) -> Option<u64> {
    expectation::read::count(node, "repeat.times", sink)
}

/// Refuses what would play more steps than anyone can mean.
fn bounded(action: Action, at: Span, cx: &mut Context<'_>) -> Option<Action> {
    let plays = action.plays();
    if plays <= MOST_PLAYED {
        return Some(action);
    }
    let mistake = Diagnostic::new(at, format!("more than {MOST_PLAYED} steps would be played"));
    cx.sink.push(mistake.label(format!("{plays} of them")).help(
        "repeat less often; loops in each other multiply, and what is under load is better asked with `harness send`",
    ));
    None
}

/// Rows that stand in the scenario itself.
fn inline(node: &Node, cx: &mut Context<'_>) -> Option<Arc<[Value]>> {
    let filled = cx.fill_now(node, "for_each.rows")?;
    match &filled.node.shape {
        Shape::Items(items) if !items.is_empty() => Some(items.iter().map(Node::to_value).collect()),
        _ => {
            let what = filled.node.what(cx.sink.syntax());
            let message = match &filled.node.shape {
                Shape::Items(_) => "`for_each.rows` has no row".to_owned(),
                _ => format!("`for_each.rows` must be a list, not {what}"),
            };
            cx.sink
                .push(Diagnostic::new(node.at, message).help("write one such as `[{ email: ada@example.com }]`"));
            None
        }
    }
}
