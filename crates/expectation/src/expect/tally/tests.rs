use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::Tally;
use crate::{Expectations, Observed, Section};

fn reads(section: &str, says: &Value) -> Expectations {
    let text = json!({ section: says }).to_string();
    Expectations::from_json(text.as_bytes(), &Section::RECORDED).unwrap()
}

#[test]
fn a_row_that_no_item_can_be_like_is_known_by_one_value() {
    let expectations = reads(
        "conversions",
        &json!({ "contains": [{ "event": "Sale" }, { "event": { "$regex": "^Re" } }] }),
    );
    let tally = Tally::<usize, ()>::new(&expectations.lists[0]);
    let can_use = ["Sale", "Refund", "Sign Up"].map(|event| tally.can_use("event", &json!(event)));
    assert_eq!(can_use, [true, true, false]);
    assert!(tally.can_use("currency", &json!("EUR")), "nothing is said of it");
}

/// Whom the ids are of.
type Persons = [u8; 3];

const IDS: [&str; 3] = ["ada", "ann", "bob"];

/// The canonical name is the first id of who has this one.
fn resolve(persons: Persons, id: &str) -> Option<String> {
    let place = IDS.iter().position(|known| *known == id)?;
    let first = persons.iter().position(|person| *person == persons[place])?;
    Some(IDS[first].to_owned())
}

/// One thing that happens to rows.
#[derive(Clone, Debug)]
enum Step {
    /// A row comes, at this place of the order.
    Row(usize, &'static str, u8, u8),
    /// A person loses all rows.
    Forget(usize),
    /// A person becomes another.
    Join(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let event = prop::sample::select(vec!["Sale", "Refund"]);
    prop_oneof![
        6 => (0..3_usize, event, 0..3_u8, any::<u8>()).prop_map(|(id, event, revenue, order)| Step::Row(id, event, revenue, order)),
        1 => (0..3_usize).prop_map(Step::Forget),
        1 => (0..3_usize, 0..3_usize).prop_map(|(gone, kept)| Step::Join(gone, kept)),
    ]
}

fn item() -> impl Strategy<Value = Value> {
    let visitor = prop::sample::select(vec![
        json!("ada"),
        json!("ann"),
        json!("nobody"),
        json!({ "$not": "ann" }),
        json!({ "$regex": "^a" }),
    ]);
    let fields = (
        prop::option::of(visitor),
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

/// Some of them say the same.
fn items(least: usize) -> impl Strategy<Value = Value> {
    let items = (prop::collection::vec(item(), least..4), 1..4_usize);
    items.prop_map(|(items, times)| Value::from(vec![items; times].concat()))
}

fn says() -> impl Strategy<Value = Value> {
    let some = || prop::option::of(items(1));
    let parts = (some(), some(), some(), prop::option::of(0..5_u8));
    let parts = parts.prop_map(|(contains, ordered, never, count)| {
        let parts = [("contains", contains), ("ordered", ordered), ("never", never)];
        let said = parts
            .into_iter()
            .filter_map(|(key, items)| Some((key.to_owned(), items?)));
        let count = count.map(|count| ("count".to_owned(), json!(count)));
        Value::Object(said.chain(count).collect())
    });
    let parts = parts.prop_filter("something is said", |parts| parts != &json!({}));
    prop_oneof![parts, items(0)]
}

/// All rows in their order, each with who came with it.
type Rows = BTreeMap<(u8, usize), (usize, Value)>;

/// The rows as they are shown.
fn shown(rows: &Rows, persons: Persons) -> Vec<Value> {
    let named = |(id, row): &(usize, Value)| {
        let mut row = row.clone();
        row["visitor"] = json!(resolve(persons, IDS[*id]));
        row
    };
    rows.values().map(named).collect()
}

/// Adds all rows of a person to a tally that has none of them.
fn add_all(tally: &mut Tally<'_, (u8, usize), u8>, person: u8, rows: &Rows, persons: Persons) {
    for ((key, (id, _)), row) in rows.iter().zip(shown(rows, persons)) {
        if persons[*id] == person {
            tally.add(&person, key, &row, &|id| resolve(persons, id));
        }
    }
}

proptest! {
    #[test]
    fn rows_that_come_and_go_tell_what_all_of_them_at_once_do(steps in prop::collection::vec(step(), 0..12), says in says()) {
        let expectations = reads("conversions", &says);
        let list = &expectations.lists[0];
        let mut tally = Tally::new(list);
        let (mut rows, mut persons) = (Rows::new(), [0, 1, 2]);
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Row(id, event, revenue, order) => {
                    let key = (order, number);
                    rows.insert(key, (id, json!({ "event": event, "revenue": revenue })));
                    if tally.can_use("event", &json!(event)) {
                        let row = shown(&BTreeMap::from([(key, rows[&key].clone())]), persons);
                        tally.add(&persons[id], &key, &row[0], &|id| resolve(persons, id));
                    } else {
                        tally.add_other(&persons[id]);
                    }
                }
                Step::Forget(id) => {
                    rows.retain(|_, (other, _)| persons[*other] != persons[id]);
                    tally.forget(&persons[id]);
                }
                Step::Join(gone, kept) => {
                    let (gone, kept) = (persons[gone], persons[kept]);
                    if gone != kept {
                        tally.join(&gone, &kept);
                        persons = persons.map(|person| if person == gone { kept } else { person });
                        // The names, and whom the ids of the claim are of, are others now.
                        if list.is_about_visitors() {
                            for person in [0, 1, 2] {
                                tally.forget(&person);
                                add_all(&mut tally, person, &rows, persons);
                            }
                        }
                    }
                }
            }
            let observed = Observed {
                sections: BTreeMap::from([("conversions", shown(&rows, persons))]),
                deliveries: Map::new(),
                resolve: &|id| resolve(persons, id),
            };
            let holds = expectations.check(&observed).is_empty();
            prop_assert_eq!(tally.holds(observed.resolve), holds, "{} of {:?}", says, observed.sections);
            if let Some(item) = list.contains.as_deref().and_then(<[_]>::first) {
                let first = item.find(&observed.sections["conversions"], observed.resolve);
                let first = first.and_then(|place| rows.keys().nth(place));
                let first = first.map(|key| (key, &persons[rows[key].0]));
                prop_assert_eq!(tally.first(), first);
            }
        }
    }
}
