//! Nodes and what can be asked of them.

use serde_json::{Map, Number, Value};

use crate::source::Span;

/// One value of the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Its text; for what an alias stands for, the alias.
    pub(crate) at: Span,
    /// What it is.
    pub(crate) shape: Shape,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Items(Vec<Node>),
    Entries(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The key's place.
    pub(crate) at: Span,
    pub(crate) key: String,
    pub(crate) value: Node,
}

impl Node {
    /// What it is, in words that fit after "not".
    pub(crate) fn what(&self) -> &'static str {
        match &self.shape {
            Shape::Null => "empty",
            Shape::Bool(_) => "true or false",
            Shape::Number(_) => "a number",
            Shape::Text(_) => "text",
            Shape::Items(_) => "a list",
            Shape::Entries(_) => "a mapping",
        }
    }

    /// The same as JSON.
    pub(crate) fn to_value(&self) -> Value {
        match &self.shape {
            Shape::Null => Value::Null,
            Shape::Bool(value) => Value::Bool(*value),
            Shape::Number(number) => Value::Number(number.clone()),
            Shape::Text(text) => Value::String(text.clone()),
            Shape::Items(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Shape::Entries(entries) => Value::Object(to_map(entries)),
        }
    }
}

/// The entries as a JSON object, in order.
pub(crate) fn to_map<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Map<String, Value> {
    entries
        .into_iter()
        .map(|entry| (entry.key.clone(), entry.value.to_value()))
        .collect()
}
