//! Weights by the place in the path.

use super::kind::Weights;

/// Weights beyond this size are no longer exact to the last unit; paths of more than a million visits have them.
const LARGEST: u64 = 1 << 40;

impl Weights {
    /// What each of `length` visits gets, as whole numbers in the right proportion.
    pub(super) fn of_path(&self, length: usize, weights: &mut Vec<u64>) {
        weights.clear();
        weights.resize(length, 0);
        let anchors = self.0.len().div_ceil(2);
        if length == 1 || anchors < 2 {
            weights.fill(1);
            return;
        }
        // Where each anchor stands: at one visit, or between two.
        let steps = anchors - 1;
        let low = |anchor: usize| anchor * (length - 1) / steps;
        let high = |anchor: usize| (anchor * (length - 1)).div_ceil(steps);
        let gap = |index: usize| low(index + 1).saturating_sub(high(index) + 1);
        let gaps = (0..steps).map(gap).filter(|gap| *gap > 0);
        let scale = gaps
            .fold(1, |scale: u64, gap| scale.saturating_mul(gap as u64))
            .min(LARGEST);
        for anchor in 0..anchors {
            let weight = u64::from(self.0[2 * anchor]) * scale;
            // Both are the same visit where it stands at one.
            weights[low(anchor)] += weight;
            weights[high(anchor)] += weight;
        }
        for index in 0..steps {
            let Some(share) = (u64::from(self.0[2 * index + 1]) * scale * 2).checked_div(gap(index) as u64) else {
                continue;
            };
            for weight in &mut weights[high(index) + 1..low(index + 1)] {
                *weight += share;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::split;

    fn shares(weights: &[u32], length: usize) -> Vec<i64> {
        let mut path = Vec::new();
        Weights(weights.to_vec()).of_path(length, &mut path);
        split(10_000, &path)
    }

    #[test]
    fn first_and_last_get_theirs_and_the_rest_is_shared() {
        assert_eq!(shares(&[40, 20, 40], 1), [10_000]);
        assert_eq!(shares(&[40, 20, 40], 2), [5_000, 5_000]);
        assert_eq!(shares(&[60, 20, 20], 2), [7_500, 2_500]);
        assert_eq!(shares(&[40, 20, 40], 3), [4_000, 2_000, 4_000]);
        assert_eq!(shares(&[40, 20, 40], 6), [4_000, 500, 500, 500, 500, 4_000]);
    }

    #[test]
    fn a_w_has_a_middle() {
        assert_eq!(shares(&[30, 5, 30, 5, 30], 3), [3_334, 3_333, 3_333]);
        assert_eq!(shares(&[30, 5, 30, 5, 30], 5), [3_000, 500, 3_000, 500, 3_000]);
        assert_eq!(shares(&[30, 5, 30, 5, 30], 2), [5_000, 5_000]);
        // The middle falls between the second and the third.
        assert_eq!(shares(&[30, 5, 30, 5, 30], 4), [3_333, 1_667, 1_667, 3_333]);
        assert_eq!(
            shares(&[30, 5, 30, 5, 30], 7),
            [3_000, 250, 250, 3_000, 250, 250, 3_000]
        );
    }
}
