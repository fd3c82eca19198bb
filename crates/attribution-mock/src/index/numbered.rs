use std::collections::VecDeque;
use std::ops::Range;

/// A queue whose items have numbers, from 0, which they keep when older ones are dropped.
#[derive(Debug)]
pub(super) struct Numbered<T> {
    first: u64,
    items: VecDeque<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            first: 0,
            items: VecDeque::new(),
        }
    }
}

impl<T> Numbered<T> {
    /// The number of the oldest item.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next item will have.
    pub(super) fn end(&self) -> u64 {
        self.first + self.items.len() as u64
    }

    pub(super) fn push(&mut self, item: T) {
        // By itself it would grow to twice its size, and half of that may lie empty for good.
        if self.items.len() == self.items.capacity() {
            self.items.reserve_exact(self.items.len() / 4 + 16);
        }
        self.items.push_back(item);
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        let item = self.items.pop_front()?;
        self.first += 1;
        Some(item)
    }

    pub(super) fn get(&self, number: u64) -> Option<&T> {
        let place = number.checked_sub(self.first)?;
        self.items.get(usize::try_from(place).ok()?)
    }

    /// The items of these numbers, which must all be there, each with its own.
    pub(super) fn range(&self, numbers: Range<u64>) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        let place = |number: u64| usize::try_from(number - self.first).unwrap_or(usize::MAX);
        let items = self.items.range(place(numbers.start)..place(numbers.end));
        let from = numbers.start;
        items.enumerate().map(move |(place, item)| (from + place as u64, item))
    }

    pub(super) fn front(&self) -> Option<&T> {
        self.items.front()
    }

    pub(super) fn back(&self) -> Option<&T> {
        self.items.back()
    }

    /// The number of the first item of which this is not so. It is so of all before that one and of none after it.
    pub(super) fn partition_point(&self, is_before: impl FnMut(&T) -> bool) -> u64 {
        self.first + self.items.partition_point(is_before) as u64
    }

    /// The number whose low half this is: so much is enough, as no more items than that fit into memory at one time.
    pub(super) fn whole(&self, low: u32) -> u64 {
        self.first + u64::from(low.wrapping_sub(low_half(self.first)))
    }
}

/// What is kept of a number where there are many of them.
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
pub(super) fn low_half(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_keeps_its_number_when_older_ones_are_dropped() {
        let mut queue = Numbered::default();
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
            let queue = Numbered {
                first,
                items: VecDeque::from([(); 5]),
            };
            for number in queue.first()..queue.end() {
                assert_eq!(queue.whole(low_half(number)), number);
            }
        }
    }
}
