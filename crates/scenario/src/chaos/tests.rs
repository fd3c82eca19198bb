//! Laws of what is drawn, shrunk and written.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use attribution_mock::{FaultAction, Latency, RetryAfter, Statuses};
use clock::Seed;
use expectation::Source;
use pipeline::LinkFault;
use proptest::prelude::*;

use super::draw::{Places, draw};
use super::schedule::{Schedule, Strike};
use super::{ChaosKind, ChaosSettings, notation, shrink};
use crate::parse::parse;
use crate::scenario::{Action, FaultStep, Scenario};

fn scenario(text: &str) -> Scenario {
    let mut scenarios = parse(Arc::new(Source::of("test.yaml", text)), &BTreeMap::new())
        .unwrap_or_else(|error| panic!("{}", error.render()));
    scenarios.remove(0)
}

/// The settings that this is read as, with the places of a scenario that has something of everything.
fn settings(chaos: &str) -> (ChaosSettings, Places) {
    let scenario = scenario(&format!(
        "chaos: {chaos}
steps:
  - expect: {{ requests: [] }}
  - page: {{ anonymousId: a }}
  - repeat: {{ times: 5, steps: [{{ track: {{ userId: u, event: e }} }}] }}
  - wait: 1m
  - fault: {{ respond: 503 }}
  - settle:
  - expect: {{ requests: {{ count: 7 }} }}"
    ));
    let places = Places::of(&scenario);
    (scenario.chaos.expect("it has chaos"), places)
}

/// Whether a kind allows a fault.
fn allows(kind: &ChaosKind, fault: &FaultStep) -> bool {
    let server = match fault {
        FaultStep::Link {
            fault: LinkFault::Refuse,
            ..
        } if *kind == ChaosKind::Refuse => return true,
        FaultStep::Link {
            fault: LinkFault::Cut { .. },
            ..
        } if *kind == ChaosKind::Cut => return true,
        FaultStep::Server(fault) => Some(fault),
        FaultStep::Link { .. } => None,
    };
    let action = server.map(|fault| &fault.action);
    match (kind, action) {
        (ChaosKind::Fault(given), _) => {
            let (given, found) = (strike(given), strike(fault));
            let (most, times) = (given.times(), found.times());
            times <= most && times != Some(0) && (most.is_none() || given.with_times(times.unwrap_or(0)) == found)
        }
        (ChaosKind::Status(known), Some(FaultAction::Respond(answer))) => {
            answer.retry_after.is_none() && known.iter().any(|status| answer.status == Statuses::One(*status))
        }
        (ChaosKind::RetryAfter(most), Some(FaultAction::Respond(answer))) => {
            let within = |seconds: u64| (1..=most.as_secs()).contains(&seconds);
            answer.status == Statuses::One(429)
                && matches!(answer.retry_after, Some(RetryAfter::Seconds(seconds)) if within(seconds))
        }
        (ChaosKind::Latency(most), Some(FaultAction::Delay(Latency::Fixed(delay)))) => {
            *delay > Duration::ZERO && delay <= most
        }
        (ChaosKind::Reset, Some(FaultAction::ResetBefore | FaultAction::ResetAfter))
        | (ChaosKind::Close, Some(FaultAction::CloseBefore | FaultAction::CloseAfter))
        | (ChaosKind::Hang, Some(FaultAction::Hang))
        | (ChaosKind::Truncate, Some(FaultAction::Truncate))
        | (ChaosKind::Garbage, Some(FaultAction::Garbage)) => true,
        _ => false,
    }
}

fn strike(fault: &FaultStep) -> Strike {
    Strike {
        before: 0,
        fault: fault.clone(),
    }
}

/// Whether a schedule is another one with faults left out and struck fewer times.
fn is_part_of(part: &Schedule, whole: &Schedule) -> bool {
    let mut rest = whole.strikes.iter();
    let fits = |small: &Strike, large: &Strike| {
        small.times().unwrap_or(0) <= large.times().unwrap_or(0)
            && match small.times() {
                Some(times) => large.clone().with_times(times) == *small,
                None => large == small,
            }
    };
    part.strikes.iter().all(|small| rest.any(|large| fits(small, large)))
}

/// Some of what may stand in `faults`.
fn kinds() -> impl Strategy<Value = String> {
    let all = vec![
        "refuse",
        "cut",
        "reset",
        "close",
        "hang",
        "truncate",
        "garbage",
        "status",
        "{ status: [400, 503] }",
        "{ retry_after: 5s }",
        "{ latency: 1500ms }",
        "{ connect: refuse, times: 7 }",
        "{ cut: 33, times: always }",
        "{ respond: [503, 200, 500] }",
        "{ respond: 429, retry_after: 3, body: 'a: \"b\"', times: 5 }",
        "{ visitor: 'off', event: 'Order Completed', garbage: true, probability: 0.5, seed: 3 }",
        "{ delay: { lognormal: { median: 200ms, sigma: 0.5 } }, for: 1m }",
        "{ rate: { per_second: 0.5, burst: 2 } }",
        "{ content_type: text/html, path: /track, after: 10s, every: 2 }",
    ];
    prop::sample::subsequence(all, 1..8).prop_map(|kinds| format!("[{}]", kinds.join(", ")))
}

proptest! {
    #[test]
    fn a_schedule_has_only_what_is_allowed_and_is_the_same_for_the_same_seed(
        kinds in kinds(), max_faults in 1..=20_u32, seed: u64,
    ) {
        let (settings, places) = settings(&format!("{{ faults: {kinds}, max_faults: {max_faults} }}"));
        let schedule = draw(&settings, &places, Seed::from(seed));
        prop_assert_eq!(&schedule, &draw(&settings, &places, Seed::from(seed)));
        prop_assert!((1..=max_faults as usize).contains(&schedule.strikes.len()));
        for strike in &schedule.strikes {
            prop_assert!(settings.faults.iter().any(|kind| allows(kind, &strike.fault)), "{strike:?}");
            // Before the page, the loop, the wait and the settling.
            prop_assert!([1, 2, 3, 5].contains(&strike.before), "{strike:?}");
        }
        prop_assert!(schedule.strikes.is_sorted_by_key(|strike| strike.before));
    }

    #[test]
    fn without_faults_of_ones_own_there_are_never_more_than_twenty_strikes(max_faults in 1..=20_u32, seed: u64) {
        let (settings, places) = settings(&format!("{{ max_faults: {max_faults} }}"));
        let schedule = draw(&settings, &places, Seed::from(seed));
        let times: Vec<u32> = schedule.strikes.iter().filter_map(Strike::times).collect();
        prop_assert_eq!(times.len(), schedule.strikes.len());
        prop_assert!(times.iter().all(|times| (1..=3).contains(times)));
        prop_assert!(times.iter().sum::<u32>() <= 20);
    }

    #[test]
    fn a_fault_is_read_as_it_is_written(kinds in kinds(), seed: u64) {
        let (settings, places) = settings(&format!("{{ faults: {kinds}, max_faults: 20 }}"));
        for Strike { fault, .. } in draw(&settings, &places, Seed::from(seed)).strikes {
            let text = notation(&fault);
            let read = scenario(&format!("steps:\n  - fault: {text}  # before line 3"));
            match &read.steps[0].action {
                Action::Fault(read) => prop_assert_eq!(read, &fault, "{}", text),
                other => prop_assert!(false, "{} is {:?}", text, other),
            }
        }
    }

    #[test]
    fn the_smallest_part_that_fails_is_found_exactly(
        seed: u64,
        needed in prop::collection::vec(prop::option::weighted(0.3, 1..=3_u32), 20),
    ) {
        let (settings, places) = settings("{ max_faults: 20, faults: [{ status: 503 }, { connect: refuse, times: 9 }] }");
        let mut whole = draw(&settings, &places, Seed::from(seed));
        // Each has its own index for a name, and is told by it what is needed of it.
        for (index, strike) in whole.strikes.iter_mut().enumerate() {
            strike.before = index;
        }
        let times = |schedule: &Schedule, index: usize| {
            let found = schedule.strikes.iter().find(|strike| strike.before == index);
            found.and_then(Strike::times).unwrap_or(0)
        };
        let wanted: Vec<(usize, u32)> = needed
            .iter()
            .enumerate()
            .filter_map(|(index, needed)| Some((index, (*needed)?.min(times(&whole, index)))))
            .filter(|(_, times)| *times > 0)
            .collect();
        let fails = |schedule: &Schedule| wanted.iter().all(|(index, least)| times(schedule, *index) >= *least);
        let shrunk = shrink(whole.clone(), 10_000, |part| Ok::<_, Infallible>(fails(part))).unwrap();
        let found: Vec<(usize, u32)> = shrunk
            .schedule
            .strikes
            .iter()
            .map(|strike| (strike.before, strike.times().unwrap_or(0)))
            .collect();
        prop_assert_eq!(found, wanted);
        prop_assert!(shrunk.smallest);
    }

    #[test]
    fn what_is_left_is_a_part_and_still_fails_whatever_makes_it_fail(
        kinds in kinds(), seed: u64, chance in 1..=4_u64, most in 0..60_u32,
    ) {
        let (settings, places) = settings(&format!("{{ faults: {kinds}, max_faults: 20 }}"));
        let whole = draw(&settings, &places, Seed::from(seed));
        // A part fails or not by chance, but always the same.
        let fails = |part: &Schedule| {
            let name = format!("{part:?}");
            *part == whole || Seed::from(seed).random(&name).below(chance) == 0
        };
        let mut plays = 0;
        let shrunk = shrink(whole.clone(), most, |part| {
            plays += 1;
            Ok::<_, Infallible>(fails(part))
        })
        .unwrap();
        prop_assert!(fails(&shrunk.schedule));
        prop_assert!(is_part_of(&shrunk.schedule, &whole), "{:?} of {:?}", shrunk.schedule, whole);
        prop_assert!(plays <= most && plays == shrunk.plays);
        if shrunk.smallest {
            for index in 0..shrunk.schedule.strikes.len() {
                let mut smaller = shrunk.schedule.clone();
                smaller.strikes.remove(index);
                prop_assert!(!fails(&smaller));
            }
        }
    }
}

#[test]
fn a_play_that_can_not_be_played_ends_the_search() {
    let (settings, places) = settings("{}");
    let whole = draw(&settings, &places, Seed::from(1));
    assert_eq!(shrink(whole, 9, |_| Err("given up")), Err("given up"));
}

#[test]
fn where_nothing_is_sent_a_fault_is_planned_before_the_first_step() {
    let scenario = scenario("chaos: {}\nsteps: [{ set: { a: 1 } }, { expect: { requests: [] } }]");
    let places = Places::of(&scenario);
    let schedule = draw(&scenario.chaos.expect("it has chaos"), &places, Seed::from(3));
    assert!(schedule.strikes.iter().all(|strike| strike.before == 0));
}
