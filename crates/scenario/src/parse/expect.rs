//! `expect:`, of a step and at the end.

use expectation::read::wrong;
use expectation::tree::{Entry, Node, Shape};
use expectation::{Expectations, Section, Sink};
use serde_json::Number;

use super::context::Context;
use super::late::simple;
use super::report;
use super::wait::wait;
use super::when::{Decision, when};
use crate::scenario::{Action, Late, Look, Step};

/// The closing `expect`: one, or a list of which each may say when it holds.
pub(super) fn closing(node: &Node, cx: &mut Context<'_>) -> Vec<Step> {
    match &node.shape {
        Shape::Items(items) => items.iter().filter_map(|item| look(item, cx)).collect(),
        _ => look(node, cx).into_iter().collect(),
    }
}

fn look(node: &Node, cx: &mut Context<'_>) -> Option<Step> {
    let (condition, rest) = apart(node);
    let condition = match condition {
        Some(entry) => match when(&entry.value, cx) {
            Decision::Never => return None,
            Decision::Always => None,
            Decision::Later(condition) => Some(condition),
        },
        None => None,
    };
    let action = read("expect", &rest, cx)?;
    Some(Step {
        at: node.at,
        when: condition,
        action,
    })
}

/// The `when` of an `expect`, and the same without it.
fn apart(node: &Node) -> (Option<&Entry>, std::borrow::Cow<'_, Node>) {
    let Shape::Entries(entries) = &node.shape else {
        return (None, std::borrow::Cow::Borrowed(node));
    };
    let Some(found) = entries.iter().find(|entry| entry.key == "when") else {
        return (None, std::borrow::Cow::Borrowed(node));
    };
    let rest = entries.iter().filter(|entry| entry.key != "when").cloned().collect();
    let shape = Shape::Entries(rest);
    (Some(found), std::borrow::Cow::Owned(Node { at: node.at, shape }))
}

/// A step that may hold placeholders: as it is where all are known, or to be read again when it is played.
pub(super) fn read(name: &'static str, node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let filled = cx.fill(node);
    let dialect = cx.dialect;
    let action = cx.read(&filled, |node, sink| {
        simple(name, std::borrow::Cow::Borrowed(node), dialect, sink)
    });
    if filled.late.is_some() {
        let node = node.clone();
        return Some(Action::Late(Box::new(Late { name, node })));
    }
    action
}

/// What is expected, in the words of the crate `expectation` and more: `delivered_within: 30s`, and what a report is asked
/// for.
pub(super) fn expectations(node: &Node, sink: &mut Sink) -> Option<Look> {
    let (asked, rest) = report::apart(node, sink);
    let expectations = Expectations::read(&in_seconds(&rest, sink), &Section::ALL, sink)?;
    Some(Look { expectations, asked })
}

/// The same with the duration of `deliveries.delivered_within` as so many seconds at most.
fn in_seconds<'n>(node: &'n Node, sink: &mut Sink) -> std::borrow::Cow<'n, Node> {
    let within = |node: &Node| match &node.shape {
        Shape::Entries(entries) => entries.iter().position(|entry| entry.key == "delivered_within"),
        _ => None,
    };
    let place = match &node.shape {
        Shape::Entries(entries) => entries
            .iter()
            .position(|entry| entry.key == "deliveries")
            .and_then(|outer| Some((outer, within(&entries[outer].value)?))),
        _ => None,
    };
    let Some((outer, inner)) = place else {
        return std::borrow::Cow::Borrowed(node);
    };
    let mut node = node.clone();
    if let Shape::Entries(entries) = &mut node.shape
        && let Shape::Entries(counts) = &mut entries[outer].value.shape
    {
        match limit(&counts[inner].value, sink) {
            Some(value) => counts[inner].value = value,
            None => {
                counts.remove(inner);
            }
        }
    }
    std::borrow::Cow::Owned(node)
}

/// A duration as an operator on seconds; an operator is left as it is. Nothing where a mistake was told.
fn limit(node: &Node, sink: &mut Sink) -> Option<Node> {
    let at = node.at;
    let seconds = match &node.shape {
        Shape::Entries(_) => return Some(node.clone()),
        Shape::Text(_) | Shape::Number(_) => wait(node, "delivered_within", sink)?,
        _ => {
            sink.push(wrong(node, "delivered_within", "a duration", sink).help("write one such as `30s`"));
            return None;
        }
    };
    let number = match (seconds.subsec_nanos(), Number::from_f64(seconds.as_secs_f64())) {
        (1.., Some(number)) => number,
        _ => Number::from(seconds.as_secs()),
    };
    let entry = Entry {
        at,
        key: "$lte".to_owned(),
        value: Node {
            at,
            shape: Shape::Number(number),
        },
    };
    let shape = Shape::Entries(vec![entry]);
    Some(Node { at, shape })
}
