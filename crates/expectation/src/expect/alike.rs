//! Items that say the same, which are looked at once.

use std::collections::HashMap;

use super::pattern::Pattern;

/// Each kind of items once, and of which kind each item is: of a thousand that say the same, a row is held against one.
#[derive(Clone, Debug)]
pub(super) struct Kinds<'a> {
    /// The first item of each kind, in the order of the text.
    pub(super) items: Vec<&'a Pattern>,
    /// By item, the place of its kind.
    pub(super) of: Vec<usize>,
}

impl<'a> Kinds<'a> {
    /// Of items, which say the same where they read the same.
    pub(super) fn new(items: &'a [Pattern]) -> Self {
        let mut known = HashMap::new();
        let mut kinds = Self {
            items: Vec::new(),
            of: Vec::with_capacity(items.len()),
        };
        for item in items {
            let kind = *known.entry(item.to_string()).or_insert(kinds.items.len());
            if kind == kinds.items.len() {
                kinds.items.push(item);
            }
            kinds.of.push(kind);
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Kinds;
    use crate::{Expectations, Section};

    #[test]
    fn only_items_that_say_the_same_are_of_one_kind() {
        let items = json!([
            { "event": "Sale", "revenue": 1 },
            { "event": "Sale", "revenue": "1" },
            { "event": "Sale", "revenue": 1 },
            { "event": { "$regex": "Sale" } },
            { "event": { "$exactly": "Sale" } },
            { "event": { "$not": "Sale" } },
            { "event": { "$in": ["Sale"] } },
            { "properties": { "event": "Sale" } },
            { "properties": { "$exactly": { "event": "Sale" } } },
            { "event": { "$regex": "Sale" } },
        ]);
        let text = json!({ "conversions": items }).to_string();
        let expectations = Expectations::from_json(text.as_bytes(), &Section::RECORDED).unwrap();
        let kinds = Kinds::new(expectations.lists[0].exactly.as_deref().unwrap());
        assert_eq!(kinds.of, [0, 1, 0, 2, 3, 4, 5, 6, 7, 2]);
        assert_eq!(kinds.items.len(), 8);
    }
}
