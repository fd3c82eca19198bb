//! What is known before a scenario is played.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The variables of a scenario that are known before it is played: `vars`, `env` and `matrix`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    known: BTreeMap<String, Value>,
}

impl Variables {
    /// The key below which what comes from the environment lies.
    pub(crate) const ENVIRONMENT: &str = "env";

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.known.get(name)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    pub(crate) fn set(&mut self, name: &str, value: Value) {
        self.known.insert(name.to_owned(), value);
    }

    /// The declared part of the environment.
    pub(crate) fn set_environment(&mut self, environment: Map<String, Value>) {
        self.set(Self::ENVIRONMENT, Value::Object(environment));
    }
}
