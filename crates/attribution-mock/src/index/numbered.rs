use std::collections::VecDeque;
use std::ops::Range;

/// A queue whose items have numbers, from 0, which they keep when older ones are dropped.
///
/// They are kept in pieces of so many. A piece is never moved, so that a long queue costs no more to lengthen than a short one.
#[derive(Debug)]
pub(super) struct Numbered<T, const PIECE: usize = 16_384> {
    first: u64,
    /// All but the last are full.
    pieces: VecDeque<Vec<T>>,
    /// How many items of the first piece were dropped.
    dropped: usize,
}

impl<T, const PIECE: usize> Default for Numbered<T, PIECE> {
    fn default() -> Self {
        Self {
            first: 0,
            pieces: VecDeque::new(),
            dropped: 0,
        }
    }
}

impl<T: Copy, const PIECE: usize> Numbered<T, PIECE> {
    /// The number of the oldest item.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next item will have.
    pub(super) fn end(&self) -> u64 {
        let last = self.pieces.back().map_or(0, Vec::len);
        let full = self.pieces.len().saturating_sub(1) * PIECE;
        self.first + (full + last - self.dropped) as u64
    }

    pub(super) fn push(&mut self, item: T) {
        match self.pieces.back_mut() {
            Some(last) if last.len() < PIECE => last.push(item),
            _ => {
                // Many queues never have another piece than the first, nor much in it.
                let room = if self.pieces.is_empty() { 1 } else { PIECE };
                let mut piece = Vec::with_capacity(room);
                piece.push(item);
                self.pieces.push_back(piece);
            }
        }
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        let item = *self.front()?;
        self.first += 1;
        self.dropped += 1;
        if self.dropped == PIECE {
            self.pieces.pop_front();
            self.dropped = 0;
        }
        Some(item)
    }

    pub(super) fn get(&self, number: u64) -> Option<&T> {
        let place = self.place(number)?;
        self.pieces.get(place / PIECE)?.get(place % PIECE)
    }

    /// The items of these numbers, which must all be there, each with its own.
    pub(super) fn range(&self, numbers: Range<u64>) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        let place = |number| self.place(number).unwrap_or(usize::MAX);
        let places = place(numbers.start)..place(numbers.end);
        let number = move |place: usize| numbers.start + (place - places.start) as u64;
        let pieces = places.start / PIECE..places.end.div_ceil(PIECE);
        pieces.flat_map(move |piece| {
            let begin = piece * PIECE;
            let within = places.start.max(begin)..places.end.min(begin + PIECE);
            let items = &self.pieces[piece][within.start - begin..within.end - begin];
            let first = number(within.start);
            items
                .iter()
                .enumerate()
                .map(move |(place, item)| (first + place as u64, item))
        })
    }

    pub(super) fn front(&self) -> Option<&T> {
        self.get(self.first)
    }

    pub(super) fn back(&self) -> Option<&T> {
        self.get(self.end().checked_sub(1)?)
    }

    /// The number of the first item of which this is not so. It is so of all before that one and of none after it.
    pub(super) fn partition_point(&self, mut is_before: impl FnMut(&T) -> bool) -> u64 {
        let (mut from, mut to) = (self.first, self.end());
        while from < to {
            let middle = u64::midpoint(from, to);
            if self.get(middle).is_some_and(&mut is_before) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// The number whose low half this is: so much is enough, as no more items than that fit into memory at one time.
    pub(super) fn whole(&self, low: u32) -> u64 {
        self.first + u64::from(low.wrapping_sub(low_half(self.first)))
    }

    /// Where the item of a number stands, counted from the beginning of the first piece.
    fn place(&self, number: u64) -> Option<usize> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        place.checked_add(self.dropped)
    }
}

/// What is kept of a number where there are many of them.
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
pub(super) fn low_half(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever comes and goes, the items that are left are those that came last, by their numbers.
        #[test]
        fn it_is_the_end_of_all_that_came(
            turns in prop::collection::vec((0..30_u64, 0..30_u64), 0..6),
            cut in any::<[prop::sample::Index; 2]>(),
        ) {
            let mut queue = Numbered::<_, 8>::default();
            let (mut first, mut end) = (0, 0);
            for (come, go) in turns {
                (end..end + come).for_each(|number| queue.push(number));
                end += come;
                for _ in 0..go {
                    prop_assert_eq!(queue.pop(), (first < end).then_some(first));
                    first = end.min(first + 1);
                }
            }
            prop_assert_eq!((queue.first(), queue.end()), (first, end));
            prop_assert_eq!(queue.front().copied(), (first < end).then_some(first));
            prop_assert_eq!(queue.back().copied(), (first < end).then(|| end - 1));
            let size = usize::try_from(end - first + 1).unwrap();
            let [one, other] = cut.map(|cut| first + cut.index(size) as u64);
            let (from, to) = (one.min(other), one.max(other));
            let pairs = || (from..to).map(|number| (number, number));
            prop_assert!(queue.range(from..to).map(|(number, item)| (number, *item)).eq(pairs()));
            prop_assert!(queue.range(from..to).rev().map(|(number, item)| (number, *item)).eq(pairs().rev()));
            prop_assert_eq!(queue.partition_point(|item| *item < from), from);
            prop_assert_eq!(queue.get(to).copied(), (to < end).then_some(to));
        }
    }

    #[test]
    fn an_item_keeps_its_number_when_older_ones_are_dropped() {
        let mut queue = Numbered::<_, 2>::default();
        for item in ["a", "b", "c"] {
            queue.push(item);
        }
        assert_eq!((queue.pop(), queue.first(), queue.end()), (Some("a"), 1, 3));
        assert_eq!(
            [0, 1, 2, 3].map(|number| queue.get(number).copied()),
            [None, Some("b"), Some("c"), None]
        );
    }

    #[test]
    fn a_number_is_known_by_its_low_half_beyond_four_billion() {
        for first in [0, u64::from(u32::MAX) - 1, u64::from(u32::MAX) + 7] {
            let mut queue = Numbered::<_, 2> {
                first,
                ..Numbered::default()
            };
            (0..5).for_each(|_| queue.push(()));
            for number in queue.first()..queue.end() {
                assert_eq!(queue.whole(low_half(number)), number);
            }
        }
    }
}
