//! Removal effects: how many conversions would be lost without a channel.

use std::collections::BTreeMap;

/// How often paths went from one channel to the next, to a conversion, or to nothing.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    channels: usize,
    moves: BTreeMap<(usize, usize), u64>,
}

/// An effect of one has so many binary places.
const PLACES: f64 = 4_294_967_296.0;

impl Chain {
    /// For so many channels.
    pub(crate) fn new(channels: usize) -> Self {
        Self {
            channels,
            moves: BTreeMap::new(),
        }
    }

    /// One path, and whether it ended in a conversion.
    pub(crate) fn path(&mut self, path: impl Iterator<Item = u16>, converts: bool) {
        let mut from = self.channels;
        for channel in path {
            let to = usize::from(channel);
            *self.moves.entry((from, to)).or_default() += 1;
            from = to;
        }
        if from != self.channels {
            let end = self.channels + 1 + usize::from(converts);
            *self.moves.entry((from, end)).or_default() += 1;
        }
    }

    /// Each channel's removal effect as a whole number: the part of all conversions that is lost when every path that
    /// comes to the channel ends there in nothing.
    ///
    /// With `N` the inverse of `1 - Q`, `Q` being the moves between channels, a path that begins anywhere comes to channel
    /// `c` with probability `N[start, c] / N[c, c]`, and from there it converts as often as one that begins there.
    pub(crate) fn effects(&self) -> Vec<u64> {
        let used: Vec<usize> = (0..self.channels)
            .filter(|channel| self.moves.keys().any(|(from, _)| from == channel))
            .collect();
        let place = |channel: usize| used.binary_search(&channel).ok();
        let size = used.len();
        let mut totals: BTreeMap<usize, u64> = BTreeMap::new();
        for ((from, _), count) in &self.moves {
            *totals.entry(*from).or_default() += count;
        }
        let (mut start, mut converts) = (vec![0.0; size], vec![0.0; size]);
        // 1 - Q on the left, 1 on the right, which becomes the inverse.
        let mut rows: Vec<Vec<f64>> = (0..size)
            .map(|row| {
                (0..2 * size)
                    .map(|column| f64::from(u8::from(column % size == row)))
                    .collect()
            })
            .collect();
        for ((from, to), count) in &self.moves {
            let part = ratio(*count, totals[from]);
            match (place(*from), place(*to)) {
                (None, Some(to)) => start[to] = part,
                (Some(from), Some(to)) => rows[from][to] -= part,
                (Some(from), None) if *to == self.channels + 2 => converts[from] = part,
                _ => {}
            }
        }
        invert(&mut rows);
        let inverse = |row: usize, column: usize| rows[row][size + column];
        let from = |row: usize| {
            (0..size)
                .map(|column| inverse(row, column) * converts[column])
                .sum::<f64>()
        };
        let reach = |column: usize| (0..size).map(|row| start[row] * inverse(row, column)).sum::<f64>();
        let all: f64 = (0..size).map(|row| start[row] * from(row)).sum();
        let mut effects = vec![0; self.channels];
        for (index, channel) in used.iter().enumerate() {
            let lost = reach(index) / inverse(index, index) * from(index) / all;
            effects[*channel] = whole(lost);
        }
        effects
    }
}

/// Gauss and Jordan. Every row of `1 - Q` has its largest number on the diagonal, since every path ends: no row is swapped.
fn invert(rows: &mut [Vec<f64>]) {
    for pivot in 0..rows.len() {
        let by = rows[pivot][pivot];
        rows[pivot].iter_mut().for_each(|value| *value /= by);
        let pivot_row = rows[pivot].clone();
        for (index, row) in rows.iter_mut().enumerate() {
            let factor = row[pivot];
            if index != pivot && factor != 0.0 {
                for (value, pivot_value) in row.iter_mut().zip(&pivot_row) {
                    *value -= factor * pivot_value;
                }
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of paths stay below 2^53")]
fn ratio(count: u64, total: u64) -> f64 {
    count as f64 / total as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 2^32, and what is no number is 0"
)]
fn whole(effect: f64) -> u64 {
    (effect.clamp(0.0, 1.0) * PLACES + 0.5).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In thousandths.
    fn effects(paths: &[(&[u16], bool)]) -> Vec<u64> {
        let mut chain = Chain::new(3);
        for (path, converts) in paths {
            chain.path(path.iter().copied(), *converts);
        }
        chain
            .effects()
            .iter()
            .map(|effect| (effect * 1000 + (1 << 31)) >> 32)
            .collect()
    }

    #[test]
    fn a_channel_on_every_converting_path_has_the_whole_effect() {
        assert_eq!(effects(&[(&[0, 1], true), (&[1], false)]), [500, 1000, 0]);
        assert_eq!(effects(&[(&[0], true), (&[1], true)]), [500, 500, 0]);
        assert_eq!(effects(&[(&[0], false)]), [0, 0, 0]);
        assert_eq!(effects(&[]), [0, 0, 0]);
    }

    #[test]
    fn the_effect_is_that_of_the_textbook() {
        // Start→0 always; 0→1 in half, 0→nothing in half; 1→2 always; 2→conversion in half of the times it is reached.
        let paths: [(&[u16], bool); 4] = [(&[0, 1, 2], true), (&[0, 1, 2], false), (&[0], false), (&[0], false)];
        assert_eq!(effects(&paths), [1000, 1000, 1000]);
        let paths: [(&[u16], bool); 4] = [(&[0], true), (&[0, 1], true), (&[1], true), (&[1], false)];
        // Start→0: 1/2, →1: 1/2. 0→conversion 1/2, 0→1 1/2. 1→conversion 2/3. P(0) = 1/2 + 1/3 = 5/6, P(1) = 2/3,
        // P = 3/4. Without 0: 1/2 · 2/3 = 1/3, lost 5/9. Without 1: 1/2 · 1/2 = 1/4, lost 2/3.
        assert_eq!(effects(&paths), [556, 667, 0]);
    }
}
