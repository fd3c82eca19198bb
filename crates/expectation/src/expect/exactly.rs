use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::matching::{self, Resolve};
use super::pattern::{Pattern, PatternKind};

/// Rows that must be as many as the items, and like these in their order.
///
/// Which item a row is to be like depends on how many rows come before it, so rows are kept, and compared once as many are there:
/// each with one item.
#[derive(Clone, Debug)]
pub(super) struct Exactly<'a, K> {
    items: &'a [Pattern],
    /// The keys of which anything is said, where no item looks at a row as a whole: no other value has to be kept.
    keys: Option<BTreeSet<&'a str>>,
    rows: BTreeMap<K, Value>,
}

impl<'a, K: Ord> Exactly<'a, K> {
    /// Of no rows yet.
    pub(super) fn new(items: &'a [Pattern]) -> Self {
        let keys = items.iter().map(keys).collect::<Option<Vec<_>>>();
        Self {
            items,
            keys: keys.map(|keys| keys.into_iter().flatten().collect()),
            rows: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, key: K, row: &Value) {
        let row = match (&self.keys, row) {
            (Some(keys), Value::Object(row)) => Value::Object(part(row, keys)),
            _ => row.clone(),
        };
        self.rows.insert(key, row);
    }

    pub(super) fn forget(&mut self, key: &K) {
        self.rows.remove(key);
    }

    /// Whether these, of so many in all, are the rows that there must be.
    pub(super) fn holds(&self, all: usize, resolve: Resolve<'_>) -> bool {
        let mut pairs = self.items.iter().zip(self.rows.values());
        all == self.items.len() && all == self.rows.len() && pairs.all(|(item, row)| matching::is(item, row, resolve))
    }
}

/// The keys of which an item says something, where it says nothing else.
fn keys(item: &Pattern) -> Option<impl Iterator<Item = &str>> {
    match &item.kind {
        PatternKind::Partial(fields) => Some(fields.iter().map(|(key, _)| key.as_str())),
        _ => None,
    }
}

fn part(row: &Map<String, Value>, keys: &BTreeSet<&str>) -> Map<String, Value> {
    let values = keys.iter().filter_map(|key| row.get_key_value(*key));
    values.map(|(key, value)| (key.clone(), value.clone())).collect()
}
