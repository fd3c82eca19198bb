use std::time::Duration;

use segment_engage::{Aggregate, Aliases, Condition, Count, Form, Interval, Predicate, Schedule, Selection};
use serde_json::json;

use super::engage;
use crate::parse::testing::{good, mistakes};
use crate::scenario::EngageSettings;

fn read(text: &str) -> EngageSettings {
    good(text, engage).expect("a mapping is read")
}

/// The condition of the only audience.
fn when(text: &str) -> Condition {
    let mut read = read(&format!("audiences: [{{ name: A, when: {text} }}]"));
    read.audiences.remove(0).when
}

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn what_is_not_said_has_a_default() {
    let found = read("audiences: [{ name: Buyers, when: { event: Order } }]");
    assert_eq!((found.schedule, found.form), (Schedule::default(), Form::Identify));
    assert_eq!(found.aliases, Aliases::Join);
    assert!(found.traits.is_empty());
    let once = Condition::event(Selection::track("Order"), Count::AtLeast(1), None);
    assert_eq!(found.audiences[0].when, once);
}

#[test]
fn conditions_are_read_as_they_nest() {
    let found = when(
        "{ and: [{ page: Pricing, exactly: 2, within: 1h }, { not: { screen: Home, at_most: 3 } }, { or: [{ trait: a, exists: false }] }] }",
    );
    let expected = Condition::All(vec![
        Condition::event(Selection::page("Pricing"), Count::Exactly(2), Some(HOUR)),
        Condition::Not(Box::new(Condition::event(
            Selection::screen("Home"),
            Count::AtMost(3),
            None,
        ))),
        Condition::Any(vec![Condition::Trait("a".to_owned(), Predicate::Exists(false))]),
    ]);
    assert_eq!(found, expected);
}

#[test]
fn several_things_asked_of_a_trait_must_all_hold() {
    let of = |predicate| Condition::Trait("seats".to_owned(), predicate);
    assert_eq!(
        when("{ trait: seats, more_than: 5, at_most: 9.50 }"),
        Condition::All(vec![
            of(Predicate::MoreThan(5.into())),
            of(Predicate::AtMost(serde_json::from_str("9.50").unwrap())),
        ])
    );
    assert_eq!(when("{ trait: seats, equals: [1] }"), of(Predicate::Equals(json!([1]))));
}

#[test]
fn a_property_is_asked_for_a_value_or_more() {
    let selection = Selection::track("Order")
        .filter("currency", Predicate::Equals(json!("EUR")))
        .filter("revenue", Predicate::AtLeast(10.into()))
        .filter("revenue", Predicate::LessThan(20.into()));
    assert_eq!(
        when("{ event: Order, where: { currency: EUR, revenue: { at_least: 10, less_than: 20 } } }"),
        Condition::event(selection, Count::AtLeast(1), None)
    );
}

#[test]
fn every_aggregate_has_a_name() {
    let of = |name: &str| {
        let text = format!("traits: [{{ name: T, {name}: {{ event: Order, property: p, within: 1h }} }}]");
        let computed = read(&text).traits.remove(0);
        assert_eq!((computed.key(), computed.within), ("t".to_owned(), Some(HOUR)));
        computed.aggregate
    };
    for (name, aggregate) in [
        ("sum", Aggregate::Sum as fn(String) -> Aggregate),
        ("min", Aggregate::Minimum),
        ("max", Aggregate::Maximum),
        ("average", Aggregate::Average),
        ("most_frequent", Aggregate::MostFrequent),
        ("first", Aggregate::First),
        ("last", Aggregate::Last),
        ("unique_list", Aggregate::UniqueList),
        ("unique_count", Aggregate::UniqueCount),
    ] {
        assert_eq!(of(name), aggregate("p".to_owned()));
    }
    let count = read("traits: [{ name: T, key: n_1, count: { event: Order } }]")
        .traits
        .remove(0);
    assert_eq!((count.aggregate, count.key.as_deref()), (Aggregate::Count, Some("n_1")));
    let with_property = "traits: [{ name: T, count: { event: Order, property: p } }]";
    assert_eq!(mistakes(with_property, engage), ["`count` has no key `property`"]);
}

#[test]
fn a_schedule_is_of_durations_or_intervals() {
    let found = read(
        "{ first_sync: 0s, every: { from: 1m, to: 1h }, form: track, traits: [{ name: T, count: { event: E } }] }",
    );
    let every = Interval {
        from: Duration::from_secs(60),
        to: HOUR,
    };
    let expected = Schedule::new(Interval::exactly(Duration::ZERO), every);
    assert_eq!((Ok(found.schedule), found.form), (expected, Form::Track));
}

#[test]
fn an_alias_joins_or_is_ignored() {
    let with = |word: &str| format!("{{ alias: {word}, audiences: [{{ name: A, when: {{ event: E }} }}] }}");
    assert_eq!(read(&with("ignore")).aliases, Aliases::Ignore);
    assert_eq!(read(&with("join")).aliases, Aliases::Join);
    assert_eq!(
        mistakes(&with("ignored"), engage),
        ["`engage.alias` can't be `ignored`"]
    );
}
