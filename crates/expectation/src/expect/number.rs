//! Numbers by value: `99.9` is `99.90` and `1e2`, exactly and without going through binary floating point.

use std::cmp::Ordering;

use serde_json::Number;

/// How two numbers lie to each other.
pub(super) fn compare(left: &Number, right: &Number) -> Ordering {
    let (left, right) = (Decimal::of(&left.to_string()), Decimal::of(&right.to_string()));
    left.cmp(&right)
}

/// Whether two numbers are at most so far apart.
///
/// Asked for by people who don't want exactness, so that the last bit of a double may be wrong.
pub(super) fn close(left: &Number, right: &Number, within: &Number) -> bool {
    if compare(left, right).is_eq() {
        return true;
    }
    let double = |number: &Number| {
        number
            .to_string()
            .parse::<f64>()
            .ok()
            .filter(|double| double.is_finite())
    };
    let (Some(left), Some(right), Some(within)) = (double(left), double(right), double(within)) else {
        return false;
    };
    let rounding = left.abs().max(right.abs()) * f64::EPSILON;
    (left - right).abs() <= within + 2.0 * rounding
}

/// A decimal number as `0.DIGITS × 10^exponent`, with neither leading nor trailing zeros among the digits.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Takes the text of a JSON number. Exponents beyond `i64` are its ends.
    fn of(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let leading = all.iter().take_while(|digit| **digit == b'0').count();
        let trailing = all[leading..].iter().rev().take_while(|digit| **digit == b'0').count();
        let digits = all[leading..all.len() - trailing].to_vec();
        if digits.is_empty() {
            return Self {
                negative: false,
                digits,
                exponent: 0,
            };
        }
        let signed = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let exponent = saturating(exponent)
            .saturating_add(signed(whole.len()))
            .saturating_sub(signed(leading));
        Self {
            negative,
            digits,
            exponent,
        }
    }

    /// The sign as it sorts.
    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Digits after the same leading place compare as text does.
        let magnitude = (self.exponent, &self.digits).cmp(&(other.exponent, &other.digits));
        let magnitude = if self.negative { magnitude.reverse() } else { magnitude };
        self.sign().cmp(&other.sign()).then(magnitude)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn saturating(exponent: &str) -> i64 {
    let end = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    exponent.parse().unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use serde_json::Number;

    use super::{close, compare};

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_spelling_does_not_count() {
        for (left, right) in [
            ("99.9", "99.90"),
            ("100", "1e2"),
            ("0.001", "1E-3"),
            ("-0", "0.0"),
            ("1.50e1", "15"),
        ] {
            assert_eq!(
                compare(&number(left), &number(right)),
                Ordering::Equal,
                "{left} {right}"
            );
        }
    }

    #[test]
    fn no_digit_is_lost() {
        let (left, right) = ("12345678901234567890123456789", "12345678901234567890123456788");
        assert_eq!(compare(&number(left), &number(right)), Ordering::Greater);
        assert_eq!(
            compare(&number("0.1"), &number("0.10000000000000000001")),
            Ordering::Less
        );
        assert_eq!(
            compare(&number("1e99999999999999999999"), &number("1e400")),
            Ordering::Greater
        );
    }

    #[test]
    fn close_is_close_in_spite_of_doubles() {
        assert!(close(&number("0.4"), &number("0.3"), &number("0.1")));
        assert!(close(&number("1e400"), &number("10e399"), &number("0")));
        assert!(!close(&number("99.88"), &number("99.9"), &number("0.01")));
    }

    proptest! {
        #[test]
        fn it_orders_as_integers_do(left: i64, right: i64) {
            prop_assert_eq!(compare(&Number::from(left), &Number::from(right)), left.cmp(&right));
        }

        #[test]
        fn it_orders_as_doubles_do(left in -1e9..1e9_f64, right in -1e9..1e9_f64) {
            let number = |double: f64| Number::from_f64(double).unwrap();
            prop_assert_eq!(Some(compare(&number(left), &number(right))), left.partial_cmp(&right));
        }
    }
}
