//! What audiences and computed traits are, said once more in the plainest way: everything is kept, and everything is
//! computed anew whenever somebody asks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use segment_engage::{Aggregate, Aliases, Audience, ComputedTrait, Condition, Selection};
use segment_event::{Event, Kind};
use serde_json::Value;

/// An id with its kind, as text.
pub(crate) type Name = String;

/// Everything that was ever recorded.
#[derive(Default)]
pub(crate) struct Specification {
    pub(crate) aliases: Aliases,
    /// In the order of arrival.
    pub(crate) messages: Vec<(Event, Timestamp)>,
}

/// What one person did, in the order of arrival.
pub(crate) type Person = Vec<usize>;

impl Specification {
    pub(crate) fn record(&mut self, event: Event, received_at: Timestamp) {
        self.messages.push((event, received_at));
    }

    /// Each person's ids with the numbers of the messages that count for them.
    pub(crate) fn people(&self) -> Vec<(BTreeSet<Name>, Person)> {
        let mut people: Vec<(BTreeSet<Name>, Person)> = Vec::new();
        for (number, (event, _)) in self.messages.iter().enumerate() {
            let user = event.user_id().map(|id| format!("user {id}"));
            let anonymous = event.anonymous_id().map(|id| format!("anonymous {id}"));
            let ids: Vec<Name> = if event.kind() == Kind::Alias {
                let Some(user) = user.filter(|_| self.aliases == Aliases::Join) else {
                    continue;
                };
                let known = |name: &Name| people.iter().any(|(ids, _)| ids.contains(name));
                let previous = event.previous_id().unwrap_or_default();
                let names = [format!("user {previous}"), format!("anonymous {previous}")];
                let previous = names.into_iter().find(|name| known(name));
                [Some(user), previous].into_iter().flatten().collect()
            } else {
                let taken = |anonymous: &Name| {
                    people.iter().any(|(ids, _)| {
                        ids.contains(anonymous) && ids.iter().any(|id| id.starts_with("user ")) && user.is_some()
                    })
                };
                let anonymous = anonymous.filter(|id| !taken(id));
                [user.clone(), anonymous].into_iter().flatten().collect()
            };
            if ids.is_empty() {
                continue;
            }
            let mut person: (BTreeSet<Name>, Person) = (ids.iter().cloned().collect(), vec![number]);
            people.retain(|(known, messages)| {
                let is_other = ids.iter().all(|id| !known.contains(id));
                if !is_other {
                    person.0.extend(known.iter().cloned());
                    person.1.extend(messages);
                }
                is_other
            });
            person.1.sort_unstable();
            people.push(person);
        }
        people
    }

    /// When a message's event happened.
    fn at(&self, number: usize) -> Timestamp {
        let (event, received_at) = &self.messages[number];
        let given = event.get("timestamp").and_then(Value::as_str);
        given.and_then(|text| text.parse().ok()).unwrap_or(*received_at)
    }

    /// The events that are meant and not too old, in the order in which they happened.
    fn events(&self, person: &Person, selection: &Selection, within: Option<Duration>, now: Timestamp) -> Vec<&Event> {
        let is_young = |number: usize| within.is_none_or(|within| self.at(number) + within >= now);
        let mut numbers = person.clone();
        numbers.retain(|number| selection.matches(&self.messages[*number].0) && is_young(*number));
        numbers.sort_by_key(|number| (self.at(*number), *number));
        numbers.into_iter().map(|number| &self.messages[number].0).collect()
    }

    fn trait_of(&self, person: &Person, name: &str) -> Option<&Value> {
        let of = |number: &usize| {
            let (event, _) = &self.messages[*number];
            event.traits().filter(|_| event.kind() == Kind::Identify)?.get(name)
        };
        person.iter().rev().find_map(of)
    }

    fn holds(&self, condition: &Condition, person: &Person, now: Timestamp) -> bool {
        match condition {
            Condition::All(all) => all.iter().all(|one| self.holds(one, person, now)),
            Condition::Any(any) => any.iter().any(|one| self.holds(one, person, now)),
            Condition::Not(one) => !self.holds(one, person, now),
            Condition::Event {
                selection,
                count,
                within,
            } => count.holds(self.events(person, selection, *within, now).len() as u64),
            Condition::Trait(name, predicate) => predicate.holds(self.trait_of(person, name)),
        }
    }

    /// Whoever is in the audience at this moment.
    pub(crate) fn members(&self, audience: &Audience, now: Timestamp) -> BTreeSet<Name> {
        let people = self.people().into_iter();
        people
            .filter(|(_, person)| self.holds(&audience.when, person, now))
            .flat_map(|(ids, _)| ids)
            .collect()
    }

    /// What the trait is at this moment, for everyone of whom there is something.
    pub(crate) fn values(&self, computed: &ComputedTrait, now: Timestamp) -> BTreeMap<Name, Value> {
        let mut values = BTreeMap::new();
        for (ids, person) in self.people() {
            let events = self.events(&person, &computed.events, computed.within, now);
            if let Some(value) = value(&computed.aggregate, &events) {
                values.extend(ids.into_iter().map(|id| (id, value.clone())));
            }
        }
        values
    }
}

/// Of whole numbers and short texts only, as the generator makes them.
fn value(aggregate: &Aggregate, events: &[&Event]) -> Option<Value> {
    let property = |name: &str| -> Vec<Value> {
        let of = |event: &&Event| event.properties()?.get(name).filter(|value| !value.is_null()).cloned();
        events.iter().filter_map(of).collect()
    };
    let numbers = |name: &str| -> Vec<i64> { property(name).iter().filter_map(Value::as_i64).collect() };
    let unique = |name: &str| {
        let mut unique: Vec<Value> = Vec::new();
        for value in property(name) {
            if !unique.contains(&value) {
                unique.push(value);
            }
        }
        unique
    };
    let some = |values: Vec<Value>| Some(values).filter(|values| !values.is_empty());
    match aggregate {
        Aggregate::Count => Some(events.len()).filter(|count| *count > 0).map(Value::from),
        Aggregate::Sum(name) => {
            let numbers = numbers(name);
            (!numbers.is_empty()).then(|| numbers.iter().sum::<i64>().into())
        }
        Aggregate::Minimum(name) => numbers(name).into_iter().min().map(Value::from),
        Aggregate::Maximum(name) => numbers(name).into_iter().max().map(Value::from),
        Aggregate::Average(name) => {
            let numbers = numbers(name);
            let count = i64::try_from(numbers.len()).ok()?;
            let sum = numbers.iter().sum::<i64>();
            // Told as a whole number where it is one, else to fifteen digits, which is beyond the numbers made here.
            match sum.checked_rem(count)? {
                0 => Some((sum / count).into()),
                _ => Some(serde_json::from_str(&format!("{}", mean(sum, count))).expect("a number")),
            }
        }
        Aggregate::First(name) => property(name).into_iter().next(),
        Aggregate::Last(name) => property(name).pop(),
        Aggregate::MostFrequent(name) => {
            let values = property(name);
            let count = |value: &Value| values.iter().filter(|other| *other == value).count();
            values.iter().max_by_key(|value| count(value)).cloned()
        }
        Aggregate::UniqueList(name) => some(unique(name)).map(Value::Array),
        Aggregate::UniqueCount(name) => some(unique(name)).map(|values| values.len().into()),
    }
}

fn mean(sum: i64, count: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "the generator's numbers are small")]
    let mean = sum as f64 / count as f64;
    format!("{mean:.14e}").parse().expect("a number")
}
