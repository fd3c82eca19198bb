//! Random messages: most of them wrong, some of them right, all of them with the names that matter.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use segment_event::Kind;
use serde_json::{Map, Number, Value, json};

/// Names that some rule reads, and a few that only resemble them.
const NAMES: &[&str] = &[
    "type",
    "event",
    "userId",
    "anonymousId",
    "user_id",
    "to",
    "from",
    "previousId",
    "groupId",
    "name",
    "category",
    "properties",
    "traits",
    "context",
    "options",
    "integrations",
    "providers",
    "Providers",
    "providers.all",
    "All",
    "all",
    "A-l l",
    "Attribution",
    "attribution",
    "Attribution ",
    "timestamp",
    "messageId",
    "channel",
    "",
    "~/",
    "ü",
];

const TEXTS: &[&str] = &[
    "",
    " ",
    "track",
    "Page",
    "alias",
    "user-1",
    "2014-10-12",
    "false",
    "web",
    "🦀",
];

const NUMBERS: &[&str] = &[
    "0",
    "-0.0",
    "42",
    "99.90",
    "1e400",
    "1e-400",
    "1400000000.123",
    "123456789012345678901234567890",
];

fn number() -> impl Strategy<Value = Value> {
    select(NUMBERS).prop_map(|text| Value::from(text.parse::<Number>().expect("NUMBERS are JSON numbers")))
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        select(TEXTS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(NAMES).prop_map(str::to_owned), 1 => any::<String>()]
}

fn object(member: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    vec((name(), member), 0..6).prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// Any JSON.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 40, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::Array), object(inner)]
    })
}

/// An object with any `type` that is known, and any members beside it.
pub(crate) fn any_message() -> impl Strategy<Value = Value> {
    (select(Kind::ALL.as_slice()), vec((name(), any_json()), 0..10)).prop_map(|(kind, members)| {
        let mut message: Map<String, Value> = members.into_iter().collect();
        message.insert("type".to_owned(), json!(kind));
        Value::Object(message)
    })
}

/// What the integrations and their legacy places are made of.
const DESTINATIONS: &[&str] = &[
    "All",
    "all",
    "A-l l",
    "Attribution",
    "attribution",
    "Attribution ",
    "providers",
    "Providers",
    "providers.all",
    "Other",
];

fn destinations() -> impl Strategy<Value = Value> {
    let entry = prop_oneof![3 => any::<bool>().prop_map(Value::from), 1 => leaf()];
    entry.prop_recursive(2, 12, 4, |inner| {
        let members = vec((select(DESTINATIONS), inner), 0..4);
        members.prop_map(|members| {
            members
                .into_iter()
                .map(|(name, entry)| (name.to_owned(), entry))
                .collect()
        })
    })
}

/// A message that says for whom it is in one or several of the three places that count.
pub(crate) fn addressed_message() -> impl Strategy<Value = Value> {
    let places = [
        or_absent(destinations()),
        or_absent(destinations()),
        or_absent(destinations()),
    ];
    places.prop_map(|places| {
        let named = ["integrations", "context", "options"].into_iter().zip(places);
        let given = named.filter_map(|(name, place)| Some((name.to_owned(), place?)));
        given.chain([("type".to_owned(), json!("page"))]).collect()
    })
}

fn text() -> impl Strategy<Value = Value> {
    "[^\\x00]{1,12}".prop_map(Value::from)
}

fn or_absent(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Option<Value>> {
    prop_oneof![Just(None), Just(Some(Value::Null)), value.prop_map(Some)]
}

/// A message within the rules, members in any order.
pub(crate) fn acceptable_message() -> impl Strategy<Value = Value> {
    let names = (or_absent(text()), or_absent(text()), or_absent(text()));
    let objects = vec(or_absent(object(any_json())), 4);
    let stamps = (or_absent(prop_oneof![text(), number()]), or_absent(text()));
    (select(Kind::ALL.as_slice()), text(), names, objects, stamps)
        .prop_map(
            |(kind, user, (anonymous, name, category), objects, (timestamp, message_id))| {
                let required = ["type", "userId", "event", "groupId"].map(str::to_owned).into_iter();
                let values = [json!(kind), user, json!("Order Completed"), json!("account-1")];
                let optional = ["anonymousId", "name", "category", "timestamp", "messageId"].into_iter();
                let given = [anonymous, name, category, timestamp, message_id].into_iter();
                let holders = ["properties", "traits", "context", "integrations"].into_iter();
                let optional = optional.zip(given).chain(holders.zip(objects));
                let optional = optional.filter_map(|(name, value)| Some((name.to_owned(), value?)));
                required.zip(values).chain(optional).collect::<Vec<_>>()
            },
        )
        .prop_shuffle()
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}
