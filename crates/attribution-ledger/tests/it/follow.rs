//! Who follows a ledger is told of all that changes.

use std::collections::BTreeMap;

use attribution_ledger::{Change, Conversion, Follower, Ledger, LedgerConfig, Visit};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::generate::journal;
use crate::support::{Story, at};

/// What someone knows who was only ever told of changes.
#[derive(Default)]
struct Known {
    follower: Follower,
    persons: BTreeMap<u64, Person>,
}

#[derive(Default)]
struct Person {
    visits: Vec<Visit>,
    conversions: Vec<Conversion>,
    traits: Option<Map<String, Value>>,
}

impl Known {
    fn follow(&mut self, ledger: &Ledger) -> Vec<Change> {
        let mut told = Vec::new();
        ledger.changes(&mut self.follower, |change| told.push(change));
        for change in told.clone() {
            let gone: Vec<_> = change.joined.iter().map(|gone| self.persons.remove(gone)).collect();
            let person = self.persons.entry(change.person).or_default();
            for gone in gone.into_iter().flatten() {
                person.visits.extend(gone.visits);
                person.conversions.extend(gone.conversions);
            }
            if let Some(visits) = change.visits {
                person.visits = visits;
            }
            person.conversions.extend(change.conversions);
            person.traits = change.traits.or(person.traits.take());
        }
        told
    }

    /// Without the names, which can change where nothing else does.
    fn rows(&self) -> [Vec<String>; 3] {
        let visits = self.persons.values().flat_map(|person| &person.visits);
        let conversions = self.persons.values().flat_map(|person| &person.conversions);
        let traits = self.persons.values().filter_map(|person| person.traits.as_ref());
        [
            unnamed_visits(visits),
            unnamed_conversions(conversions),
            written(traits),
        ]
    }
}

/// As text, because two objects are equal whatever the order of their keys.
fn written<'a>(traits: impl Iterator<Item = &'a Map<String, Value>>) -> Vec<String> {
    let mut rows: Vec<String> = traits.map(|traits| json!(traits).to_string()).collect();
    rows.sort();
    rows
}

fn unnamed_visits<'a>(rows: impl Iterator<Item = &'a Visit>) -> Vec<String> {
    let unnamed = |row: &Visit| {
        format!(
            "{:?}",
            Visit {
                visitor: String::new(),
                ..row.clone()
            }
        )
    };
    let mut rows: Vec<String> = rows.map(unnamed).collect();
    rows.sort();
    rows
}

fn unnamed_conversions<'a>(rows: impl Iterator<Item = &'a Conversion>) -> Vec<String> {
    let unnamed = |row: &Conversion| {
        format!(
            "{:?}",
            Conversion {
                visitor: String::new(),
                ..row.clone()
            }
        )
    };
    let mut rows: Vec<String> = rows.map(unnamed).collect();
    rows.sort();
    rows
}

#[test]
fn a_late_page_view_tells_the_visits_anew_and_nobody_else_s() {
    let url = "https://shop.example/";
    let early = Story::default().page(0, "c", url).page(40, "c", url).page(0, "d", url);
    let mut known = Known::default();
    known.follow(&early.ledger());
    assert_eq!(known.rows()[0].len(), 3);
    let late = json!({ "cookie_id": "c", "timestamp": at(20), "event": "Loaded a Page", "properties": { "url": url } });
    let ledger = early.post(600, "/track", &late).ledger();
    let told = known.follow(&ledger);
    let visits: Vec<_> = told.iter().map(|change| change.visits.as_ref().map(Vec::len)).collect();
    assert_eq!(visits, [Some(1)], "the two visits of one person are one now");
    assert_eq!(known.follow(&ledger), [], "nothing has changed since");
}

#[test]
fn a_conversion_is_told_once_and_leaves_visits_alone() {
    let story = Story::default().page(0, "c", "https://shop.example/");
    let mut known = Known::default();
    known.follow(&story.ledger());
    let told = known.follow(
        &story
            .track(1, json!({ "cookie_id": "c" }), "Order Completed", &json!({}))
            .ledger(),
    );
    assert_eq!(
        (told.len(), told[0].visits.is_none(), told[0].conversions.len()),
        (1, true, 1)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_was_told_adds_up_to_the_ledger_s_rows(journal in journal(), looks in prop::collection::vec(any::<bool>(), 25)) {
        let mut ledger = Ledger::new(LedgerConfig::default());
        let mut known = Known::default();
        for (entry, looks) in journal.entries().iter().zip(looks) {
            ledger.apply(entry);
            if looks {
                known.follow(&ledger);
            }
        }
        known.follow(&ledger);
        let identities = ledger.identities();
        let traits = identities.iter().map(|identity| &identity.traits);
        let expected =
            [unnamed_visits(ledger.visits().iter()), unnamed_conversions(ledger.conversions().iter()), written(traits)];
        prop_assert_eq!(known.rows(), expected);
    }
}
