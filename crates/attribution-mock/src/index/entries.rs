use attribution_ledger::{Call, Dialect, Entry, EntryVerdict, Mention as Named, RecordedViolation, Route};
use jiff::Timestamp;

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

/// What is asked of entries without a word. It is small, because every entry may have to be looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// The low half of the number of its first mention.
    mentions: u32,
    pub(super) status: u16,
    pub(super) kinds: Kinds,
    /// The dialect and the verdict.
    pub(super) manner: Manner,
}

/// The calls that the messages of a request are, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u8);

/// The dialect, or none, and the verdict in one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner(u8);

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
        self.mention(begins, Field::Path, &entry.request.path);
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
        self.facts.push(Facts {
            mentions: low_half(begins),
            status: entry.status,
            kinds: Kinds::of(named),
            manner: Manner::new(entry.request.route().map(Route::dialect), entry.verdict),
        });
        let (seq, at) = (entry.seq, entry.request.received_at);
        self.in_order &= self.arrived.back().is_none_or(|last| last.at <= at);
        self.arrived.push(Arrived { seq, at });
    }

    /// Forgets every entry before the one with this number in the journal.
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever bounds the journal"))]
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

impl Kinds {
    fn of(named: &[Named]) -> Self {
        let calls = named.iter().filter_map(|named| named.call);
        Self(calls.fold(0, |kinds, call| kinds | Self::bit(call)))
    }

    pub(super) fn has(self, call: Call) -> bool {
        self.0 & Self::bit(call) != 0
    }

    fn bit(call: Call) -> u8 {
        1 << match call {
            Call::Track => 0,
            Call::Page => 1,
            Call::Screen => 2,
            Call::Identify => 3,
            Call::Group => 4,
            Call::Alias => 5,
        }
    }
}

impl Manner {
    fn new(dialect: Option<Dialect>, verdict: EntryVerdict) -> Self {
        Self(dialect.map_or(0, Self::dialect_bits) | Self::verdict_bits(verdict))
    }

    pub(super) fn is_dialect(self, dialect: Dialect) -> bool {
        self.0 & 0b111 == Self::dialect_bits(dialect)
    }

    pub(super) fn is_verdict(self, verdict: EntryVerdict) -> bool {
        self.0 & !0b111 == Self::verdict_bits(verdict)
    }

    fn dialect_bits(dialect: Dialect) -> u8 {
        match dialect {
            Dialect::Classic => 1,
            Dialect::Actions => 2,
            Dialect::Import => 3,
            Dialect::Browser => 4,
        }
    }

    fn verdict_bits(verdict: EntryVerdict) -> u8 {
        match verdict {
            EntryVerdict::Recorded => 0,
            EntryVerdict::Refused => 1 << 3,
            EntryVerdict::Ignored => 2 << 3,
        }
    }
}
