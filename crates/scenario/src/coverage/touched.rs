use std::collections::BTreeSet;

use super::item::Item;

/// What of the contract was touched, each thing once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched(BTreeSet<Item>);

impl Touched {
    /// What was touched by either.
    pub fn merge(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    pub(crate) fn add(&mut self, item: Item) {
        self.0.insert(item);
    }

    pub(super) fn has(&self, item: Item) -> bool {
        self.0.contains(&item)
    }

    #[cfg(test)]
    pub(super) fn items(&self) -> impl Iterator<Item = Item> {
        self.0.iter().copied()
    }
}

impl Extend<Item> for Touched {
    fn extend<I: IntoIterator<Item = Item>>(&mut self, items: I) {
        self.0.extend(items);
    }
}
