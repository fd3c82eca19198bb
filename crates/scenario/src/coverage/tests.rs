use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use proptest::prelude::*;
use test_support::workspace_root;

use super::{Coverage, Item, Part, Share, Touched};
use crate::{Folder, RunOptions, Scenario, Source, parse, run};

fn everything() -> Vec<Item> {
    Part::ALL.into_iter().flat_map(Part::items).collect()
}

fn touched() -> impl Strategy<Value = Touched> {
    prop::sample::subsequence(everything(), 0..=everything().len()).prop_map(|items| {
        let mut touched = Touched::default();
        touched.extend(items);
        touched
    })
}

fn both(one: &Touched, other: &Touched) -> Touched {
    let mut both = one.clone();
    both.merge(other);
    both
}

/// Of a folder of fixtures, what each scenario touches.
fn touched_by(folder: &str) -> Vec<Touched> {
    let folder = workspace_root().join("fixtures/scenarios").join(folder);
    let options = RunOptions {
        coverage: true,
        ..RunOptions::default()
    };
    let mut all = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let source = Source::of(path.display().to_string(), fs::read_to_string(&path).unwrap());
        for scenario in parse(Arc::new(source), &Folder::of(&path)).unwrap() {
            // A hundred runs under chaos take their time, and what they touch is told apart already.
            let scenario = Scenario {
                chaos: None,
                ..scenario
            };
            all.extend(run(&scenario, &options).unwrap().touched);
        }
    }
    all
}

#[test]
fn every_part_has_things_of_its_own_and_each_once() {
    for part in Part::ALL {
        let items = part.items();
        assert!(!items.is_empty(), "{part:?}");
        let names: BTreeSet<String> = items.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), items.len(), "{items:?}");
    }
    let all: BTreeSet<Item> = everything().into_iter().collect();
    assert_eq!(all.len(), everything().len(), "nothing is in two parts");
    let (names, words): (BTreeSet<_>, BTreeSet<_>) = Part::ALL.iter().map(|part| (part.as_str(), part.words())).unzip();
    assert_eq!((names.len(), words.len()), (Part::ALL.len(), Part::ALL.len()));
}

#[test]
fn nothing_is_none_of_it_and_everything_is_all_of_it() {
    let nothing = Coverage::of([]).share();
    assert_eq!((nothing.touched, nothing.of), (0, everything().len()));
    let mut all = Touched::default();
    all.extend(everything());
    let all = Coverage::of([&all]);
    assert!((all.share().percent() - 100.0).abs() < f64::EPSILON);
    assert!(all.parts.iter().all(|covered| covered.untouched.is_empty()));
}

#[test]
fn what_is_not_whole_is_never_shown_as_100_percent() {
    let share = Share {
        touched: 9_999,
        of: 10_000,
    };
    assert!((share.percent() - 99.9).abs() < f64::EPSILON);
    assert_eq!((share.missing_to(100.0), share.missing_to(99.99)), (1, 0));
}

#[test]
fn what_is_touched_is_there_to_be_touched() {
    let there: BTreeSet<Item> = everything().into_iter().collect();
    for folder in ["passing", "failing", "contract"] {
        for touched in touched_by(folder) {
            // A fault may answer anything; only some answers make a difference.
            let unknown = |item: &Item| !there.contains(item) && !matches!(item, Item::Answer(_));
            assert_eq!(touched.items().find(unknown), None);
        }
    }
}

#[test]
fn everything_can_be_touched() {
    let coverage = Coverage::of(&touched_by("contract"));
    let untouched: Vec<_> = coverage.parts.iter().flat_map(|covered| &covered.untouched).collect();
    assert_eq!(untouched, [""; 0]);
}

proptest! {
    #[test]
    fn it_makes_no_difference_in_which_order_and_how_often_something_is_touched(
        one in touched(), two in touched(), three in touched(),
    ) {
        prop_assert_eq!(both(&one, &two), both(&two, &one));
        prop_assert_eq!(both(&both(&one, &two), &three), both(&one, &both(&two, &three)));
        prop_assert_eq!(both(&one, &one), one.clone());
        let whole = Coverage::of([&one, &two, &three]);
        prop_assert_eq!(&whole, &Coverage::of([&three, &one, &two, &one]));
        let union = both(&both(&one, &two), &three);
        prop_assert_eq!(whole.share().touched, union.items().count());
    }

    #[test]
    fn so_many_more_reach_a_threshold_and_one_less_does_not(
        touched in 0_usize..200, more in 0_usize..200, percent in 0.0..=100.0,
    ) {
        let share = Share { touched, of: touched + more };
        let missing = share.missing_to(percent);
        prop_assert!(missing <= more);
        let with = |touched| Share { touched, ..share };
        prop_assert_eq!(with(touched + missing).missing_to(percent), 0);
        prop_assert!(missing == 0 || with(touched + missing - 1).missing_to(percent) == 1);
    }
}
