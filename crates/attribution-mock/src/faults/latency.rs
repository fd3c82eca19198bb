use std::f64::consts::TAU;
use std::time::Duration;

use clock::Random;

use super::error::FaultError;

/// A log-normal latency without a cap of its own ends at so many times its median.
const CAP_IN_MEDIANS: u32 = 100;

/// Beyond this every other draw would be the cap.
const WIDEST: f64 = 10.0;

/// How late an answer is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Latency {
    /// Always the same.
    Fixed(Duration),
    /// Anything between two, each as likely as the other.
    Uniform {
        /// The shortest.
        from: Duration,
        /// The longest.
        to: Duration,
    },
    /// Mostly short and sometimes long, as servers are: its logarithm is normally distributed.
    LogNormal {
        /// Half of the answers are faster.
        median: Duration,
        /// The standard deviation of the logarithm, above 0 and at most 10: at 1, one answer in six is slower than
        /// 2.7 medians.
        sigma: f64,
        /// No answer is slower; none is a hundred medians.
        cap: Option<Duration>,
    },
}

impl From<Duration> for Latency {
    fn from(duration: Duration) -> Self {
        Self::Fixed(duration)
    }
}

impl Latency {
    pub(super) fn check(self) -> Result<(), FaultError> {
        match self {
            Self::Uniform { from, to } if from > to => Err(FaultError::Uniform),
            Self::LogNormal { sigma, .. } if !(sigma > 0.0 && sigma <= WIDEST) => Err(FaultError::Sigma),
            Self::LogNormal { median, cap, .. } if median.is_zero() || cap.is_some_and(|cap| cap < median) => {
                Err(FaultError::Median)
            }
            Self::Fixed(_) | Self::Uniform { .. } | Self::LogNormal { .. } => Ok(()),
        }
    }

    pub(super) fn draw(self, random: &mut Random) -> Duration {
        match self {
            Self::Fixed(duration) => duration,
            Self::Uniform { from, to } => from + random.duration_up_to(to.saturating_sub(from)),
            Self::LogNormal { median, sigma, cap } => {
                let cap = cap.unwrap_or_else(|| median.saturating_mul(CAP_IN_MEDIANS));
                let seconds = median.as_secs_f64() * (sigma * normal(random)).exp();
                // Beyond what a duration can be, it is beyond the cap.
                Duration::try_from_secs_f64(seconds).map_or(cap, |drawn| drawn.min(cap))
            }
        }
    }
}

/// A number of the standard normal distribution, by the method of Box and Muller.
fn normal(random: &mut Random) -> f64 {
    // Above 0, of which there is no logarithm.
    let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
    radius * (TAU * random.unit()).cos()
}

#[cfg(test)]
mod tests {
    use clock::Seed;
    use proptest::prelude::*;

    use super::*;

    const MEDIAN: Duration = Duration::from_millis(200);

    fn draws(latency: Latency) -> Vec<Duration> {
        let mut random = Seed::from(7).random("latency");
        (0..10_000).map(|_| latency.draw(&mut random)).collect()
    }

    #[test]
    fn half_of_a_log_normal_latency_is_below_its_median_and_a_sixth_above_one_sigma() {
        let (sigma, cap) = (0.8, None);
        let median = MEDIAN;
        let drawn = draws(Latency::LogNormal { median, sigma, cap });
        let below = |bound: Duration| drawn.iter().filter(|drawn| **drawn < bound).count();
        assert!((4_800..5_200).contains(&below(MEDIAN)), "{}", below(MEDIAN));
        let one_sigma = below(MEDIAN.mul_f64(0.8_f64.exp()));
        assert!((8_300..8_530).contains(&one_sigma), "{one_sigma}");
    }

    proptest! {
        #[test]
        fn no_latency_leaves_its_bounds(
            seed: u64, from in 0..10_000_u64, length in 0..10_000_u64, median in 1..10_000_u64, sigma in 0.01..10.0,
        ) {
            let millis = Duration::from_millis;
            let (from, to) = (millis(from), millis(from + length));
            let mut random = Seed::from(seed).random("latency");
            let uniform = Latency::Uniform { from, to };
            prop_assert!(uniform.check().is_ok() && (from..=to).contains(&uniform.draw(&mut random)));
            let log_normal = Latency::LogNormal { median: millis(median), sigma, cap: Some(millis(median * 3)) };
            prop_assert!(log_normal.check().is_ok() && log_normal.draw(&mut random) <= millis(median * 3));
            let uncapped = Latency::LogNormal { median: millis(median), sigma, cap: None };
            prop_assert!(uncapped.draw(&mut random) <= millis(median * 100));
        }
    }
}
