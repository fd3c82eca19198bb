use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::Tally;
use crate::{Expectations, Known, Observed, Section};

fn reads(section: &str, says: &Value) -> Expectations {
    let text = json!({ section: says }).to_string();
    Expectations::from_json(text.as_bytes(), &Section::RECORDED).unwrap()
}

#[test]
fn what_more_is_said_of_a_visitor_than_an_id_is_no_matter_of_one_row() {
    for (section, says, is_counted) in [
        ("conversions", json!([{ "event": "Sale" }]), true),
        (
            "conversions",
            json!({ "contains": [{ "visitor": "ada" }, { "event": "Sale" }] }),
            true,
        ),
        (
            "conversions",
            json!({ "never": [{ "visitor": { "$regex": "^anon" } }] }),
            false,
        ),
        (
            "conversions",
            json!({ "contains": [{ "$not": { "visitor": "ada" } }] }),
            false,
        ),
        ("merges", json!({ "never": [{ "$not": { "from": "ada" } }] }), true),
    ] {
        let expectations = reads(section, &says);
        let tally = Tally::<usize>::new(&expectations.lists[0]);
        assert_eq!(tally.is_some(), is_counted, "{section}: {says}");
    }
}

#[test]
fn a_row_that_no_item_can_be_like_is_known_by_one_value() {
    let expectations = reads(
        "conversions",
        &json!({ "contains": [{ "event": "Sale" }, { "event": { "$regex": "^Re" } }] }),
    );
    let tally = Tally::<usize>::new(&expectations.lists[0]).unwrap();
    let can_use = ["Sale", "Refund", "Sign Up"].map(|event| tally.can_use("event", &json!(event)));
    assert_eq!(can_use, [true, true, false]);
    assert!(tally.can_use("currency", &json!("EUR")), "nothing is said of it");
}

/// Which person an id is of. Ann is Ada, once it is known.
fn person(id: &str, is_known: bool) -> Option<u8> {
    match id {
        "ada" => Some(0),
        "ann" => Some(u8::from(!is_known)),
        "bob" => Some(2),
        _ => None,
    }
}

fn row() -> impl Strategy<Value = (&'static str, &'static str, u8)> {
    let visitor = prop::sample::select(vec!["ada", "ann", "bob"]);
    (visitor, prop::sample::select(vec!["Sale", "Refund"]), 0..3_u8)
}

fn as_value((visitor, event, revenue): (&str, &str, u8)) -> Value {
    json!({ "visitor": visitor, "event": event, "revenue": revenue })
}

fn item() -> impl Strategy<Value = Value> {
    let visitor = prop::sample::select(vec!["ada", "ann", "bob", "nobody"]);
    let fields = (
        prop::option::of(visitor.prop_map(Value::from)),
        prop::option::of(prop::sample::select(vec![json!("Sale"), json!({ "$regex": "f" })])),
        prop::option::of(prop::sample::select(vec![json!(1), json!({ "$gte": 1 })])),
    );
    fields.prop_map(|(visitor, event, revenue)| {
        let fields = [("visitor", visitor), ("event", event), ("revenue", revenue)];
        let said = fields
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Object(said.collect())
    })
}

fn says() -> impl Strategy<Value = Value> {
    let items = || prop::option::of(prop::collection::vec(item(), 1..4));
    let parts = (items(), items(), items(), prop::option::of(0..5_u8));
    let parts = parts.prop_map(|(contains, ordered, never, count)| {
        let parts = [("contains", contains), ("ordered", ordered), ("never", never)];
        let said = parts
            .into_iter()
            .filter_map(|(key, items)| Some((key.to_owned(), Value::from(items?))));
        let count = count.map(|count| ("count".to_owned(), json!(count)));
        Value::Object(said.chain(count).collect())
    });
    let parts = parts.prop_filter("something is said", |parts| parts != &json!({}));
    prop_oneof![parts, prop::collection::vec(item(), 0..4).prop_map(Value::from)]
}

proptest! {
    #[test]
    fn rows_one_by_one_tell_what_all_of_them_at_once_do(
        rows in prop::collection::vec((row(), any::<u8>()), 0..7),
        is_known in any::<bool>(),
        says in says(),
    ) {
        let expectations = reads("conversions", &says);
        let list = &expectations.lists[0];
        let mut tally = Tally::new(list).unwrap();
        let mut seen: BTreeMap<(u8, usize), (&str, Value)> = BTreeMap::new();
        for is_known in [vec![false; rows.len() + 1], vec![is_known]].concat() {
            let resolve = |id: &str| person(id, is_known).map(|person| person.to_string());
            let named = |(visitor, row): &(&str, Value)| {
                let mut row = row.clone();
                row["visitor"] = json!(if is_known && *visitor == "ann" { "ada" } else { visitor });
                row
            };
            let all: Vec<Value> = seen.values().map(named).collect();
            let seen_by = |id: &str| {
                let who = person(id, is_known)?;
                let seen = &seen;
                Some(move |key: &(u8, usize)| person(seen[key].0, is_known) == Some(who))
            };
            let at_once = list.holds(Known::Rows(&all), &resolve);
            prop_assert_eq!(tally.holds(seen_by), at_once, "{} of {:?}", says, all);
            let observed = Observed {
                sections: BTreeMap::from([("conversions", all)]),
                deliveries: Map::new(),
                resolve: &resolve,
            };
            prop_assert_eq!(expectations.check(&observed).is_empty(), at_once, "{}", says);
            // The next comes in any place of the order.
            if let Some(&(row, order)) = rows.get(seen.len()) {
                let (key, value) = ((order, seen.len()), as_value(row));
                if tally.can_use("event", &json!(row.1)) {
                    tally.add(key, value.clone());
                } else {
                    tally.add_other();
                }
                seen.insert(key, (row.0, value));
            }
        }
    }
}
