//! A text as a tree in which every node knows its place, whatever it is written in.

use serde_json::{Map, Number, Value};

use crate::source::Span;
use crate::syntax::Syntax;

/// One value of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its text; for what an alias of YAML stands for, the alias.
    pub at: Span,
    /// What it is.
    pub shape: Shape,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Null, or in YAML nothing at all.
    Null,
    /// True or false.
    Bool(bool),
    /// A number with its digits as written, where JSON has them too.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    Items(Vec<Node>),
    /// A mapping, with each key once.
    Entries(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's place.
    pub at: Span,
    /// The key.
    pub key: String,
    /// What stands at it.
    pub value: Node,
}

impl Node {
    /// What it is, in words that fit after "not".
    pub fn what(&self, syntax: Syntax) -> &'static str {
        match &self.shape {
            Shape::Null if syntax == Syntax::Json => "null",
            Shape::Null => "empty",
            Shape::Bool(_) => "true or false",
            Shape::Number(_) => "a number",
            Shape::Text(_) => "text",
            Shape::Items(_) => "a list",
            Shape::Entries(_) => "a mapping",
        }
    }

    /// The same as JSON.
    pub fn to_value(&self) -> Value {
        match &self.shape {
            Shape::Null => Value::Null,
            Shape::Bool(value) => Value::Bool(*value),
            Shape::Number(number) => Value::Number(number.clone()),
            Shape::Text(text) => Value::String(text.clone()),
            Shape::Items(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Shape::Entries(entries) => Value::Object(to_map(entries)),
        }
    }

    /// The same as JSON, of a node that nobody else needs.
    pub fn into_value(self) -> Value {
        match self.shape {
            Shape::Null => Value::Null,
            Shape::Bool(value) => Value::Bool(value),
            Shape::Number(number) => Value::Number(number),
            Shape::Text(text) => Value::String(text),
            Shape::Items(items) => Value::Array(items.into_iter().map(Self::into_value).collect()),
            Shape::Entries(entries) => {
                let entry = |Entry { key, value, .. }| (key, value.into_value());
                Value::Object(entries.into_iter().map(entry).collect())
            }
        }
    }
}

/// The entries as a JSON object, in order.
pub fn to_map<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Map<String, Value> {
    entries
        .into_iter()
        .map(|entry| (entry.key.clone(), entry.value.to_value()))
        .collect()
}
