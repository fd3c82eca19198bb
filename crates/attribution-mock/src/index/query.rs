use std::collections::{BinaryHeap, VecDeque};
use std::ops::{ControlFlow, Range};

use attribution_ledger::Ledger;
use jiff::Timestamp;

use super::entries::Index;
use super::facts::{WantedFacts, path_bits};
use super::terms::{Field, TermId};
use crate::filter::{Order, Paging, RequestFilter};

/// A filter whose words have been looked up. Whoever changes the index makes it void.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    index: &'a Index,
    /// An entry must have one of each of these.
    words: Vec<Vec<TermId>>,
    facts: WantedFacts,
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
        let one = |field, text: &str| self.terms.find(field, text).into_iter().collect();
        let words = [
            filter
                .path
                .as_deref()
                .filter(|path| path_bits(path).is_none())
                .map(|path| one(Field::Path, path)),
            filter.event.as_deref().map(|event| one(Field::Event, event)),
            filter.rule.as_deref().map(|rule| one(Field::Rule, rule)),
            filter.visitor.as_deref().map(|id| self.words_of_visitor(id, ledger)),
        ];
        Query {
            index: self,
            words: words.into_iter().flatten().collect(),
            facts: WantedFacts::of(filter),
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
        let (span, facts) = (self.span(), self.facts);
        match self.words.as_slice() {
            [] if self.is_span_exact() => self.index.facts.range(span).filter(|(_, it)| it.are(facts)).count(),
            [words] if facts.are_any() && self.is_untimed() && words.len() == 1 => self.entries(words),
            _ => {
                let mut count = 0;
                let _ = self.newest_first(span, &mut |_| {
                    count += 1;
                    ControlFlow::Continue(())
                });
                count
            }
        }
    }

    /// The entries of one part.
    pub(crate) fn find(&self, paging: &Paging) -> Found {
        let part = self.part(paging);
        let (kept, more) = match paging.order {
            Order::Descending => first_of(paging.limit, |found| self.newest_first(part, found)),
            Order::Ascending if self.is_common() => first_of(paging.limit, |found| self.oldest_first(part, found)),
            Order::Ascending => self.last_of(paging.limit, part),
        };
        let seq = |entry| self.index.arrived.get(entry).map(|arrived| arrived.seq);
        Found {
            seqs: kept.into_iter().filter_map(seq).collect(),
            more,
            total: self.count(),
        }
    }

    /// The same in the order of arrival for whoever goes on from part to part and has no use for a total: no more entries are
    /// looked at than `looked_at`, and no more are found than `most`. The number in the journal of the last one that was
    /// looked at comes second.
    pub(crate) fn scan(&self, after: u64, looked_at: usize, most: usize) -> (Vec<u64>, u64) {
        let arrived = &self.index.arrived;
        let begin = arrived.partition_point(|arrived| arrived.seq <= after);
        let (mut found, mut last) = (Vec::new(), after);
        for (entry, arrived) in arrived.range(begin..arrived.end()).take(looked_at) {
            if found.len() == most {
                break;
            }
            last = arrived.seq;
            if self.fits(entry, None) {
                found.push(last);
            }
        }
        (found, last)
    }

    /// The oldest so many, in order, where only the way back is short.
    fn last_of(&self, limit: usize, part: Range<u64>) -> (VecDeque<u64>, bool) {
        let (mut kept, mut more) = (VecDeque::new(), false);
        let _ = self.newest_first(part, &mut |entry| {
            kept.push_front(entry);
            more |= kept.len() > limit;
            kept.truncate(limit);
            ControlFlow::Continue(())
        });
        (kept, more)
    }

    /// Where to look, as far as the numbers and the times tell.
    fn part(&self, paging: &Paging) -> Range<u64> {
        let (arrived, span) = (&self.index.arrived, self.span());
        let begin = paging
            .after
            .map(|after| arrived.partition_point(|arrived| arrived.seq <= after));
        let end = paging
            .before
            .map(|before| arrived.partition_point(|arrived| arrived.seq < before));
        let begin = begin.map_or(span.start, |begin| begin.max(span.start));
        begin..end.map_or(span.end, |end| end.min(span.end)).max(begin)
    }

    /// The same, as far as the times tell.
    fn span(&self) -> Range<u64> {
        let arrived = &self.index.arrived;
        if !self.index.in_order {
            return arrived.first()..arrived.end();
        }
        let begin = self
            .since
            .map(|since| arrived.partition_point(|arrived| arrived.at < since));
        let end = self
            .until
            .map(|until| arrived.partition_point(|arrived| arrived.at < until));
        let begin = begin.unwrap_or(arrived.first());
        begin..end.unwrap_or(arrived.end()).max(begin)
    }

    /// Whether all within the span came at the right time.
    fn is_span_exact(&self) -> bool {
        self.index.in_order || self.is_untimed()
    }

    fn is_untimed(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// Whether one in a few entries has the words, so that it is soon found by looking at one after the other.
    fn is_common(&self) -> bool {
        let all = self.index.facts.end() - self.index.facts.first();
        self.rarest()
            .is_none_or(|rarest| self.entries(&self.words[rarest]) as u64 * 8 > all)
    }

    /// Which of the words fewest entries have.
    fn rarest(&self) -> Option<usize> {
        (0..self.words.len()).min_by_key(|&place| self.entries(&self.words[place]))
    }

    /// How many entries have these words, at most.
    fn entries(&self, words: &[TermId]) -> usize {
        words.iter().map(|word| self.index.terms.entries(*word) as usize).sum()
    }

    fn oldest_first(&self, part: Range<u64>, found: &mut dyn FnMut(u64) -> ControlFlow<()>) -> ControlFlow<()> {
        self.index.facts.range(part).try_for_each(|(entry, _)| {
            if self.fits(entry, None) {
                found(entry)
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    fn newest_first(&self, part: Range<u64>, found: &mut dyn FnMut(u64) -> ControlFlow<()>) -> ControlFlow<()> {
        let Some(rarest) = self.rarest() else {
            return self.index.facts.range(part).rev().try_for_each(|(entry, facts)| {
                let fits = facts.are(self.facts) && self.is_in_time(entry);
                if fits { found(entry) } else { ControlFlow::Continue(()) }
            });
        };
        let mut fitting = |entry| match entry {
            entry if entry >= part.end => ControlFlow::Continue(()),
            entry if entry < part.start => ControlFlow::Break(None),
            entry if self.fits(entry, Some(rarest)) => found(entry).map_break(Some),
            _ => ControlFlow::Continue(()),
        };
        let walked = match self.words[rarest].as_slice() {
            [word] => self.index.entries_with(*word).try_for_each(fitting),
            words => self.merged(words, &mut fitting),
        };
        match walked {
            ControlFlow::Break(Some(())) => ControlFlow::Break(()),
            ControlFlow::Break(None) | ControlFlow::Continue(()) => ControlFlow::Continue(()),
        }
    }

    /// The entries that have any of these words, once each, the newest first.
    fn merged<B>(&self, words: &[TermId], found: &mut impl FnMut(u64) -> ControlFlow<B>) -> ControlFlow<B> {
        let mut chains: Vec<_> = words.iter().map(|word| self.index.entries_with(*word)).collect();
        let heads = chains.iter_mut().enumerate();
        let mut heads: BinaryHeap<(u64, usize)> = heads
            .filter_map(|(chain, entries)| Some((entries.next()?, chain)))
            .collect();
        let mut last = None;
        while let Some((entry, chain)) = heads.pop() {
            if last != Some(entry) {
                found(entry)?;
            }
            last = Some(entry);
            heads.extend(chains[chain].next().map(|next| (next, chain)));
        }
        ControlFlow::Continue(())
    }

    /// Whether an entry is wanted. One of the words may be known to be in it.
    fn fits(&self, entry: u64, known: Option<usize>) -> bool {
        self.index.facts.get(entry).is_some_and(|facts| facts.are(self.facts))
            && self.is_in_time(entry)
            && (0..self.words.len()).all(|place| known == Some(place) || self.has_one_of(entry, &self.words[place]))
    }

    fn is_in_time(&self, entry: u64) -> bool {
        if self.is_untimed() {
            return true;
        }
        let within =
            |at: Timestamp| self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until);
        self.index.arrived.get(entry).is_some_and(|arrived| within(arrived.at))
    }

    fn has_one_of(&self, entry: u64, words: &[TermId]) -> bool {
        self.index
            .mentions_of(entry)
            .any(|mention| words.binary_search(&mention.term).is_ok())
    }
}

/// The first so many that a walk comes by, and whether there are more.
fn first_of(
    limit: usize,
    walk: impl FnOnce(&mut dyn FnMut(u64) -> ControlFlow<()>) -> ControlFlow<()>,
) -> (VecDeque<u64>, bool) {
    let mut kept = VecDeque::new();
    let stopped = walk(&mut |entry| {
        if kept.len() == limit {
            return ControlFlow::Break(());
        }
        kept.push_back(entry);
        ControlFlow::Continue(())
    });
    (kept, stopped.is_break())
}
