use proptest::prelude::*;
use serde_json::{Value, json};

use super::Needs;
use crate::{Expectations, ListExpectation, Section, Tally};

fn list(section: &str, says: &Value) -> ListExpectation {
    let text = json!({ section: says }).to_string();
    let read = Expectations::from_json(text.as_bytes(), &Section::RECORDED).unwrap();
    read.lists.into_iter().next().unwrap()
}

#[test]
fn all_rows_are_needed_where_one_of_anybody_can_make_a_difference() {
    let ada = json!({ "visitor": "ada" });
    for (section, says) in [
        ("conversions", json!([ada])),
        ("conversions", json!({ "contains": [ada], "count": 1 })),
        (
            "conversions",
            json!({ "contains": [ada], "never": [{ "event": "Refund" }] }),
        ),
        (
            "conversions",
            json!({ "contains": [{ "visitor": { "$regex": "ada" } }] }),
        ),
        ("violations", json!({ "contains": [{ "rule": "ATT001" }] })),
    ] {
        assert_eq!(list(section, &says).needs(), Needs::Everything, "{section}: {says}");
    }
    let both = json!({ "ordered": [ada, { "visitor": "bob" }], "never": [{ "visitor": "ada", "event": "Refund" }] });
    assert_eq!(
        list("conversions", &both).needs(),
        Needs::Visitors(["ada", "bob"].into())
    );
}

#[test]
fn visitors_are_named_by_ids_in_any_operator_and_nowhere_else() {
    for (section, says, named, is_about_them) in [
        ("conversions", json!([{ "event": "ada" }]), vec![], false),
        (
            "conversions",
            json!({ "contains": [{ "visitor": "ada" }] }),
            vec!["ada"],
            true,
        ),
        (
            "conversions",
            json!({ "never": [{ "visitor": { "$not": { "$in": ["ada", "bob"] } } }] }),
            vec!["ada", "bob"],
            true,
        ),
        (
            "conversions",
            json!({ "contains": [{ "$not": { "visitor": "ada", "event": "Sale" } }] }),
            vec!["ada"],
            true,
        ),
        (
            "conversions",
            json!({ "contains": [{ "properties": { "visitor": "ada" } }] }),
            vec![],
            false,
        ),
        (
            "conversions",
            json!({ "never": [{ "visitor": { "$regex": "^x" } }] }),
            vec![],
            true,
        ),
        (
            "conversions",
            json!({ "never": [{ "$exactly": { "event": "Sale" } }] }),
            vec![],
            true,
        ),
        (
            "merges",
            json!({ "never": [{ "$not": { "from": "ada" } }] }),
            vec![],
            false,
        ),
    ] {
        let list = list(section, &says);
        let found = (list.visitors(), list.is_about_visitors());
        assert_eq!(found, (named.into_iter().collect(), is_about_them), "{section}: {says}");
    }
}

fn row() -> impl Strategy<Value = Value> {
    (prop::sample::select(vec!["ada", "bob", "eve"]), 0..3_u8)
        .prop_map(|(visitor, revenue)| json!({ "visitor": visitor, "event": "Sale", "revenue": revenue }))
}

fn items() -> impl Strategy<Value = Value> {
    let item = (prop::sample::select(vec!["ada", "ada-2", "bob", "nobody"]), 0..3_u8)
        .prop_map(|(visitor, revenue)| json!({ "visitor": visitor, "revenue": revenue }));
    prop::collection::vec(item, 1..3).prop_map(Value::from)
}

fn says() -> impl Strategy<Value = Value> {
    let one = |key: &'static str| items().prop_map(move |items| json!({ key: items }));
    let count = (0..5_u8).prop_map(|count| json!({ "count": count }));
    prop_oneof![one("contains"), one("ordered"), one("never"), count]
}

fn resolve(id: &str) -> Option<String> {
    match id {
        "ada" | "ada-2" => Some("ada".to_owned()),
        "bob" | "eve" => Some(id.to_owned()),
        _ => None,
    }
}

proptest! {
    #[test]
    fn what_is_needed_tells_the_same_as_everything(rows in prop::collection::vec(row(), 0..6), says in says()) {
        let list = list("conversions", &says);
        let is_needed = |row: &Value| match list.needs() {
            Needs::Count => false,
            Needs::Visitors(ids) => ids.iter().any(|id| resolve(id).as_deref() == row["visitor"].as_str()),
            Needs::Everything => true,
        };
        let [mut of_all, mut of_needed] = [Tally::new(&list), Tally::new(&list)];
        for (place, row) in rows.iter().enumerate() {
            of_all.add(&(), &place, row, &resolve);
            if is_needed(row) {
                of_needed.add(&(), &place, row, &resolve);
            } else {
                of_needed.add_other(&());
            }
        }
        prop_assert_eq!(of_needed.holds(&resolve), of_all.holds(&resolve), "{}", says);
    }
}
