use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::number;

/// What is asked of one value: of a trait, or of an event's property. Null is as good as absent.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// It is this value. Numbers are equal by what they are worth: `99.90` is `99.9`.
    Equals(Value),
    /// It is there (`true`), or not (`false`).
    Exists(bool),
    /// It is text with this text in it, case by case, or a list with this text among its items.
    Contains(String),
    /// It is a number above this one. Text is no number, whatever its digits.
    MoreThan(Number),
    /// It is this number or one above it.
    AtLeast(Number),
    /// It is a number below this one.
    LessThan(Number),
    /// It is this number or one below it.
    AtMost(Number),
}

impl Predicate {
    /// Whether the value is what is asked for.
    ///
    /// ```
    /// use segment_engage::Predicate;
    /// use serde_json::json;
    ///
    /// assert!(Predicate::Equals(json!(99.90)).holds(Some(&json!(99.9))));
    /// assert!(Predicate::Contains("@shop.example".into()).holds(Some(&json!("ada@shop.example"))));
    /// assert!(!Predicate::AtLeast(10.into()).holds(None));
    /// ```
    pub fn holds(&self, value: Option<&Value>) -> bool {
        let value = value.filter(|value| !value.is_null());
        match self {
            Self::Exists(there) => value.is_some() == *there,
            Self::Equals(expected) => value.map_or(expected.is_null(), |value| same(value, expected)),
            Self::Contains(part) => value.is_some_and(|value| contains(value, part)),
            Self::MoreThan(bound) => order(value, bound) == Some(Ordering::Greater),
            Self::AtLeast(bound) => order(value, bound).is_some_and(Ordering::is_ge),
            Self::LessThan(bound) => order(value, bound) == Some(Ordering::Less),
            Self::AtMost(bound) => order(value, bound).is_some_and(Ordering::is_le),
        }
    }
}

fn same(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Number(value), Value::Number(expected)) => number::order(value, expected) == Some(Ordering::Equal),
        _ => value == expected,
    }
}

fn contains(value: &Value, part: &str) -> bool {
    match value {
        Value::String(text) => text.contains(part),
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(part)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

fn order(value: Option<&Value>, bound: &Number) -> Option<Ordering> {
    match value {
        Some(Value::Number(value)) => number::order(value, bound),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Predicate;

    #[test]
    fn numbers_are_compared_by_what_they_are_worth_and_text_is_none() {
        let number = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        for (text, at_least) in [
            ("10", true),
            ("10.0", true),
            ("1e1", true),
            ("9.99", false),
            ("\"11\"", false),
        ] {
            assert_eq!(
                Predicate::AtLeast(10.into()).holds(Some(&number(text))),
                at_least,
                "{text}"
            );
        }
        assert!(Predicate::Equals(json!(10)).holds(Some(&number("10.00"))));
        assert!(!Predicate::Equals(json!(10)).holds(Some(&json!("10"))));
        assert!(!Predicate::MoreThan(10.into()).holds(Some(&json!(10))));
        assert!(!Predicate::LessThan(10.into()).holds(Some(&json!(10))));
        assert!(Predicate::AtMost(10.into()).holds(Some(&json!(10))));
    }

    #[test]
    fn null_is_as_good_as_absent() {
        for nothing in [None, Some(&json!(null))] {
            assert!(Predicate::Exists(false).holds(nothing));
            assert!(!Predicate::Exists(true).holds(nothing));
            assert!(!Predicate::Equals(json!(false)).holds(nothing));
            assert!(!Predicate::Contains(String::new()).holds(nothing));
        }
    }

    #[test]
    fn text_and_lists_contain_text() {
        let vip = Predicate::Contains("vip".into());
        assert!(vip.holds(Some(&json!("a vip."))));
        assert!(vip.holds(Some(&json!(["new", "vip"]))));
        for other in [json!("VIP"), json!(["vips"]), json!({"vip": true}), json!(7)] {
            assert!(!vip.holds(Some(&other)), "{other}");
        }
    }
}
