//! Histories and audiences, small enough that ids, names, properties and windows meet often.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use segment_engage::{Aggregate, Audience, ComputedTrait, Condition, Count, Predicate, Selection};
use serde_json::{Value, json};

/// What happens next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A message is received.
    Message(Value),
    /// Time passes.
    Wait(Duration),
    /// There is a sync.
    Sync,
}

pub(crate) fn start() -> Timestamp {
    "2024-01-15T10:00:00Z".parse().expect("a moment")
}

fn minutes(most: u64) -> impl Strategy<Value = Duration> {
    (0..=most).prop_map(|minutes| Duration::from_secs(minutes * 60))
}

/// A name that few others are.
fn name(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(names).prop_map(str::to_owned)
}

fn ids() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    (
        prop::option::of(name(&["u", "v", "w", "x"])),
        prop::option::of(name(&["a", "b", "x"])),
    )
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (-3..4_i64).prop_map(Value::from),
        2 => name(&["pro", "free"]).prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn message() -> impl Strategy<Value = Value> {
    // Late, early, or when it is received.
    let timestamp = prop::option::weighted(0.3, 0..240_u64)
        .prop_map(|minutes| minutes.map(|minutes| (start() + Duration::from_secs(minutes * 60)).to_string()));
    let track = (ids(), name(&["Order", "Login"]), prop::option::of(scalar()), timestamp).prop_map(
        |((user, anonymous), event, p, timestamp)| {
            json!({"type": "track", "userId": user, "anonymousId": anonymous, "event": event,
                "properties": {"p": p}, "timestamp": timestamp})
        },
    );
    let identify = (ids(), name(&["plan", "email"]), scalar()).prop_map(|((user, anonymous), name, value)| {
        json!({"type": "identify", "userId": user, "anonymousId": anonymous, "traits": {(name): value}})
    });
    let page = (ids(), name(&["Order", "Home"])).prop_map(
        |((user, anonymous), name)| json!({"type": "page", "userId": user, "anonymousId": anonymous, "name": name}),
    );
    let alias = (name(&["u", "v", "a", "x", "nobody"]), name(&["u", "v", "w"]))
        .prop_map(|(previous, user)| json!({"type": "alias", "previousId": previous, "userId": user}));
    prop_oneof![6 => track, 2 => identify, 1 => page, 2 => alias]
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => message().prop_map(Step::Message),
        2 => minutes(90).prop_map(Step::Wait),
        2 => Just(Step::Sync),
    ];
    prop::collection::vec(step, 1..40)
}

fn predicate() -> impl Strategy<Value = Predicate> {
    prop_oneof![
        scalar().prop_map(Predicate::Equals),
        any::<bool>().prop_map(Predicate::Exists),
        name(&["pro", "r", ""]).prop_map(Predicate::Contains),
        (-3..4_i64).prop_map(|number| Predicate::MoreThan(number.into())),
        (-3..4_i64).prop_map(|number| Predicate::AtLeast(number.into())),
        (-3..4_i64).prop_map(|number| Predicate::LessThan(number.into())),
        (-3..4_i64).prop_map(|number| Predicate::AtMost(number.into())),
    ]
}

fn selection() -> impl Strategy<Value = Selection> {
    let selection = prop_oneof![
        4 => name(&["Order", "Login"]).prop_map(Selection::track),
        1 => name(&["Order", "Home"]).prop_map(Selection::page),
    ];
    (selection, prop::option::weighted(0.3, predicate())).prop_map(|(selection, predicate)| match predicate {
        Some(predicate) => selection.filter("p", predicate),
        None => selection,
    })
}

fn within() -> impl Strategy<Value = Option<Duration>> {
    prop::option::weighted(0.7, minutes(180))
}

fn condition() -> impl Strategy<Value = Condition> {
    let count = (0..4_u64, 0..3_u8).prop_map(|(bound, which)| match which {
        0 => Count::AtLeast(bound),
        1 => Count::Exactly(bound),
        _ => Count::AtMost(bound),
    });
    let leaf = prop_oneof![
        4 => (selection(), count, within())
            .prop_map(|(selection, count, within)| Condition::event(selection, count, within)),
        1 => (name(&["plan", "email"]), predicate()).prop_map(|(name, predicate)| Condition::Trait(name, predicate)),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::Any),
            inner.prop_map(|one| Condition::Not(Box::new(one))),
        ]
    })
}

fn aggregate() -> impl Strategy<Value = Aggregate> {
    let of = |aggregate: fn(String) -> Aggregate| Just(aggregate("p".to_owned()));
    prop_oneof![
        Just(Aggregate::Count),
        of(Aggregate::Sum),
        of(Aggregate::Minimum),
        of(Aggregate::Maximum),
        of(Aggregate::Average),
        of(Aggregate::MostFrequent),
        of(Aggregate::First),
        of(Aggregate::Last),
        of(Aggregate::UniqueList),
        of(Aggregate::UniqueCount),
    ]
}

/// Audiences with keys of their own, now and then as many as need a second word of memory.
pub(crate) fn audiences() -> impl Strategy<Value = Vec<Audience>> {
    let count = prop_oneof![20 => 0..4_usize, 1 => 64..67_usize];
    count
        .prop_flat_map(|count| prop::collection::vec(condition(), count))
        .prop_map(|conditions| {
            let numbered = conditions.into_iter().enumerate();
            numbered
                .map(|(number, when)| Audience::new(format!("audience {number}"), when))
                .collect()
        })
}

pub(crate) fn traits() -> impl Strategy<Value = Vec<ComputedTrait>> {
    prop::collection::vec((selection(), within(), aggregate()), 0..3).prop_map(|traits| {
        let numbered = traits.into_iter().enumerate();
        numbered
            .map(|(number, (events, within, aggregate))| ComputedTrait {
                name: format!("trait {number}"),
                key: None,
                events,
                within,
                aggregate,
            })
            .collect()
    })
}
