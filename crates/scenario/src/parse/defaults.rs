//! `defaults:`: what every call has, or every call of a kind, unless it says otherwise.

use std::borrow::Cow;
use std::collections::BTreeMap;

use expectation::read::Fields;
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Syntax};
use segment_event::Kind;

use super::call::call;
use super::context::Context;

/// What there can be defaults for.
pub(crate) const KEYS: &[&str] = &["all", "page", "identify", "track", "alias", "screen", "group"];

/// The fields of every call, and of those of a kind, as they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    by_key: BTreeMap<String, Node>,
}

/// Reads `defaults`.
pub(super) fn defaults(node: &Node, cx: &mut Context<'_>) -> Defaults {
    let mut defaults = Defaults::default();
    let Some(fields) = Fields::of(node, "defaults", KEYS, cx.sink) else {
        return defaults;
    };
    for entry in fields.entries.iter().filter(|entry| KEYS.contains(&entry.key.as_str())) {
        let filled = cx.fill(&entry.value);
        // What every call has is looked at as if it stood in a track: all have the same fields.
        let kind = entry.key.parse().unwrap_or(Kind::Track);
        cx.read(&filled, |node, sink| whole(&entry.key, kind, node, sink));
        defaults.by_key.insert(entry.key.clone(), entry.value.clone());
    }
    defaults
}

fn whole(key: &str, kind: Kind, node: &Node, sink: &mut Sink) {
    let Some(fields) = Fields::any(node, &format!("defaults.{key}"), sink) else {
        return;
    };
    if let Some(found) = fields.entry("messageId") {
        let mistake = Diagnostic::new(found.at, "every call would have the same `messageId`");
        sink.push(mistake.help("leave it out: a call that has none is given one of its own"));
    }
    let mut told = Sink::new(Syntax::Yaml);
    call(kind, Cow::Borrowed(node), &mut told);
    let (mistakes, more) = told.into_first();
    sink.extend(mistakes, more);
}

impl Defaults {
    /// The message of a call with what it does not say itself: first what its kind has, then what all have. Mappings
    /// are joined at every depth, everything else is taken whole.
    pub(super) fn under(&self, kind: &str, node: &Node) -> Option<Node> {
        let layers = [kind, "all"].map(|key| self.by_key.get(key));
        if !matches!(node.shape, Shape::Entries(_)) || layers == [None, None] {
            return None;
        }
        let mut whole = node.clone();
        for layer in layers.into_iter().flatten() {
            merge(&mut whole, layer);
        }
        Some(whole)
    }
}

fn merge(onto: &mut Node, below: &Node) {
    let (Shape::Entries(entries), Shape::Entries(defaults)) = (&mut onto.shape, &below.shape) else {
        return;
    };
    for default in defaults {
        match entries.iter_mut().find(|entry| entry.key == default.key) {
            Some(Entry { value, .. }) => merge(value, &default.value),
            None => entries.push(default.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use expectation::{Sink, Syntax};

    use super::Defaults;
    use crate::syntax::read;

    fn merged(all: &str, track: &str, message: &str) -> String {
        let node = |text: &str| read(text, &mut Sink::new(Syntax::Yaml)).expect("the test is YAML");
        let mut defaults = Defaults::default();
        defaults.by_key.insert("all".to_owned(), node(all));
        defaults.by_key.insert("track".to_owned(), node(track));
        let whole = defaults.under("track", &node(message)).expect("there are defaults");
        whole.to_value().to_string()
    }

    #[test]
    fn what_a_call_says_goes_before_its_kind_and_that_before_all() {
        let found = merged(
            "{ userId: u, context: { ip: 1, page: { path: / } }, a: [1] }",
            "{ context: { ip: 2, locale: de }, a: [2] }",
            "{ userId: v, context: { page: { path: /x } }, a: null }",
        );
        assert_eq!(
            found,
            r#"{"userId":"v","context":{"page":{"path":"/x"},"ip":2,"locale":"de"},"a":null}"#
        );
    }
}
