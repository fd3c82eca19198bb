//! Which expected row is held against which observed one, when there are too many or too few.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// An expected row and the observed one it is held against; one of them may be missing.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// What leaving out a row costs: as much as the most different pair, so that pairs are made where they can be.
const GAP: usize = 1_000;

/// The most pairs that are compared; beyond, rows are paired by position.
const MOST: usize = 250_000;

/// Pairs rows in order so that as few as possible stay alone, and those that are paired differ as little as possible.
/// Where that leaves a choice, the earlier rows are paired and the later one is alone.
///
/// `differences(i, j)` is in how many fields the expected row `i` and the observed row `j` differ. This is the edit
/// distance of what is left of the two lists, read forwards from its table.
pub(super) fn align(expected: usize, observed: usize, differences: impl Fn(usize, usize) -> usize) -> Vec<Pair> {
    if expected == observed || expected.saturating_mul(observed) > MOST {
        return by_position(expected, observed);
    }
    let width = observed + 1;
    let cell = |i: usize, j: usize| i * width + j;
    let price = |i: usize, j: usize| match differences(i, j) {
        0 => 0,
        some => GAP + some.min(GAP - 1),
    };
    let mut costs = vec![0; (expected + 1) * width];
    let mut prices = vec![0; expected * observed];
    for j in 0..observed {
        costs[cell(expected, j)] = (observed - j) * GAP;
    }
    for i in (0..expected).rev() {
        costs[cell(i, observed)] = (expected - i) * GAP;
        for j in (0..observed).rev() {
            let price = price(i, j);
            prices[i * observed + j] = price;
            let paired = costs[cell(i + 1, j + 1)] + price;
            costs[cell(i, j)] = paired.min(costs[cell(i + 1, j)] + GAP).min(costs[cell(i, j + 1)] + GAP);
        }
    }
    forwards(
        expected,
        observed,
        |i, j| costs[cell(i, j)],
        |i, j| prices[i * observed + j],
    )
}

fn forwards(
    expected: usize,
    observed: usize,
    cost: impl Fn(usize, usize) -> usize,
    price: impl Fn(usize, usize) -> usize,
) -> Vec<Pair> {
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::with_capacity(expected.max(observed));
    while i < expected || j < observed {
        if i < expected && j < observed && cost(i, j) == cost(i + 1, j + 1) + price(i, j) {
            pairs.push((Some(i), Some(j)));
            (i, j) = (i + 1, j + 1);
        } else if i < expected && cost(i, j) == cost(i + 1, j) + GAP {
            pairs.push((Some(i), None));
            i += 1;
        } else {
            pairs.push((None, Some(j)));
            j += 1;
        }
    }
    pairs
}

fn by_position(expected: usize, observed: usize) -> Vec<Pair> {
    let one = |index: usize, length: usize| (index < length).then_some(index);
    (0..expected.max(observed))
        .map(|index| (one(index, expected), one(index, observed)))
        .collect()
}

/// Gives each item a row of its own, as many items as possible. `kinds[item]` is of which kind an item is, and `rows[kind]`
/// are the rows that those of a kind may have.
pub(super) fn assign(kinds: &[usize], rows: &[Vec<usize>], observed: usize) -> Vec<Option<usize>> {
    let mut assignment = Assignment {
        kinds,
        rows,
        taken: vec![0; rows.len()],
        is_full: vec![false; rows.len()],
        owners: vec![None; observed],
        assigned: vec![None; kinds.len()],
    };
    for item in 0..kinds.len() {
        assignment.make_room(item);
    }
    assignment.assigned
}

/// Who has which row so far. A row that has an owner has one ever after, though maybe another.
struct Assignment<'a> {
    kinds: &'a [usize],
    rows: &'a [Vec<usize>],
    /// By kind: so many of its rows, from the first, have owners.
    taken: Vec<usize>,
    /// By kind: whether no further item of it can have a row, whoever goes over to another.
    is_full: Vec<bool>,
    /// By row.
    owners: Vec<Option<usize>>,
    assigned: Vec<Option<usize>>,
}

impl Assignment<'_> {
    /// A shortest augmenting path: the item takes a free row, or the row of one that finds another. Whoever is of one kind
    /// finds the same, so one of each is asked.
    fn make_room(&mut self, item: usize) {
        let mut wanted_by: HashMap<usize, Option<usize>> = HashMap::from([(self.kinds[item], None)]);
        let mut asked = vec![item];
        let mut next = 0;
        while let Some(&seeker) = asked.get(next) {
            next += 1;
            let kind = self.kinds[seeker];
            if self.is_full[kind] {
                continue;
            }
            if let Some(free) = self.free(kind) {
                return self.hand_on(free, seeker, &wanted_by);
            }
            for owner in self.rows[kind].iter().filter_map(|row| self.owners[*row]) {
                if let Entry::Vacant(first) = wanted_by.entry(self.kinds[owner]) {
                    first.insert(Some(seeker));
                    asked.push(owner);
                }
            }
        }
        for seeker in asked {
            self.is_full[self.kinds[seeker]] = true;
        }
    }

    /// The first free row of a kind.
    fn free(&mut self, kind: usize) -> Option<usize> {
        let rows = &self.rows[kind][self.taken[kind]..];
        let place = rows.iter().position(|row| self.owners[*row].is_none());
        self.taken[kind] += place.unwrap_or(rows.len());
        rows.get(place?).copied()
    }

    /// Gives a free row to the item that is to have it, that item's row to whoever wants it, and so on.
    fn hand_on(&mut self, free: usize, item: usize, wanted_by: &HashMap<usize, Option<usize>>) {
        let (mut row, mut item) = (Some(free), Some(item));
        while let Some((given, owner)) = row.zip(item) {
            self.owners[given] = Some(owner);
            row = self.assigned[owner].replace(given);
            item = wanted_by[&self.kinds[owner]];
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{align, assign};

    fn aligned(expected: &str, observed: &str) -> String {
        let (left, right): (Vec<char>, Vec<char>) = (expected.chars().collect(), observed.chars().collect());
        let pairs = align(left.len(), right.len(), |i, j| usize::from(left[i] != right[j]));
        let show = |letters: &[char], index: Option<usize>| index.map_or('-', |index| letters[index]);
        pairs
            .iter()
            .flat_map(|(i, j)| [show(&left, *i), show(&right, *j), ' '])
            .collect()
    }

    /// How many items can have a row of their own, by trying everything.
    fn most(rows: &[Vec<usize>], taken: u32) -> usize {
        let Some((first, rest)) = rows.split_first() else {
            return 0;
        };
        let free = first.iter().filter(|row| taken & (1 << **row) == 0);
        let with = free.map(|row| 1 + most(rest, taken | (1 << row)));
        with.chain([most(rest, taken)]).max().unwrap_or_default()
    }

    #[test]
    fn an_extra_row_is_found_where_it_is() {
        assert_eq!(aligned("ac", "abc"), "aa -b cc ");
        assert_eq!(aligned("abc", "bc"), "a- bb cc ");
    }

    #[test]
    fn a_changed_row_beside_an_extra_one_stays_a_pair() {
        assert_eq!(aligned("ab", "axy"), "aa bx -y ");
    }

    #[test]
    fn of_equal_rows_the_later_ones_are_alone() {
        assert_eq!(aligned("a", "aa"), "aa -a ");
        assert_eq!(aligned("aa", "a"), "aa a- ");
        assert_eq!(aligned("ab", "aab"), "aa -a bb ");
    }

    #[test]
    fn lists_of_one_length_are_paired_by_position() {
        assert_eq!(aligned("ab", "ba"), "ab ba ");
    }

    #[test]
    fn an_item_makes_room_for_another() {
        assert_eq!(assign(&[0, 1], &[vec![0, 1], vec![0]], 2), [Some(1), Some(0)]);
        assert_eq!(assign(&[0, 0], &[vec![0]], 1), [Some(0), None]);
        assert_eq!(
            assign(&[0, 1, 2, 3], &[vec![0, 1], vec![1, 2], vec![0], vec![0, 1, 2]], 3),
            [Some(1), Some(2), Some(0), None]
        );
    }

    #[test]
    fn many_items_of_one_kind_or_of_as_many_are_assigned_in_no_time() {
        let rows = vec![(0..1_000).collect::<Vec<_>>(); 1_001];
        for kinds in [vec![0; 1_001], (0..1_001).collect::<Vec<_>>()] {
            let assigned = assign(&kinds, &rows, 1_000);
            assert_eq!(assigned.iter().flatten().count(), 1_000);
            assert_eq!(assigned[1_000], None);
        }
    }

    proptest! {
        #[test]
        fn every_row_is_in_exactly_one_pair_in_order(expected in "[ab]{0,8}", observed in "[ab]{0,8}") {
            let (left, right) = (expected.as_bytes(), observed.as_bytes());
            let pairs = align(left.len(), right.len(), |i, j| usize::from(left[i] != right[j]));
            let all = |length: usize| (0..length).collect::<Vec<_>>();
            prop_assert_eq!(pairs.iter().filter_map(|pair| pair.0).collect::<Vec<_>>(), all(left.len()));
            prop_assert_eq!(pairs.iter().filter_map(|pair| pair.1).collect::<Vec<_>>(), all(right.len()));
            let alone = pairs.iter().filter(|pair| pair.0.is_none() || pair.1.is_none()).count();
            prop_assert!(alone >= left.len().abs_diff(right.len()));
        }

        #[test]
        fn as_many_items_as_possible_have_a_row_of_their_own(
            rows in prop::collection::vec(prop::collection::btree_set(0_usize..5, 0..4), 4),
            kinds in prop::collection::vec(0_usize..4, 0..7),
        ) {
            let rows: Vec<Vec<usize>> = rows.into_iter().map(|rows| rows.into_iter().collect()).collect();
            let assigned = assign(&kinds, &rows, 5);
            let of_item: Vec<Vec<usize>> = kinds.iter().map(|kind| rows[*kind].clone()).collect();
            let mut taken: Vec<usize> = assigned.iter().copied().flatten().collect();
            prop_assert!(assigned.iter().zip(&of_item).all(|(row, rows)| row.is_none_or(|row| rows.contains(&row))));
            // Earlier items come first: each has a row as soon as it can have one beside those before it.
            for first in 0..=kinds.len() {
                let there = assigned[..first].iter().flatten().count();
                prop_assert_eq!(there, most(&of_item[..first], 0));
            }
            taken.sort_unstable();
            taken.dedup();
            prop_assert_eq!(taken.len(), assigned.iter().flatten().count());
        }
    }
}
