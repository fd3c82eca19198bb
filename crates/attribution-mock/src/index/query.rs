use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use attribution_ledger::{Call, Dialect, EntryVerdict, Ledger};
use jiff::Timestamp;

use super::entries::Index;
use super::terms::{Field, TermId};
use crate::filter::{Order, Paging, RequestFilter};

/// A filter whose words have been looked up. Whoever changes the index makes it void.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    index: &'a Index,
    /// An entry must have one of each of these.
    words: Vec<Vec<TermId>>,
    dialect: Option<Dialect>,
    kind: Option<Call>,
    status: Option<u16>,
    verdict: Option<EntryVerdict>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// Which entries there are, by their numbers in the journal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) seqs: Vec<u64>,
    /// Whether there are more in the direction of the order.
    pub(crate) more: bool,
    /// How many the filter fits, wherever the part begins and ends.
    pub(crate) total: usize,
}

impl Index {
    /// Looks a filter's words up. Who has an id today, the ledger says.
    pub(crate) fn query(&self, filter: &RequestFilter, ledger: &Ledger) -> Query<'_> {
        let one = |field, text: &Option<String>| Some(self.terms.find(field, text.as_deref()?).into_iter().collect());
        let visitor = filter.visitor.as_deref().map(|id| self.words_of_visitor(id, ledger));
        let words = [
            one(Field::Path, &filter.path),
            one(Field::Event, &filter.event),
            one(Field::Rule, &filter.rule),
            visitor,
        ];
        Query {
            index: self,
            words: words.into_iter().flatten().collect(),
            dialect: filter.dialect,
            kind: filter.kind,
            status: filter.status,
            verdict: filter.verdict,
            since: filter.since,
            until: filter.until,
        }
    }

    /// Every mention of a person, in order.
    fn words_of_visitor(&self, id: &str, ledger: &Ledger) -> Vec<TermId> {
        let ids = match ledger.visitor(id) {
            Some(visitor) => {
                let users = visitor.user_ids().into_iter().map(|id| (Field::User, id));
                let cookies = visitor.cookie_ids().into_iter().map(|id| (Field::Cookie, id));
                users.chain(cookies).collect()
            }
            None => vec![(Field::User, id.to_owned()), (Field::Cookie, id.to_owned())],
        };
        let named = ids
            .iter()
            .flat_map(|(field, id)| [(*field, id.as_str()), (Field::Previous, id)]);
        let words = named.chain([(Field::Previous, id)]);
        let mut words: Vec<TermId> = words.filter_map(|(field, id)| self.terms.find(field, id)).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

impl Query<'_> {
    /// How many entries there are.
    pub(crate) fn count(&self) -> usize {
        let mut count = 0;
        self.walk(&mut |_| count += 1);
        count
    }

    /// The entries of one part.
    pub(crate) fn find(&self, paging: &Paging) -> Found {
        let part = self.part(paging);
        let (mut total, mut more, mut kept) = (0, false, VecDeque::new());
        self.walk(&mut |entry| {
            total += 1;
            if !part.contains(&entry) {
                return;
            }
            match paging.order {
                Order::Descending if kept.len() < paging.limit => kept.push_back(entry),
                Order::Descending => more = true,
                Order::Ascending => {
                    kept.push_front(entry);
                    more |= kept.len() > paging.limit;
                    kept.truncate(paging.limit);
                }
            }
        });
        let seq = |entry| self.index.arrived.get(entry).map(|arrived| arrived.seq);
        let seqs = kept.into_iter().filter_map(seq).collect();
        Found { seqs, more, total }
    }

    /// The same in the order of arrival for whoever goes on from part to part and has no use for a total: no more entries are
    /// looked at than `looked_at`, and no more are found than `most`. The number in the journal of the last one that was
    /// looked at comes second.
    pub(crate) fn scan(&self, after: u64, looked_at: usize, most: usize) -> (Vec<u64>, u64) {
        let arrived = &self.index.arrived;
        let begin = arrived.partition_point(|arrived| arrived.seq <= after);
        let (mut found, mut last) = (Vec::new(), after);
        for entry in (begin..arrived.end()).take(looked_at) {
            let Some(arrived) = arrived.get(entry).filter(|_| found.len() < most) else {
                break;
            };
            last = arrived.seq;
            if self.fits(entry, None) {
                found.push(last);
            }
        }
        (found, last)
    }

    fn part(&self, paging: &Paging) -> Range<u64> {
        let arrived = &self.index.arrived;
        let (after, before) = (paging.after, paging.before);
        let begin = after.map_or(arrived.first(), |after| {
            arrived.partition_point(|arrived| arrived.seq <= after)
        });
        let end = before.map_or(arrived.end(), |before| {
            arrived.partition_point(|arrived| arrived.seq < before)
        });
        begin..end
    }

    /// Every entry, the newest first.
    fn walk(&self, found: &mut impl FnMut(u64)) {
        let span = self.span();
        let Some(rarest) = self.rarest() else {
            return self.walk_all(span, found);
        };
        let mut fitting = |entry| {
            if span.contains(&entry) && self.fits(entry, Some(rarest)) {
                found(entry);
            }
        };
        match self.words[rarest].as_slice() {
            [] => {}
            [word] => self.index.entries_with(*word).for_each(fitting),
            words => self.merged(words, &mut fitting),
        }
    }

    fn walk_all(&self, span: Range<u64>, found: &mut impl FnMut(u64)) {
        if self.is_about_times_only() {
            return span.rev().for_each(found);
        }
        for entry in span.rev() {
            if self.fits(entry, None) {
                found(entry);
            }
        }
    }

    /// The entries that have any of these words, once each.
    fn merged(&self, words: &[TermId], found: &mut impl FnMut(u64)) {
        let mut chains: Vec<_> = words.iter().map(|word| self.index.entries_with(*word)).collect();
        let heads = chains.iter_mut().enumerate();
        let mut heads: BinaryHeap<(u64, usize)> = heads
            .filter_map(|(chain, entries)| Some((entries.next()?, chain)))
            .collect();
        let mut last = None;
        while let Some((entry, chain)) = heads.pop() {
            if last != Some(entry) {
                found(entry);
            }
            last = Some(entry);
            heads.extend(chains[chain].next().map(|next| (next, chain)));
        }
    }

    /// Which of the words fewest entries have.
    fn rarest(&self) -> Option<usize> {
        let entries = |words: &Vec<TermId>| -> u64 {
            words
                .iter()
                .map(|word| u64::from(self.index.terms.entries(*word)))
                .sum()
        };
        (0..self.words.len()).min_by_key(|&place| entries(&self.words[place]))
    }

    /// Where to look, as far as the times tell.
    fn span(&self) -> Range<u64> {
        let arrived = &self.index.arrived;
        if !self.index.in_order {
            return arrived.first()..arrived.end();
        }
        let begin = self.since.map_or(arrived.first(), |since| {
            arrived.partition_point(|arrived| arrived.at < since)
        });
        let end = self.until.map_or(arrived.end(), |until| {
            arrived.partition_point(|arrived| arrived.at < until)
        });
        begin..end.max(begin)
    }

    fn is_about_times_only(&self) -> bool {
        let Self {
            index,
            words,
            dialect,
            kind,
            status,
            verdict,
            since: _,
            until: _,
        } = self;
        index.in_order
            && words.is_empty()
            && dialect.is_none()
            && kind.is_none()
            && status.is_none()
            && verdict.is_none()
    }

    /// Whether an entry is wanted. One of the words may be known to be in it.
    fn fits(&self, entry: u64, known: Option<usize>) -> bool {
        let Some(facts) = self.index.facts.get(entry) else {
            return false;
        };
        self.status.is_none_or(|status| facts.status == status)
            && self.dialect.is_none_or(|dialect| facts.manner.is_dialect(dialect))
            && self.verdict.is_none_or(|verdict| facts.manner.is_verdict(verdict))
            && self.kind.is_none_or(|kind| facts.kinds.has(kind))
            && self.is_in_time(entry)
            && (0..self.words.len()).all(|place| known == Some(place) || self.has_one_of(entry, &self.words[place]))
    }

    fn is_in_time(&self, entry: u64) -> bool {
        let within =
            |at: Timestamp| self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until);
        (self.since.is_none() && self.until.is_none())
            || self.index.arrived.get(entry).is_some_and(|arrived| within(arrived.at))
    }

    fn has_one_of(&self, entry: u64, words: &[TermId]) -> bool {
        self.index
            .mentions_of(entry)
            .any(|mention| words.binary_search(&mention.term).is_ok())
    }
}
