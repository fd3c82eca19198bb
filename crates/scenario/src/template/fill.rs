//! A tree in which every placeholder is replaced.

use expectation::read::quoted;
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Source, Span, printable};
use serde_json::Value;

use super::path::Path;
use super::placeholder::{self, Malformed, Part, Placeholder};

/// Why a placeholder can't be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Wrong {
    /// A name that a capture or a `set` would have given, had it been played.
    pub(crate) fn not_set(name: &str) -> Self {
        Self {
            message: format!("{} has no value here", quoted(name)),
            help: "the step that gives it one was not played".to_owned(),
        }
    }

    /// A path that leads nowhere.
    pub(crate) fn nothing_at(path: &Path, reached: &str, there: &Value) -> Self {
        let there = match there {
            Value::Object(object) => {
                let keys: Vec<String> = object.keys().take(12).map(|key| quoted(key)).collect();
                format!("{} has the keys {}", quoted(reached), keys.join(", "))
            }
            Value::Array(items) => format!("{} has {} rows", quoted(reached), items.len()),
            other => format!("{} is {}", quoted(reached), printable(&other.to_string(), 60)),
        };
        Self {
            message: format!("there is nothing at {}", quoted(&path.to_string())),
            help: there,
        }
    }

    /// An offset on something that can't be moved by it.
    pub(crate) fn not_moved(placeholder: &Placeholder) -> Self {
        Self {
            message: format!("{} can't be reckoned", quoted(&placeholder.written)),
            help: "a duration such as `2h` moves a moment, a whole number moves a whole number".to_owned(),
        }
    }
}

/// Whether a tree has a placeholder, or braces kept by a backslash.
pub(crate) fn is_mentioned(node: &Node) -> bool {
    match &node.shape {
        Shape::Text(text) => placeholder::is_mentioned(text),
        Shape::Items(items) => items.iter().any(is_mentioned),
        Shape::Entries(entries) => entries.iter().any(|entry| is_mentioned(&entry.value)),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) => false,
    }
}

/// The same tree with every placeholder replaced, keys aside. A text that is one placeholder and nothing else becomes
/// whatever that stands for; in a longer text it becomes its text. What can't be replaced is reported and left.
pub(crate) fn fill(
    node: &Node,
    source: &Source,
    lookup: &mut dyn FnMut(&Placeholder, Span) -> Result<Value, Wrong>,
    sink: &mut Sink,
) -> Node {
    Filling { source, lookup, sink }.node(node)
}

struct Filling<'a> {
    source: &'a Source,
    lookup: &'a mut dyn FnMut(&Placeholder, Span) -> Result<Value, Wrong>,
    sink: &'a mut Sink,
}

impl Filling<'_> {
    fn node(&mut self, node: &Node) -> Node {
        let at = node.at;
        let shape = match &node.shape {
            Shape::Text(text) if placeholder::is_mentioned(text) => return self.text(text, at),
            Shape::Items(items) => Shape::Items(items.iter().map(|item| self.node(item)).collect()),
            Shape::Entries(entries) => {
                let entry = |entry: &Entry| Entry {
                    at: entry.at,
                    key: entry.key.clone(),
                    value: self.node(&entry.value),
                };
                Shape::Entries(entries.iter().map(entry).collect())
            }
            other => other.clone(),
        };
        Node { at, shape }
    }

    fn text(&mut self, text: &str, at: Span) -> Node {
        let parts = placeholder::parts(text);
        if let [Part::Placeholder(only)] = parts.as_slice() {
            return match self.value(only, text, at) {
                Some(value) => node_of(at, value),
                None => literal(at, text),
            };
        }
        let mut filled = String::with_capacity(text.len());
        for part in &parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Placeholder(found) => match self.value(found, text, at) {
                    Some(Value::String(text)) => filled.push_str(&text),
                    Some(value) => filled.push_str(&value.to_string()),
                    None => return literal(at, text),
                },
            }
        }
        let shape = Shape::Text(filled);
        Node { at, shape }
    }

    fn value(&mut self, found: &Result<Placeholder, Malformed>, text: &str, at: Span) -> Option<Value> {
        let mistake = match found {
            Err(why) => malformed(why, at),
            Ok(placeholder) => match (self.lookup)(placeholder, at) {
                Ok(value) => return Some(value),
                Err(wrong) => {
                    let at = self.place(&placeholder.written, text, at);
                    Diagnostic::new(at, wrong.message).help(wrong.help)
                }
            },
        };
        self.sink.push(mistake);
        None
    }

    /// The place of a placeholder inside the text, where it stands there as it is read.
    fn place(&self, written: &str, text: &str, at: Span) -> Span {
        let whole = self.source.slice(at);
        let found = whole.match_indices(written).find(|(start, _)| {
            whole[..*start].trim_end().ends_with("{{") && whole[start + written.len()..].trim_start().starts_with("}}")
        });
        match found {
            Some((start, _)) if text.contains(written) => Span {
                start: at.start + start,
                end: at.start + start + written.len(),
            },
            _ => at,
        }
    }
}

/// A text that stays as it is.
fn literal(at: Span, text: &str) -> Node {
    let shape = Shape::Text(text.to_owned());
    Node { at, shape }
}

fn malformed(why: &Malformed, at: Span) -> Diagnostic {
    let (message, help) = match why {
        Malformed::Unclosed => (
            "`{{` is never closed".to_owned(),
            r"close it with `}}`, or write `\{{` for two braces".to_owned(),
        ),
        Malformed::Empty => (
            "`{{}}` names nothing".to_owned(),
            r"write the name of a variable between the braces, or `\{{` for two braces".to_owned(),
        ),
        Malformed::Offset(by) => (
            format!("{} is neither a duration nor a whole number", quoted(by)),
            "write one such as `{{now + 2h}}` or `{{index + 1}}`".to_owned(),
        ),
        Malformed::Other(written) => (
            format!("{} is no variable", quoted(written)),
            "write a name, and what lies below it as `name.key` or `name[0]`, with blanks around `+` and `-`"
                .to_owned(),
        ),
    };
    Diagnostic::new(at, message).help(help)
}

/// A value as a tree that lies at one place.
fn node_of(at: Span, value: Value) -> Node {
    let shape = match value {
        Value::Null => Shape::Null,
        Value::Bool(value) => Shape::Bool(value),
        Value::Number(number) => Shape::Number(number),
        Value::String(text) => Shape::Text(text),
        Value::Array(items) => Shape::Items(items.into_iter().map(|item| node_of(at, item)).collect()),
        Value::Object(object) => {
            let entry = |(key, value): (String, Value)| Entry {
                at,
                key,
                value: node_of(at, value),
            };
            Shape::Entries(object.into_iter().map(entry).collect())
        }
    };
    Node { at, shape }
}

#[cfg(test)]
mod tests {
    use expectation::{Sink, Source, Syntax};
    use serde_json::{Value, json};

    use super::{Wrong, fill};
    use crate::syntax::read;

    fn filled(text: &str) -> (Value, Vec<String>) {
        let mut sink = Sink::new(Syntax::Yaml);
        let node = read(text, &mut sink).expect("the test is YAML");
        let source = Source::of("a.yaml", text);
        let mut lookup = |placeholder: &super::Placeholder, _| match placeholder.written.as_str() {
            "number" => Ok(json!(99.5)),
            "list" => Ok(json!([1, {"a": "{{number}}"}])),
            name => Err(Wrong::not_set(name)),
        };
        let value = fill(&node, &source, &mut lookup, &mut sink).to_value();
        let told = |found: expectation::Diagnostic| format!("{} `{}`", found.message, source.slice(found.at));
        (value, sink.into_first().0.into_iter().map(told).collect())
    }

    #[test]
    fn one_placeholder_keeps_its_type_and_several_are_text() {
        let (value, mistakes) = filled("{ a: '{{number}}', b: 'n {{ number }}', c: '{{list}}', '{{number}}': 1 }");
        let expected = json!({"a": 99.5, "b": "n 99.5", "c": [1, {"a": "{{number}}"}], "{{number}}": 1});
        assert_eq!((value, mistakes.as_slice()), (expected, &[][..]));
    }

    #[test]
    fn each_placeholder_that_stands_for_nothing_is_told_in_its_place() {
        let (value, mistakes) = filled("[ 'x {{ one }}', \"{{two}}\", '{{', '{{}}' ]");
        assert_eq!(value, json!(["x {{ one }}", "{{two}}", "{{", "{{}}"]));
        assert_eq!(
            mistakes,
            [
                "`one` has no value here `one`",
                "`two` has no value here `two`",
                "`{{` is never closed `'{{'`",
                "`{{}}` names nothing `'{{}}'`",
            ]
        );
    }
}
