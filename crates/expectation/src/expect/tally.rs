use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;

use serde_json::Value;

use super::ListExpectation;
use super::alignment::assign;
use super::alike::Kinds;
use super::exactly::Exactly;
use super::matching::{self, Resolve};
use super::pattern::Pattern;

/// A claim, and so much of the rows there are as tells whether it holds. So each row is looked at once, however often the claim
/// is judged.
///
/// Rows come in any order and belong to owners. A row never changes by itself: what an owner has is forgotten and added anew, or
/// goes over to another. `K` stands for a row, in the order of the section, and `O` for an owner; of each owner is kept what
/// there is of theirs, so that exactly that is taken out again.
///
/// ```
/// use expectation::{Expectations, Section, Tally};
/// use serde_json::json;
///
/// let text = br#"{"visits": {"contains": [{"source": "google"}], "count": 1}}"#;
/// let expectations = Expectations::from_json(text, &Section::RECORDED)?;
/// let mut tally = Tally::new(&expectations.lists[0]);
/// let nobody = |_: &str| None;
/// tally.add(&"ada", &1, &json!({"visitor": "ada", "source": "google"}), &nobody);
/// assert!(tally.holds(&nobody));
/// tally.add(&"bob", &2, &json!({"visitor": "bob", "source": "bing"}), &nobody);
/// assert!(!tally.holds(&nobody));
/// tally.forget(&"bob");
/// assert!(tally.holds(&nobody));
/// # Ok::<(), expectation::json::Mistakes>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tally<'a, K, O> {
    list: &'a ListExpectation,
    rows: usize,
    exactly: Option<Exactly<'a, K>>,
    /// What there must be, what in order, and what there must not be.
    parts: [Part<'a, K, O>; 3],
    shares: HashMap<O, Share<K>>,
}

/// The items of one part of a claim, with the rows that are as they say: by kind of item.
#[derive(Clone, Debug)]
struct Part<'a, K, O> {
    kinds: Kinds<'a>,
    rows: Vec<BTreeMap<K, O>>,
}

/// What one owner's rows add.
#[derive(Clone, Debug)]
struct Share<K> {
    rows: usize,
    kept: Vec<(Place, K)>,
}

/// Where a row is kept.
#[derive(Clone, Copy, Debug)]
enum Place {
    Exactly,
    /// Among those like this kind of items.
    Like {
        part: usize,
        kind: usize,
    },
}

impl<K> Default for Share<K> {
    fn default() -> Self {
        Self {
            rows: 0,
            kept: Vec::new(),
        }
    }
}

impl<'a, K: Ord + Clone, O: Eq + Hash + Clone> Tally<'a, K, O> {
    /// Of no rows yet.
    pub fn new(list: &'a ListExpectation) -> Self {
        Self {
            list,
            rows: 0,
            exactly: list.exactly.as_deref().map(Exactly::new),
            parts: [&list.contains, &list.ordered, &list.never].map(|items| Part::new(items.as_deref())),
            shares: HashMap::new(),
        }
    }

    /// Takes a row in. `resolve` tells the canonical visitor who has an id.
    pub fn add(&mut self, owner: &O, key: &K, row: &Value, resolve: Resolve<'_>) {
        let share = self.shares.entry(owner.clone()).or_default();
        share.rows += 1;
        self.rows += 1;
        if let Some(exactly) = &mut self.exactly {
            exactly.add(key.clone(), row);
            share.kept.push((Place::Exactly, key.clone()));
        }
        for (part, like) in self.parts.iter_mut().enumerate() {
            let kinds = like.kinds.items.iter().zip(&mut like.rows).enumerate();
            for (kind, (_, rows)) in kinds.filter(|(_, (item, _))| matching::is(item, row, resolve)) {
                rows.insert(key.clone(), owner.clone());
                share.kept.push((Place::Like { part, kind }, key.clone()));
            }
        }
    }

    /// Takes in a row that is like none of the items.
    pub fn add_other(&mut self, owner: &O) {
        self.shares.entry(owner.clone()).or_default().rows += 1;
        self.rows += 1;
    }

    /// Takes out all rows of an owner.
    pub fn forget(&mut self, owner: &O) {
        let Share { rows, kept } = self.shares.remove(owner).unwrap_or_default();
        self.rows -= rows;
        for (place, key) in kept {
            match place {
                Place::Exactly => self.exactly.iter_mut().for_each(|exactly| exactly.forget(&key)),
                Place::Like { part, kind } => {
                    self.parts[part].rows[kind].remove(&key);
                }
            }
        }
    }

    /// Hands all rows of an owner over to another.
    pub fn join(&mut self, gone: &O, kept: &O) {
        let theirs = self.shares.remove(gone).unwrap_or_default();
        for (place, key) in &theirs.kept {
            if let Place::Like { part, kind } = *place {
                self.parts[part].rows[kind].insert(key.clone(), kept.clone());
            }
        }
        let share = self.shares.entry(kept.clone()).or_default();
        share.rows += theirs.rows;
        share.kept.extend(theirs.kept);
    }

    /// Whether a row whose value of this key is this one can make any difference but by being there.
    pub fn can_use(&self, key: &str, value: &Value) -> bool {
        let can_be = |item: &&Pattern| item.field(key).is_none_or(|field| field.matches(Some(value)));
        let items = || self.parts.iter().flat_map(|part| &part.kinds.items);
        // Of the rows that must be exactly these, it depends on those before it which item this one is to be like.
        self.exactly.is_some() || items().any(can_be)
    }

    /// Whether the claim holds of the rows there are. Whoever owns them now is asked as in [`add`](Self::add).
    pub fn holds(&self, resolve: Resolve<'_>) -> bool {
        let rows = Value::from(self.rows);
        let has_count = self.list.count.as_ref().is_none_or(|count| count.matches(Some(&rows)));
        let exactly = self.exactly.as_ref();
        let is_exact = || exactly.is_none_or(|exactly| exactly.holds(self.rows, resolve));
        let [contains, ordered, never] = &self.parts;
        has_count && is_exact() && contains.have_own_rows() && ordered.are_in_order() && !never.have_any()
    }

    /// The first row that is like the first item that it must contain, and whose it is.
    pub fn first(&self) -> Option<(&K, &O)> {
        let [contains, ..] = &self.parts;
        contains.rows.first()?.first_key_value()
    }
}

impl<'a, K: Ord, O> Part<'a, K, O> {
    fn new(items: Option<&'a [Pattern]>) -> Self {
        let kinds = Kinds::new(items.unwrap_or_default());
        let rows = kinds.items.iter().map(|_| BTreeMap::new()).collect();
        Self { kinds, rows }
    }

    /// Whether each item has a row of its own.
    fn have_own_rows(&self) -> bool {
        if self.rows.iter().any(BTreeMap::is_empty) {
            return false;
        }
        let scarce = self.scarce();
        let mut keys: Vec<&K> = scarce.iter().flat_map(|kind| self.rows[*kind].keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let place = |key: &K| keys.partition_point(|other| *other < key);
        let mut rows = vec![Vec::new(); self.rows.len()];
        for kind in &scarce {
            rows[*kind] = self.rows[*kind].keys().map(place).collect();
        }
        let is_scarce = |kind: &usize| !rows[*kind].is_empty();
        let items: Vec<usize> = self.kinds.of.iter().copied().filter(is_scarce).collect();
        let owned = assign(&items, &rows, keys.len());
        owned.iter().all(Option::is_some)
    }

    /// The kinds of which there are fewer rows than items that might take them. All other items can choose last: whatever the
    /// rest have, there is a row left for each.
    fn scarce(&self) -> Vec<usize> {
        let mut items = vec![0; self.rows.len()];
        for kind in &self.kinds.of {
            items[*kind] += 1;
        }
        let mut kinds: Vec<usize> = (0..items.len()).collect();
        kinds.sort_unstable_by_key(|kind| self.rows[*kind].len());
        let mut left = self.kinds.of.len();
        while let Some(kind) = kinds.pop_if(|kind| self.rows[*kind].len() >= left) {
            left -= items[kind];
        }
        kinds
    }

    /// Whether there are rows like these items, each behind the one before it.
    fn are_in_order(&self) -> bool {
        let mut behind = Bound::Unbounded;
        self.kinds.of.iter().all(|kind| {
            let next = self.rows[*kind].range((behind, Bound::Unbounded)).next();
            behind = next.map_or(behind, |(key, _)| Bound::Excluded(key));
            next.is_some()
        })
    }

    fn have_any(&self) -> bool {
        self.rows.iter().any(|rows| !rows.is_empty())
    }
}

#[cfg(test)]
mod tests;
