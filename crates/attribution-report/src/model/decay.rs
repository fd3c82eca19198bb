//! Halving, in whole numbers.

/// How many binary places a weight has: what lies 32 half-lives back gets less than a billionth.
const PLACES: u32 = 32;

/// `2^-1/2`, `2^-1/4`, `2^-1/8` and so on, with 62 binary places: each is the square root of the one before.
const ROOTS: [u128; 32] = roots();

const fn roots() -> [u128; 32] {
    let mut roots = [0; 32];
    let mut last: u128 = 1 << 61;
    let mut index = 0;
    while index < roots.len() {
        last = (last << 62).isqrt();
        roots[index] = last;
        index += 1;
    }
    roots
}

/// Half of the weight for each half-life of age, both in the same unit: `2^32 × 2^(-age ÷ half_life)`, rounded down.
pub(super) fn halved(age: u64, half_life: u64) -> u64 {
    let half_lives = age / half_life;
    if half_lives > u64::from(PLACES) {
        return 0;
    }
    let rest = u128::from(age % half_life);
    let fraction = (rest << 32) / u128::from(half_life);
    let mut weight: u128 = 1 << 62;
    for (place, root) in ROOTS.iter().enumerate() {
        if fraction >> (31 - place) & 1 == 1 {
            weight = (weight * root) >> 62;
        }
    }
    u64::try_from(weight >> (62 - u64::from(PLACES) + half_lives)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_life_halves() {
        assert_eq!(halved(0, 7), 1 << 32);
        assert_eq!(halved(7, 7), 1 << 31);
        assert_eq!(halved(70, 7), 1 << 22);
        assert_eq!(halved(7 * 33, 7), 0);
        assert_eq!(halved(u64::MAX, 1), 0);
    }

    #[test]
    fn a_fraction_of_one_halves_by_its_fraction() {
        for age in 0..1_000_u32 {
            let exact = 2_f64.powf(-f64::from(age) / 100.0) * 2_f64.powi(32);
            let found = halved(age.into(), 100);
            #[expect(clippy::cast_precision_loss, reason = "a comparison that allows for it")]
            let difference = found as f64 - exact;
            assert!(difference.abs() <= 4.0, "{age}: {found} {exact}");
        }
    }
}
