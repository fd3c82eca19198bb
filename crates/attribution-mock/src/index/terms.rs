use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// What of a request a word is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Field {
    #[default]
    Path,
    Event,
    User,
    Cookie,
    Previous,
    Rule,
}

/// A word by the place of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TermId(u32);

/// Every word that some entry has, once. The place of one that no entry has any more is given to the next new word.
#[derive(Debug, Default)]
pub(super) struct Terms {
    places: HashTable<u32>,
    all: Vec<Term>,
    free: Vec<u32>,
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct Term {
    text: Box<str>,
    field: Field,
    /// How many entries have it.
    entries: u32,
    /// The newest mention of it.
    last: u64,
}

impl Terms {
    pub(super) fn find(&self, field: Field, text: &str) -> Option<TermId> {
        let is_it = |&place: &u32| self.all[place as usize].is(field, text);
        let hash = self.hasher.hash_one((field, text));
        self.places.find(hash, is_it).copied().map(TermId)
    }

    /// How many entries have it.
    pub(super) fn entries(&self, TermId(place): TermId) -> u32 {
        self.all[place as usize].entries
    }

    /// The newest mention of it.
    pub(super) fn last(&self, TermId(place): TermId) -> u64 {
        self.all[place as usize].last
    }

    /// Notes a mention of a word, one for each entry: the word, and its mention before this one, if there was one. Nothing
    /// where the entry, whose mentions begin with that number, has the word already.
    pub(super) fn mention(
        &mut self,
        field: Field,
        text: &str,
        number: u64,
        entry_begins: u64,
    ) -> Option<(TermId, Option<u64>)> {
        let Some(TermId(place)) = self.find(field, text) else {
            return Some((self.add(field, text, number), None));
        };
        let term = &mut self.all[place as usize];
        if term.last >= entry_begins {
            return None;
        }
        term.entries += 1;
        let before = std::mem::replace(&mut term.last, number);
        Some((TermId(place), Some(before)))
    }

    /// Notes that the oldest entry with this word is forgotten.
    pub(super) fn forget_one(&mut self, TermId(place): TermId) {
        let term = &mut self.all[place as usize];
        term.entries -= 1;
        if term.entries > 0 {
            return;
        }
        let hash = self.hasher.hash_one((term.field, &*term.text));
        term.text = Box::default();
        if let Ok(found) = self.places.find_entry(hash, |&other| other == place) {
            found.remove();
        }
        self.free.push(place);
    }

    /// How many places there are, used or not.
    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.all.len()
    }

    fn new_place(&mut self) -> u32 {
        self.all.push(Term::default());
        u32::try_from(self.all.len() - 1).expect("four billion words don't fit into memory")
    }

    fn add(&mut self, field: Field, text: &str, number: u64) -> TermId {
        let term = Term {
            text: text.into(),
            field,
            entries: 1,
            last: number,
        };
        let place = self.free.pop().unwrap_or_else(|| self.new_place());
        self.all[place as usize] = term;
        let Self {
            places, all, hasher, ..
        } = self;
        let rehash = |&place: &u32| {
            let term = &all[place as usize];
            hasher.hash_one((term.field, &*term.text))
        };
        places.insert_unique(hasher.hash_one((field, text)), place, rehash);
        TermId(place)
    }
}

impl Term {
    fn is(&self, field: Field, text: &str) -> bool {
        self.field == field && *self.text == *text
    }
}
