//! Which expected row is held against which observed one, when there are too many or too few.

/// An expected row and the observed one it is held against; one of them may be missing.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// What leaving out a row costs: as much as the most different pair, so that pairs are made where they can be.
const GAP: usize = 1_000;

/// The most pairs that are compared; beyond, rows are paired by position.
const MOST: usize = 250_000;

/// Pairs rows in order so that as few as possible stay alone, and those that are paired differ as little as possible.
///
/// `differences(i, j)` is in how many fields the expected row `i` and the observed row `j` differ. This is the edit
/// distance of the two lists, read backwards from its table.
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
    for j in 1..=observed {
        costs[cell(0, j)] = j * GAP;
    }
    for i in 1..=expected {
        costs[cell(i, 0)] = i * GAP;
        for j in 1..=observed {
            let price = price(i - 1, j - 1);
            prices[(i - 1) * observed + j - 1] = price;
            let paired = costs[cell(i - 1, j - 1)] + price;
            costs[cell(i, j)] = paired.min(costs[cell(i - 1, j)] + GAP).min(costs[cell(i, j - 1)] + GAP);
        }
    }
    backwards(
        expected,
        observed,
        |i, j| costs[cell(i, j)],
        |i, j| prices[i * observed + j],
    )
}

fn backwards(
    expected: usize,
    observed: usize,
    cost: impl Fn(usize, usize) -> usize,
    price: impl Fn(usize, usize) -> usize,
) -> Vec<Pair> {
    let (mut i, mut j) = (expected, observed);
    let mut pairs = Vec::with_capacity(expected.max(observed));
    while i > 0 || j > 0 {
        if i > 0 && j > 0 && cost(i, j) == cost(i - 1, j - 1) + price(i - 1, j - 1) {
            (i, j) = (i - 1, j - 1);
            pairs.push((Some(i), Some(j)));
        } else if i > 0 && cost(i, j) == cost(i - 1, j) + GAP {
            i -= 1;
            pairs.push((Some(i), None));
        } else {
            j -= 1;
            pairs.push((None, Some(j)));
        }
    }
    pairs.reverse();
    pairs
}

fn by_position(expected: usize, observed: usize) -> Vec<Pair> {
    let one = |index: usize, length: usize| (index < length).then_some(index);
    (0..expected.max(observed))
        .map(|index| (one(index, expected), one(index, observed)))
        .collect()
}

/// Gives each item a row of its own, as many items as possible; `rows[item]` are the rows it may have.
///
/// Augmenting paths: an item takes a free row, or the row of one that finds another.
pub(super) fn assign(rows: &[Vec<usize>], observed: usize) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; observed];
    for item in 0..rows.len() {
        let mut visited = vec![false; observed];
        find_row(item, rows, &mut owners, &mut visited);
    }
    let mut assigned = vec![None; rows.len()];
    for (row, owner) in owners.into_iter().enumerate() {
        if let Some(item) = owner {
            assigned[item] = Some(row);
        }
    }
    assigned
}

fn find_row(item: usize, rows: &[Vec<usize>], owners: &mut [Option<usize>], visited: &mut [bool]) -> bool {
    for &row in &rows[item] {
        if std::mem::replace(&mut visited[row], true) {
            continue;
        }
        let free = match owners[row] {
            Some(owner) => find_row(owner, rows, owners, visited),
            None => true,
        };
        if free {
            owners[row] = Some(item);
            return true;
        }
    }
    false
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

    #[test]
    fn an_extra_row_is_found_where_it_is() {
        assert_eq!(aligned("ac", "abc"), "aa -b cc ");
        assert_eq!(aligned("abc", "bc"), "a- bb cc ");
    }

    #[test]
    fn a_changed_row_beside_an_extra_one_stays_a_pair() {
        assert_eq!(aligned("ab", "axy"), "aa -x by ");
    }

    #[test]
    fn lists_of_one_length_are_paired_by_position() {
        assert_eq!(aligned("ab", "ba"), "ab ba ");
    }

    #[test]
    fn an_item_makes_room_for_another() {
        assert_eq!(assign(&[vec![0, 1], vec![0]], 2), [Some(1), Some(0)]);
        assert_eq!(assign(&[vec![0], vec![0]], 1), [Some(0), None]);
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
    }
}
