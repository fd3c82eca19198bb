//! Who follows a ledger is told of all that changes.

use std::collections::BTreeMap;

use attribution_ledger::{
    Change, Changed, Conversion, Follower, Identity, Ledger, LedgerConfig, PageView, RecordedViolation, Visit, Visitor,
};
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

/// What someone knows who makes all rows of whom something has changed, and so many persons at a time.
#[derive(Default)]
struct Rows {
    follower: Follower,
    persons: BTreeMap<u64, Theirs>,
}

/// All rows of one person, each with its place.
#[derive(Default)]
struct Theirs {
    page_views: BTreeMap<usize, PageView>,
    conversions: BTreeMap<usize, Conversion>,
    visits: Vec<(usize, Visit)>,
    identity: Option<(usize, Identity)>,
    visitor: Option<Visitor>,
    unlinked: Vec<(usize, RecordedViolation)>,
}

impl Rows {
    fn follow(&mut self, ledger: &Ledger, most: usize) -> bool {
        let told = ledger.follow(&mut self.follower, most);
        for changed in &told {
            self.take_in(ledger, changed);
        }
        !told.is_empty()
    }

    fn take_in(&mut self, ledger: &Ledger, changed: &Changed<'_>) {
        let one = changed.visitor();
        let mut theirs = self.persons.remove(&one.number()).unwrap_or_default();
        for gone in changed.joined().filter_map(|gone| self.persons.remove(&gone)) {
            theirs.page_views.extend(gone.page_views);
            theirs.conversions.extend(gone.conversions);
        }
        let (mut views, mut conversions) = (changed.page_view_places(), changed.conversion_places());
        if changed.is_whole() || changed.is_renamed() {
            (views, conversions) = (one.page_view_places(), one.conversion_places());
            (theirs.page_views, theirs.conversions) = (BTreeMap::new(), BTreeMap::new());
        }
        for place in views {
            let row = ledger.page_view(place).expect("it is there");
            assert!(theirs.page_views.insert(place, row).is_none(), "it is told once");
        }
        for place in conversions {
            let row = ledger.conversion(place).expect("it is there");
            assert!(theirs.conversions.insert(place, row).is_none(), "it is told once");
        }
        if changed.is_reshaped() || changed.is_renamed() {
            theirs.visits = one.placed_visits();
        }
        (theirs.identity, theirs.visitor, theirs.unlinked) = (one.placed_identity(), one.row(), one.unlinked());
        self.persons.insert(one.number(), theirs);
    }

    /// All rows by their kinds, as text and in no order; and those whose places tell the order, in that.
    fn written(&self) -> [Vec<String>; 6] {
        let persons = || self.persons.values();
        let mut visits: Vec<_> = persons().flat_map(|theirs| &theirs.visits).collect();
        visits.sort_by_key(|(place, visit)| (visit.started_at, *place));
        let mut identities: Vec<_> = persons().filter_map(|theirs| theirs.identity.as_ref()).collect();
        identities.sort_by_key(|(place, _)| *place);
        let mut unlinked: Vec<_> = persons().flat_map(|theirs| &theirs.unlinked).collect();
        unlinked.sort_by_key(|(place, _)| *place);
        [
            sorted(persons().flat_map(|theirs| theirs.page_views.values())),
            sorted(persons().flat_map(|theirs| theirs.conversions.values())),
            sorted(persons().filter_map(|theirs| theirs.visitor.as_ref())),
            visits.into_iter().map(|(_, row)| format!("{row:?}")).collect(),
            identities.into_iter().map(|(_, row)| format!("{row:?}")).collect(),
            unlinked.into_iter().map(|(_, row)| format!("{row:?}")).collect(),
        ]
    }
}

fn sorted<T: std::fmt::Debug>(rows: impl Iterator<Item = T>) -> Vec<String> {
    let mut rows: Vec<String> = rows.map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

/// The same of all that a ledger has.
fn recomputed(ledger: &Ledger) -> [Vec<String>; 6] {
    let unlinked = ledger.violations().into_iter().filter(|found| found.rule == "ATT048");
    let [visits, identities, unlinked] = [
        ledger.visits().iter().map(|row| format!("{row:?}")).collect(),
        ledger.identities().iter().map(|row| format!("{row:?}")).collect(),
        unlinked.map(|row| format!("{row:?}")).collect(),
    ];
    [
        sorted(ledger.page_views().iter()),
        sorted(ledger.conversions().iter()),
        sorted(ledger.visitors().iter()),
        visits,
        identities,
        unlinked,
    ]
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

    #[test]
    fn who_makes_the_rows_of_whom_something_changed_has_those_of_everyone(
        journal in journal(),
        looks in prop::collection::vec(any::<bool>(), 25),
        most in 1..4_usize,
    ) {
        let mut ledger = Ledger::new(LedgerConfig::default());
        let mut rows = Rows::default();
        for (entry, looks) in journal.entries().iter().zip(looks) {
            ledger.apply(entry);
            if looks {
                rows.follow(&ledger, most);
            }
        }
        while rows.follow(&ledger, most) {}
        prop_assert_eq!(rows.written(), recomputed(&ledger));
    }
}
