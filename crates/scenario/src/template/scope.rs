//! What there is while a scenario is played.

use std::collections::BTreeMap;

use clock::{Clock, Random, Seed};
use serde_json::Value;

use super::fill::Wrong;
use super::path::Found;
use super::placeholder::{Expression, Generator, Placeholder};
use super::value::{moved, uuid};
use super::variables::Variables;
use crate::snapshot::MadeUp;

/// Variables, captures, what loops count, and generators.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    variables: &'a Variables,
    clock: Clock,
    uuids: Random,
    anonymous_ids: Random,
    /// What captures and `set` gave names to.
    named: BTreeMap<String, Value>,
    /// What loops give names to, the innermost last.
    loops: Vec<(String, Value)>,
    /// What was made up so far, for snapshots.
    pub(crate) made_up: MadeUp,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(variables: &'a Variables, clock: Clock, seed: Seed, made_up: MadeUp) -> Self {
        Self {
            variables,
            clock,
            uuids: seed.random("scenario: uuid"),
            anonymous_ids: seed.random("scenario: anonymous_id"),
            named: BTreeMap::new(),
            loops: Vec::new(),
            made_up,
        }
    }

    /// Gives a value a name, from here on.
    pub(crate) fn name(&mut self, name: &str, value: Value) {
        self.named.insert(name.to_owned(), value);
    }

    /// How many names of loops there are; what [`leave`](Self::leave) returns to.
    pub(crate) fn depth(&self) -> usize {
        self.loops.len()
    }

    /// Gives a value a name, until the loop is left.
    pub(crate) fn enter(&mut self, name: &str, value: Value) {
        self.loops.push((name.to_owned(), value));
    }

    /// Forgets the names given since.
    pub(crate) fn leave(&mut self, depth: usize) {
        self.loops.truncate(depth);
    }

    /// The numbers of the rounds that the loops are in, the outermost first: `3`, or `0.3`.
    pub(crate) fn rounds(&self) -> String {
        let indexes = self.loops.iter().filter(|(name, _)| name == "index");
        let indexes: Vec<String> = indexes.map(|(_, value)| value.to_string()).collect();
        indexes.join(".")
    }

    /// What a name stands for, if it does.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        let looped = self
            .loops
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value);
        looped
            .or_else(|| self.named.get(name))
            .or_else(|| self.variables.get(name))
    }

    /// What a placeholder stands for now.
    pub(crate) fn value(&mut self, placeholder: &Placeholder) -> Result<Value, Wrong> {
        let value = match &placeholder.expression {
            Expression::Generated(Generator::Uuid) => uuid(&mut self.uuids).into(),
            Expression::Generated(Generator::AnonymousId) => uuid(&mut self.anonymous_ids).into(),
            Expression::Generated(Generator::Now) => self.clock.now().to_string().into(),
            Expression::Path(path) => {
                let value = self.get(&path.root).ok_or_else(|| Wrong::not_set(&path.root))?;
                match path.walk(value) {
                    Found::Value(found) => found.clone(),
                    Found::Nothing(_, found) if path.is_bare() => found.clone(),
                    Found::Nothing(reached, found) => return Err(Wrong::nothing_at(path, &reached, found)),
                }
            }
        };
        let moved = moved(value.clone(), placeholder.offset).ok_or_else(|| Wrong::not_moved(placeholder))?;
        match &placeholder.expression {
            Expression::Generated(Generator::Uuid | Generator::AnonymousId) => self.made_up.id(&moved),
            Expression::Generated(Generator::Now) => {
                self.made_up.now(&value);
                self.made_up.moved(&value, &moved);
            }
            Expression::Path(_) => self.made_up.moved(&value, &moved),
        }
        Ok(moved)
    }
}
