//! Numbers as JSON writes them, compared and added by what they are worth.

use std::cmp::Ordering;

use serde_json::Number;

/// How two numbers lie to one another: exactly where both are whole, else as doubles. None where one is beyond these.
pub(crate) fn order(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i64(), other.as_i64(), one.as_u64(), other.as_u64()) {
        (Some(one), Some(other), ..) => Some(one.cmp(&other)),
        (_, _, Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => double(one)?.partial_cmp(&double(other)?),
    }
}

/// Whether it can be counted with: it is not beyond a double.
pub(crate) fn is_usable(number: &Number) -> bool {
    double(number).is_some()
}

/// The sum: exact where all are whole and it is too, else of doubles, told to fifteen digits.
pub(crate) fn sum<'a>(numbers: impl Iterator<Item = &'a Number> + Clone) -> Option<Number> {
    let whole = numbers
        .clone()
        .try_fold(0_i64, |sum, number| sum.checked_add(number.as_i64()?));
    match whole {
        Some(sum) => Some(sum.into()),
        None => told(doubles(numbers).sum()),
    }
}

/// The mean, told to fifteen digits; none of no number.
pub(crate) fn mean<'a>(numbers: impl Iterator<Item = &'a Number> + Clone) -> Option<Number> {
    let (sum, count) = doubles(numbers).fold((0.0, 0.0), |(sum, count), number| (sum + number, count + 1.0));
    told(sum / count)
}

fn doubles<'a>(numbers: impl Iterator<Item = &'a Number>) -> impl Iterator<Item = f64> {
    numbers.filter_map(double)
}

fn double(number: &Number) -> Option<f64> {
    number.as_f64().filter(|number| number.is_finite())
}

/// A double without the noise in its last digits, and without decimals where it has none.
fn told(double: f64) -> Option<Number> {
    /// The whole numbers that a double tells apart from their neighbours: ±2⁵³.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let double: f64 = format!("{double:.14e}").parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of this size is an i64")]
    let number = if double.fract() == 0.0 && double.abs() < EXACT {
        Some(Number::from(double as i64))
    } else {
        Number::from_f64(double)
    };
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<Number> {
        serde_json::from_str(text).unwrap()
    }

    fn shown(number: Option<Number>) -> String {
        number.map_or_else(|| "none".to_owned(), |number| number.to_string())
    }

    #[test]
    fn sums_are_what_a_shop_would_say() {
        let sum = |text| shown(sum(numbers(text).iter()));
        assert_eq!(sum("[19.99, 19.99, 19.99]"), "59.97");
        assert_eq!(sum("[0.1, 0.2]"), "0.3");
        assert_eq!(sum("[99.90, 0.10]"), "100");
        assert_eq!(sum("[]"), "0");
        assert_eq!(sum("[9007199254740993, 1]"), "9007199254740994");
        assert_eq!(sum("[9223372036854775807, 1]"), "9.22337203685478e+18");
        assert_eq!(sum("[1e400, 5]"), "5");
    }

    #[test]
    fn the_mean_of_nothing_is_nothing() {
        assert_eq!(shown(mean(numbers("[]").iter())), "none");
        assert_eq!(shown(mean(numbers("[1, 2]").iter())), "1.5");
        assert_eq!(shown(mean(numbers("[10, 10, 10.0]").iter())), "10");
    }

    #[test]
    fn whole_numbers_beyond_a_double_are_told_apart() {
        let all = numbers("[9007199254740993, 9007199254740992, 18446744073709551615, 18446744073709551614, -1.5]");
        assert_eq!(order(&all[0], &all[1]), Some(Ordering::Greater));
        assert_eq!(order(&all[2], &all[3]), Some(Ordering::Greater));
        assert_eq!(order(&all[4], &all[2]), Some(Ordering::Less));
        assert_eq!(order(&numbers("[1e400]")[0], &all[0]), None);
    }
}
