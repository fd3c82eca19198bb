use attribution_ledger::{Entry, Mention as Named, RecordedViolation};
use jiff::Timestamp;

use super::facts::{Facts, path_bits};
use super::numbered::{Numbered, low_half};
use super::terms::{Field, TermId, Terms};

/// What each entry of a journal is about.
#[derive(Debug)]
pub(crate) struct Index {
    pub(super) terms: Terms,
    /// Of all entries, one after the other: the words that each has.
    pub(super) mentions: Numbered<Mention>,
    pub(super) facts: Numbered<Facts>,
    pub(super) arrived: Numbered<Arrived>,
    /// Whether no entry is older than the one before, which is so unless the clock ran back.
    pub(super) in_order: bool,
}

/// One entry has one word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub(super) term: TermId,
    /// So many mentions before this one is the same word's mention before; 0 where this is the first.
    back: u32,
    /// The low half of the entry's number here.
    entry: u32,
}

/// What tells an entry's place among the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrived {
    pub(super) seq: u64,
    pub(super) at: Timestamp,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            terms: Terms::default(),
            mentions: Numbered::default(),
            facts: Numbered::default(),
            arrived: Numbered::default(),
            in_order: true,
        }
    }
}

impl Index {
    /// Takes in the entry that was just journaled: what its messages name, and which rules it was found to break.
    pub(crate) fn push(&mut self, entry: &Entry, named: &[Named], violations: &[RecordedViolation]) {
        let begins = self.mentions.end();
        if path_bits(&entry.request.path).is_none() {
            self.mention(begins, Field::Path, &entry.request.path);
        }
        for Named {
            event,
            user,
            cookie,
            previous,
            ..
        } in named
        {
            let words = [
                (Field::User, user),
                (Field::Cookie, cookie),
                (Field::Previous, previous),
                (Field::Event, event),
            ];
            for (field, text) in words {
                if let Some(text) = text {
                    self.mention(begins, field, text);
                }
            }
        }
        for violation in violations {
            self.mention(begins, Field::Rule, violation.rule);
        }
        self.facts.push(Facts::new(entry, named, begins));
        let (seq, at) = (entry.seq, entry.request.received_at);
        self.in_order &= self.arrived.back().is_none_or(|last| last.at <= at);
        self.arrived.push(Arrived { seq, at });
    }

    /// Forgets every entry before the one with this number in the journal.
    pub(crate) fn drop_before(&mut self, seq: u64) {
        while self.arrived.front().is_some_and(|oldest| oldest.seq < seq) {
            self.arrived.pop();
            self.facts.pop();
            let end = self
                .facts
                .front()
                .map_or(self.mentions.end(), |next| self.mentions.whole(next.mentions));
            while self.mentions.first() < end {
                if let Some(mention) = self.mentions.pop() {
                    self.terms.forget_one(mention.term);
                }
            }
        }
    }

    fn mention(&mut self, entry_begins: u64, field: Field, text: &str) {
        let number = self.mentions.end();
        if let Some((term, before)) = self.terms.mention(field, text, number, entry_begins) {
            self.mentions.push(Mention {
                term,
                back: before.map_or(0, |before| low_half(number - before)),
                entry: low_half(self.facts.end()),
            });
        }
    }

    /// The words of an entry.
    pub(super) fn mentions_of(&self, entry: u64) -> impl Iterator<Item = &Mention> {
        let begin = |entry| {
            self.facts
                .get(entry)
                .map_or(self.mentions.end(), |facts| self.mentions.whole(facts.mentions))
        };
        (begin(entry)..begin(entry + 1)).filter_map(|number| self.mentions.get(number))
    }

    /// The entries that have a word, the newest first.
    pub(super) fn entries_with(&self, term: TermId) -> impl Iterator<Item = u64> {
        let mut next = Some(self.terms.last(term));
        std::iter::from_fn(move || {
            let number = next?;
            let mention = self.mentions.get(number)?;
            next = (mention.back > 0).then(|| number - u64::from(mention.back));
            Some(self.facts.whole(mention.entry))
        })
    }
}
