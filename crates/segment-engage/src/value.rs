//! What computed traits are worth.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Number, Value};

use crate::computation::Aggregate;
use crate::memory::{Memory, Row};
use crate::number;

/// The value over what is remembered, of which there must be something.
pub(crate) fn of(aggregate: &Aggregate, memory: &Memory) -> Value {
    let rows = match memory {
        Memory::Count(_) | Memory::Times(_) => return memory.count().into(),
        Memory::Rows(rows) => rows.as_slice(),
    };
    let told = |number: Option<Number>| number.map_or(Value::Null, Value::Number);
    let value = |row: Option<&Row>| row.map_or(Value::Null, |row| row.value.clone());
    match aggregate {
        Aggregate::Count => memory.count().into(),
        Aggregate::Sum(_) => told(number::sum(numbers(rows))),
        Aggregate::Average(_) => told(number::mean(numbers(rows))),
        Aggregate::Minimum(_) => told(extreme(rows, Ordering::Less)),
        Aggregate::Maximum(_) => told(extreme(rows, Ordering::Greater)),
        Aggregate::First(_) => value(rows.first()),
        Aggregate::Last(_) => value(rows.last()),
        Aggregate::MostFrequent(_) => value(most_frequent(rows)),
        Aggregate::UniqueList(_) => unique(rows).map(|row| row.value.clone()).collect(),
        Aggregate::UniqueCount(_) => unique(rows).count().into(),
    }
}

/// What is told of someone of whom there was something before, and now there is nothing.
pub(crate) fn of_nothing(aggregate: &Aggregate) -> Value {
    match aggregate {
        Aggregate::Count | Aggregate::Sum(_) | Aggregate::UniqueCount(_) => 0.into(),
        Aggregate::UniqueList(_) => Value::Array(Vec::new()),
        Aggregate::Minimum(_)
        | Aggregate::Maximum(_)
        | Aggregate::Average(_)
        | Aggregate::MostFrequent(_)
        | Aggregate::First(_)
        | Aggregate::Last(_) => Value::Null,
    }
}

fn numbers(rows: &[Row]) -> impl Iterator<Item = &Number> + Clone {
    rows.iter().filter_map(|row| row.value.as_number())
}

/// The number that lies furthest to one side; of several of the same worth, the first.
fn extreme(rows: &[Row], side: Ordering) -> Option<Number> {
    let further = |best: &Number, number: &Number| number::order(number, best) == Some(side);
    let best = numbers(rows).reduce(|best, number| if further(best, number) { number } else { best });
    best.cloned()
}

fn most_frequent(rows: &[Row]) -> Option<&Row> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let (count, last) = counts.entry(worth(&row.value)).or_default();
        *count += 1;
        *last = place;
    }
    let (_, last) = counts.into_values().max()?;
    rows.get(last)
}

/// The first row of each value.
fn unique(rows: &[Row]) -> impl Iterator<Item = &Row> {
    let mut seen = BTreeSet::new();
    rows.iter().filter(move |row| seen.insert(worth(&row.value)))
}

/// A text that two values share if they are the same: of numbers, what they are worth.
fn worth(value: &Value) -> String {
    match value
        .as_f64()
        .filter(|_| value.as_i64().is_none() && value.as_u64().is_none())
    {
        Some(double) => double.to_string(),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use segment_event::Event;
    use serde_json::json;

    use super::*;
    use crate::memory::{Keeps, Slot};
    use crate::selection::Selection;

    /// What an aggregate makes of a property's values, an hour between two events.
    fn made(aggregate: fn(String) -> Aggregate, values: &[Value]) -> Value {
        let aggregate = aggregate("p".to_owned());
        let is_number = !matches!(
            aggregate,
            Aggregate::MostFrequent(_) | Aggregate::UniqueList(_) | Aggregate::First(_)
        );
        let property = "p".to_owned();
        let slot = Slot {
            selection: Selection::track("e"),
            within: None,
            keeps: Keeps::Values { property, is_number },
        };
        let mut memory = Memory::Rows(Vec::new());
        for (value, order) in values.iter().zip(0_u32..) {
            let event = json!({"type": "track", "event": "e", "properties": {"p": value}});
            let at = Timestamp::UNIX_EPOCH + Duration::from_secs(3600) * order;
            let more = slot.of(&Event::unchecked(event).unwrap(), at, order.into());
            if let Some(more) = more {
                memory.absorb(more);
            }
        }
        of(&aggregate, &memory)
    }

    #[test]
    fn sums_and_extremes_are_of_numbers_only() {
        let values = [json!(10), json!("99"), json!(null), json!(2.50), json!(12)];
        assert_eq!(made(Aggregate::Sum, &values), json!(24.5));
        assert_eq!(made(Aggregate::Minimum, &values), json!(2.5));
        assert_eq!(made(Aggregate::Maximum, &values), json!(12));
        assert_eq!(made(Aggregate::Average, &values[..1]), json!(10));
    }

    #[test]
    fn the_most_frequent_of_several_is_the_one_that_occurred_last() {
        let values = ["a", "b", "b", "a", "c"].map(Value::from);
        assert_eq!(made(Aggregate::MostFrequent, &values), json!("a"));
        assert_eq!(made(Aggregate::MostFrequent, &values[..3]), json!("b"));
    }

    #[test]
    fn values_are_unique_by_what_they_are_worth() {
        let ten: Value = serde_json::from_str("10.0").unwrap();
        let values = [json!(10), ten, json!("10"), json!(true), json!(null), json!(10)];
        assert_eq!(made(Aggregate::UniqueList, &values), json!([10, "10", true]));
    }
}
