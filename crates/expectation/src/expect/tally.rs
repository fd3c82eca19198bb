use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde_json::Value;

use super::ListExpectation;
use super::alignment::assign;
use super::matching::{self, Resolve};
use super::pattern::Pattern;

/// A claim, and so much of the rows seen so far as tells whether it holds: which of them are as it says. So each row is
/// looked at once, however often the claim is judged.
///
/// Rows come in any order and stay as they are, but for their visitor: what an anonymous visitor did becomes a user's. So a
/// row is compared without its visitor when it comes, and whose it is is asked when the claim is judged. `K` stands for a
/// row, in the order of the section.
///
/// ```
/// use expectation::{Expectations, Section, Tally};
/// use serde_json::json;
///
/// let text = br#"{"conversions": {"contains": [{"event": "Sale", "visitor": "ada"}]}}"#;
/// let expectations = Expectations::from_json(text, &Section::RECORDED)?;
/// let mut tally = Tally::new(&expectations.lists[0]).expect("a visitor is named by an id");
/// tally.add(1, json!({"visitor": "anonymous-1", "event": "Sale"}));
/// let nobody: Option<fn(&u64) -> bool> = None;
/// assert!(!tally.holds(|_ada| nobody));
/// assert!(tally.holds(|_ada| Some(|row: &u64| *row == 1)));
/// # Ok::<(), expectation::json::Mistakes>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tally<'a, K> {
    list: &'a ListExpectation,
    rows: usize,
    exactly: Option<Exactly<'a, K>>,
    contains: Vec<Found<'a, K>>,
    ordered: Vec<Found<'a, K>>,
    never: Vec<Found<'a, K>>,
}

/// All rows that must be there, and all that are, as long as they are no more.
#[derive(Clone, Debug)]
struct Exactly<'a, K> {
    items: &'a [Pattern],
    rows: BTreeMap<K, Value>,
}

/// The rows that are as an item says, but for who their visitor must be.
#[derive(Clone, Debug)]
struct Found<'a, K> {
    item: &'a Pattern,
    visitor: Option<&'a str>,
    rows: BTreeSet<K>,
}

impl<'a, K: Ord + Copy> Tally<'a, K> {
    /// Of no rows yet. None where more is said of a visitor than one of their ids.
    pub fn new(list: &'a ListExpectation) -> Option<Self> {
        list.names_visitors_by_id().then(|| Self {
            exactly: list.exactly.as_deref().map(|items| Exactly {
                items,
                rows: BTreeMap::new(),
            }),
            ..Self::of(list, Pattern::visitor)
        })
    }

    /// Of rows whose visitors are known for good, and that are not more or less than there must be.
    pub(super) fn of_settled(list: &'a ListExpectation) -> Self {
        Self::of(list, |_| None)
    }

    fn of(list: &'a ListExpectation, visitor: impl Fn(&'a Pattern) -> Option<&'a str>) -> Self {
        let found = |items: &'a Option<Vec<Pattern>>| -> Vec<Found<'a, K>> {
            let found = items.iter().flatten().map(|item| Found {
                item,
                visitor: visitor(item),
                rows: BTreeSet::new(),
            });
            found.collect()
        };
        Self {
            list,
            rows: 0,
            exactly: None,
            contains: found(&list.contains),
            ordered: found(&list.ordered),
            never: found(&list.never),
        }
    }

    /// Takes a row in, whoever its visitor is.
    pub fn add(&mut self, key: K, row: Value) {
        self.note(key, |item| matching::is_but_for_the_visitor(item, &row));
        let count = self.rows;
        if let Some(exactly) = &mut self.exactly {
            if count <= exactly.items.len() {
                exactly.rows.insert(key, row);
            } else {
                exactly.rows.clear();
            }
        }
    }

    /// Takes a row in whose visitor is whom `resolve` says, now and ever after.
    pub(super) fn add_settled(&mut self, key: K, row: &Value, resolve: Resolve<'_>) {
        self.note(key, |item| matching::is(item, row, resolve));
    }

    /// Takes in a row that is like none of the items.
    pub fn add_other(&mut self) {
        self.rows += 1;
    }

    /// Whether a row whose value of this key is this one can be like any of the items.
    pub fn can_use(&self, key: &str, value: &Value) -> bool {
        let can_be = |item: &Pattern| item.field(key).is_none_or(|field| field.matches(Some(value)));
        let mut found = [&self.contains, &self.ordered, &self.never].into_iter().flatten();
        let exactly = self.exactly.as_ref();
        let exactly = exactly.filter(|exactly| self.rows < exactly.items.len());
        found.any(|found| can_be(found.item)) || exactly.is_some_and(|exactly| exactly.items.iter().any(can_be))
    }

    fn note(&mut self, key: K, is: impl Fn(&Pattern) -> bool) {
        self.rows += 1;
        for part in [&mut self.contains, &mut self.ordered, &mut self.never] {
            for found in part.iter_mut().filter(|found| is(found.item)) {
                found.rows.insert(key);
            }
        }
    }

    /// Whether the claim holds of the rows so far. `of` tells who has an id, as a function that tells which rows are theirs;
    /// none where nobody has it.
    pub fn holds<W: Fn(&K) -> bool>(&self, of: impl Fn(&str) -> Option<W>) -> bool {
        let rows = Value::from(self.rows);
        let has_count = self.list.count.as_ref().is_none_or(|count| count.matches(Some(&rows)));
        has_count && self.is_exact(&of) && self.contains(&of) && self.is_in_order(&of) && !self.has_any(&of)
    }

    /// The first row that is like the first item that it must contain.
    pub fn first<W: Fn(&K) -> bool>(&self, of: impl Fn(&str) -> Option<W>) -> Option<K> {
        self.contains.first()?.theirs(&of).from(Bound::Unbounded).next()
    }

    fn is_exact<W: Fn(&K) -> bool>(&self, of: &impl Fn(&str) -> Option<W>) -> bool {
        self.exactly.as_ref().is_none_or(|Exactly { items, rows }| {
            let mut pairs = items.iter().zip(rows);
            let is = |(item, (key, row)): (&Pattern, (&K, &Value))| {
                matching::is_but_for_the_visitor(item, row) && Whose::of(item.visitor(), of).is(key)
            };
            self.rows == items.len() && self.rows == rows.len() && pairs.all(is)
        })
    }

    fn contains<W: Fn(&K) -> bool>(&self, of: &impl Fn(&str) -> Option<W>) -> bool {
        // An item with a row for each item always gets one, so that more need not be known of it.
        let most = self.contains.len();
        let candidates = |found: &Found<'a, K>| -> Vec<K> {
            let theirs = found.theirs(of);
            theirs.from(Bound::Unbounded).take(most).collect()
        };
        let mut keys = Vec::with_capacity(most);
        for found in &self.contains {
            match candidates(found) {
                none if none.is_empty() => return false,
                some => keys.push(some),
            }
        }
        let places: BTreeMap<K, usize> = keys.iter().flatten().copied().zip(0..).collect();
        let number = |keys: &Vec<K>| keys.iter().map(|key| places[key]).collect();
        let numbered: Vec<Vec<usize>> = keys.iter().map(number).collect();
        let owned = assign(&numbered, keys.iter().map(Vec::len).sum());
        owned.iter().all(Option::is_some)
    }

    fn is_in_order<W: Fn(&K) -> bool>(&self, of: &impl Fn(&str) -> Option<W>) -> bool {
        let mut behind = Bound::Unbounded;
        self.ordered.iter().all(|found| {
            let next = found.theirs(of).from(behind).next();
            behind = next.map_or(behind, Bound::Excluded);
            next.is_some()
        })
    }

    fn has_any<W: Fn(&K) -> bool>(&self, of: &impl Fn(&str) -> Option<W>) -> bool {
        let mut never = self.never.iter();
        never.any(|found| found.theirs(of).from(Bound::Unbounded).next().is_some())
    }
}

impl<K: Ord + Copy> Found<'_, K> {
    fn theirs<W: Fn(&K) -> bool>(&self, of: &impl Fn(&str) -> Option<W>) -> Theirs<'_, K, W> {
        Theirs {
            rows: &self.rows,
            whose: Whose::of(self.visitor, of),
        }
    }
}

/// The rows that are as an item says, as of now.
struct Theirs<'a, K, W> {
    rows: &'a BTreeSet<K>,
    whose: Whose<W>,
}

enum Whose<W> {
    Anybody,
    Of(W),
    Nobody,
}

impl<K: Ord + Copy, W: Fn(&K) -> bool> Theirs<'_, K, W> {
    fn from(&self, start: Bound<K>) -> impl Iterator<Item = K> {
        let rows = self.rows.range((start, Bound::Unbounded));
        rows.copied().filter(|key| self.whose.is(key))
    }
}

impl<W> Whose<W> {
    /// Of who has this id; of anybody where none is said.
    fn of(id: Option<&str>, of: &impl Fn(&str) -> Option<W>) -> Self {
        id.map_or(Self::Anybody, |id| of(id).map_or(Self::Nobody, Self::Of))
    }

    fn is<K>(&self, key: &K) -> bool
    where
        W: Fn(&K) -> bool,
    {
        match self {
            Self::Anybody => true,
            Self::Of(is_theirs) => is_theirs(key),
            Self::Nobody => false,
        }
    }
}

#[cfg(test)]
mod tests;
