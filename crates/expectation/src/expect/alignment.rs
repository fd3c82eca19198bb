//! Which expected row is held against which observed one, when there are too many or too few.

use std::collections::VecDeque;

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

/// Gives each item a row of its own, as many items as possible; `rows[item]` are the rows it may have.
pub(super) fn assign(rows: &[Vec<usize>], observed: usize) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; observed];
    let mut assigned = vec![None; rows.len()];
    for item in 0..rows.len() {
        make_room(item, rows, &mut owners, &mut assigned);
    }
    assigned
}

/// A shortest augmenting path: the item takes a free row, or the row of one that finds another.
fn make_room(item: usize, rows: &[Vec<usize>], owners: &mut [Option<usize>], assigned: &mut [Option<usize>]) {
    let mut wanted_by: Vec<Option<usize>> = vec![None; owners.len()];
    let mut waiting = VecDeque::from([item]);
    while let Some(seeker) = waiting.pop_front() {
        for &row in &rows[seeker] {
            if wanted_by[row].is_some() {
                continue;
            }
            wanted_by[row] = Some(seeker);
            match owners[row] {
                Some(owner) => waiting.push_back(owner),
                None => return hand_on(row, &wanted_by, owners, assigned),
            }
        }
    }
}

/// Gives a free row to the item that wants it, that item's row to the next, and so on.
fn hand_on(free: usize, wanted_by: &[Option<usize>], owners: &mut [Option<usize>], assigned: &mut [Option<usize>]) {
    let mut next = Some(free);
    while let Some((row, item)) = next.and_then(|row| Some((row, wanted_by[row]?))) {
        owners[row] = Some(item);
        next = assigned[item].replace(row);
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
        assert_eq!(assign(&[vec![0, 1], vec![0]], 2), [Some(1), Some(0)]);
        assert_eq!(assign(&[vec![0], vec![0]], 1), [Some(0), None]);
        assert_eq!(
            assign(&[vec![0, 1], vec![1, 2], vec![0], vec![0, 1, 2]], 3),
            [Some(1), Some(2), Some(0), None]
        );
    }

    #[test]
    fn many_items_that_may_have_any_row_are_no_deep_recursion() {
        let rows = vec![(0..1_000).collect::<Vec<_>>(); 1_001];
        let assigned = assign(&rows, 1_000);
        assert_eq!(assigned.iter().flatten().count(), 1_000);
        assert_eq!(assigned[1_000], None);
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
            rows in prop::collection::vec(prop::collection::btree_set(0_usize..5, 0..4), 0..6),
        ) {
            let rows: Vec<Vec<usize>> = rows.into_iter().map(|rows| rows.into_iter().collect()).collect();
            let assigned = assign(&rows, 5);
            let mut taken: Vec<usize> = assigned.iter().copied().flatten().collect();
            prop_assert!(assigned.iter().zip(&rows).all(|(row, rows)| row.is_none_or(|row| rows.contains(&row))));
            prop_assert_eq!(taken.len(), most(&rows, 0));
            taken.sort_unstable();
            taken.dedup();
            prop_assert_eq!(taken.len(), assigned.iter().flatten().count());
        }
    }
}
