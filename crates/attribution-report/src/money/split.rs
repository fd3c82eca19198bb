/// Divides whole units by weights, over and over without new memory.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    remainders: Vec<(u128, usize)>,
}

impl Splitter {
    /// Divides `total` in proportion to the weights, whose sum must not be zero, and appends the shares. They always add up
    /// to the total: each gets its whole units, and what is left goes, unit by unit, to the largest remainders, of equal
    /// ones to the first. A weight of zero gets nothing; a negative total is divided as the positive one.
    pub fn split(&mut self, total: i64, weights: &[u64], shares: &mut Vec<i64>) {
        let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        if let [_] = weights {
            shares.push(total);
            return;
        }
        if sum == 0 {
            shares.extend(weights.iter().map(|_| 0));
            return;
        }
        let first = shares.len();
        let size = total.unsigned_abs();
        let mut left = size;
        self.remainders.clear();
        for (index, weight) in weights.iter().enumerate() {
            let (whole, remainder) = share(size, *weight, sum);
            left -= whole;
            self.remainders.push((remainder, index));
            shares.push(signed(whole));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        if most > 0 {
            self.remainders
                .sort_unstable_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
            for (_, index) in self.remainders.iter().take(most) {
                shares[first + index] += 1;
            }
        }
        if total < 0 {
            shares[first..].iter_mut().for_each(|share| *share = -*share);
        }
    }
}

/// The whole units of a weight's share, and what is left of it. Dividing 128 bits takes many times as long as 64.
fn share(size: u64, weight: u64, sum: u128) -> (u64, u128) {
    if let (Some(product), Ok(sum)) = (size.checked_mul(weight), u64::try_from(sum)) {
        return (product / sum, u128::from(product % sum));
    }
    let product = u128::from(size) * u128::from(weight);
    (u64::try_from(product / sum).unwrap_or(size), product % sum)
}

fn signed(units: u64) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

/// [`Splitter::split`] once.
///
/// ```
/// use attribution_report::money::split;
///
/// assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
/// assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
/// ```
pub fn split(total: i64, weights: &[u64]) -> Vec<i64> {
    let mut shares = Vec::with_capacity(weights.len());
    Splitter::default().split(total, weights, &mut shares);
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_remainder_gets_what_is_left() {
        assert_eq!(split(10, &[40, 20, 40]), [4, 2, 4]);
        assert_eq!(split(1, &[1, 2, 1]), [0, 1, 0]);
        assert_eq!(split(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(split(5, &[0, 1, 0]), [0, 5, 0]);
        assert_eq!(split(5, &[]), [0_i64; 0]);
        assert_eq!(split(5, &[0, 0]), [0, 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn shares_add_up_and_are_never_off_by_a_unit(
            total in -1_000_000_000_000_000_000_i64..=1_000_000_000_000_000_000,
            weights in prop::collection::vec(prop_oneof![0..10_u64, 0..=1_u64 << 62], 1..12),
        ) {
            let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            prop_assume!(sum > 0);
            let shares = split(total, &weights);
            prop_assert_eq!(shares.iter().map(|share| i128::from(*share)).sum::<i128>(), i128::from(total));
            for (share, weight) in shares.iter().zip(&weights) {
                let exact = i128::from(total) * i128::from(*weight);
                prop_assert!((i128::from(*share) * sum - exact).abs() < sum);
                prop_assert!(*weight > 0 || *share == 0);
            }
        }
    }
}
