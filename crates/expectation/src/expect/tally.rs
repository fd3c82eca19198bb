use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::{Bound, Range};

use serde_json::Value;

use super::ListExpectation;
use super::alignment::assign;
use super::matching::{self, Resolve};
use super::pattern::Pattern;

/// A claim, and so much of the rows there are as tells whether it holds: which of them are as it says. So each row is looked at
/// once, however often the claim is judged.
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
/// assert!(tally.holds());
/// tally.add(&"bob", &2, &json!({"visitor": "bob", "source": "bing"}), &nobody);
/// assert!(!tally.holds());
/// tally.forget(&"bob");
/// assert!(tally.holds());
/// # Ok::<(), expectation::json::Mistakes>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tally<'a, K, O> {
    list: &'a ListExpectation,
    rows: usize,
    /// By item: those that must be all, that there must be, in order, and that must not be.
    found: Vec<Found<'a, K, O>>,
    shares: HashMap<O, Share<K>>,
}

/// The rows that are as an item says, and whose they are.
#[derive(Clone, Debug)]
struct Found<'a, K, O> {
    item: &'a Pattern,
    rows: BTreeMap<K, O>,
}

/// What one owner's rows add.
#[derive(Clone, Debug)]
struct Share<K> {
    rows: usize,
    /// Each with the number of the item that it is like.
    like: Vec<(usize, K)>,
}

impl<K> Default for Share<K> {
    fn default() -> Self {
        Self {
            rows: 0,
            like: Vec::new(),
        }
    }
}

impl<'a, K: Ord + Clone, O: Eq + Hash + Clone> Tally<'a, K, O> {
    /// Of no rows yet.
    pub fn new(list: &'a ListExpectation) -> Self {
        let parts = [&list.exactly, &list.contains, &list.ordered, &list.never];
        let items = parts.into_iter().flatten().flatten();
        let found = items.map(|item| Found {
            item,
            rows: BTreeMap::new(),
        });
        Self {
            list,
            rows: 0,
            found: found.collect(),
            shares: HashMap::new(),
        }
    }

    /// Takes a row in. `resolve` tells the canonical visitor who has an id.
    pub fn add(&mut self, owner: &O, key: &K, row: &Value, resolve: Resolve<'_>) {
        let share = self.shares.entry(owner.clone()).or_default();
        share.rows += 1;
        self.rows += 1;
        for (number, found) in self.found.iter_mut().enumerate() {
            if matching::is(found.item, row, resolve) {
                found.rows.insert(key.clone(), owner.clone());
                share.like.push((number, key.clone()));
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
        let Share { rows, like } = self.shares.remove(owner).unwrap_or_default();
        self.rows -= rows;
        for (number, key) in like {
            self.found[number].rows.remove(&key);
        }
    }

    /// Hands all rows of an owner over to another.
    pub fn join(&mut self, gone: &O, kept: &O) {
        let Share { rows, like } = self.shares.remove(gone).unwrap_or_default();
        for (number, key) in &like {
            self.found[*number].rows.insert(key.clone(), kept.clone());
        }
        let share = self.shares.entry(kept.clone()).or_default();
        share.rows += rows;
        share.like.extend(like);
    }

    /// Whether a row whose value of this key is this one can be like any of the items.
    pub fn can_use(&self, key: &str, value: &Value) -> bool {
        let can_be = |item: &Pattern| item.field(key).is_none_or(|field| field.matches(Some(value)));
        self.found.iter().any(|found| can_be(found.item))
    }

    /// Whether the claim holds of the rows there are.
    pub fn holds(&self) -> bool {
        let rows = Value::from(self.rows);
        let has_count = self.list.count.as_ref().is_none_or(|count| count.matches(Some(&rows)));
        let [exactly, contains, ordered, never] = self.parts();
        let is_exact = self.list.exactly.is_none() || exactly.len() == self.rows && are_in_order(exactly);
        has_count && is_exact && contain(contains) && are_in_order(ordered) && !have_any(never)
    }

    /// The first row that is like the first item that it must contain, and whose it is.
    pub fn first(&self) -> Option<(&K, &O)> {
        let [_, contains, ..] = self.parts();
        contains.first()?.rows.first_key_value()
    }

    fn parts(&self) -> [&[Found<'a, K, O>]; 4] {
        let ListExpectation {
            exactly,
            contains,
            ordered,
            never,
            ..
        } = self.list;
        let mut begin = 0;
        [exactly, contains, ordered, never].map(|items| {
            let part: Range<usize> = begin..begin + items.as_ref().map_or(0, Vec::len);
            begin = part.end;
            &self.found[part]
        })
    }
}

/// Whether each item has a row of its own.
fn contain<K: Ord, O>(items: &[Found<'_, K, O>]) -> bool {
    // An item with a row for each item always gets one, so that more need not be known of it.
    let candidates = |found| {
        let Found { rows, .. }: &Found<'_, K, O> = found;
        rows.keys().take(items.len()).collect::<Vec<&K>>()
    };
    if have_none(items) {
        return false;
    }
    let keys: Vec<Vec<&K>> = items.iter().map(candidates).collect();
    let places: BTreeMap<&K, usize> = keys.iter().flatten().copied().zip(0..).collect();
    let number = |keys: &Vec<&K>| keys.iter().map(|key| places[key]).collect();
    let numbered: Vec<Vec<usize>> = keys.iter().map(number).collect();
    let owned = assign(&numbered, keys.iter().map(Vec::len).sum());
    owned.iter().all(Option::is_some)
}

/// Whether there are rows like these, each behind the one before it. Where there are no others, they are exactly these.
fn are_in_order<K: Ord, O>(items: &[Found<'_, K, O>]) -> bool {
    let mut behind = Bound::Unbounded;
    items.iter().all(|found| {
        let next = found.rows.range((behind, Bound::Unbounded)).next();
        behind = next.map_or(behind, |(key, _)| Bound::Excluded(key));
        next.is_some()
    })
}

fn have_any<K, O>(items: &[Found<'_, K, O>]) -> bool {
    items.iter().any(|found| !found.rows.is_empty())
}

/// Whether some item has no row at all.
fn have_none<K, O>(items: &[Found<'_, K, O>]) -> bool {
    items.iter().any(|found| found.rows.is_empty())
}

#[cfg(test)]
mod tests;
