//! The same scenario again and again, under one random schedule of faults after the other.

use std::pin::Pin;

use crate::chaos::{ChaosSettings, Places, Schedule, Shrunk, draw, notation, seed_of, shrink};
use crate::coverage::Touched;
use crate::outcome::{Chaos, FailedRun, Outcome, PlannedFault};
use crate::run::play::Staging;
use crate::run::{RunError, RunOptions, staged};
use crate::scenario::Scenario;

/// How often a scenario is played at most to find the smallest schedule.
const MOST_PLAYS: u32 = 200;

/// The run that is shown: the first, or the one that failed, under the smallest part of its schedule.
pub(super) struct Shown {
    pub(super) outcome: Outcome,
    /// How it was played.
    pub(super) staging: Staging,
}

/// Plays run 0, without random faults, and then each run, or the only one that is asked for, until the first that fails.
pub(super) fn play(
    scenario: &Scenario,
    chaos: &ChaosSettings,
    options: &RunOptions,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<Shown, RunError> {
    let (first, last) = options.chaos_run.map_or((0, chaos.runs), |only| (only, only));
    let places = Places::of(scenario);
    let told = |failed| Chaos {
        runs: chaos.runs,
        only: options.chaos_run,
        failed,
    };
    let mut shown = None;
    let mut touched = options.coverage.then(Touched::default);
    for run in first..=last {
        let seed = seed_of(options.seed, run);
        let schedule = match run {
            0 => Schedule::default(),
            _ => draw(chaos, &places, seed),
        };
        let mut staging = Staging {
            seed,
            schedule,
            ..Staging::of(options)
        };
        let mut outcome = staged(scenario, &staging, stop.as_mut())?;
        if let (Some(touched), Some(now)) = (&mut touched, &outcome.touched) {
            touched.merge(now);
        }
        if outcome.passed() {
            shown.get_or_insert(Shown { outcome, staging });
            continue;
        }
        let drawn = staging.schedule.strikes.len();
        let shrunk = shrink(staging.schedule.clone(), MOST_PLAYS, |smaller| {
            staging.schedule.clone_from(smaller);
            let again = staged(scenario, &staging, stop.as_mut())?;
            let fails = !again.passed();
            if fails {
                outcome = again;
            }
            Ok(fails)
        })?;
        outcome.chaos = Some(told(Some(FailedRun {
            run,
            seed,
            drawn,
            faults: planned(scenario, &shrunk),
            plays: shrunk.plays,
            smallest: shrunk.smallest,
        })));
        outcome.touched = touched;
        staging.schedule = shrunk.schedule;
        return Ok(Shown { outcome, staging });
    }
    let mut shown = shown.expect("a range with both ends has one run at least");
    shown.outcome.chaos = Some(told(None));
    shown.outcome.touched = touched;
    Ok(shown)
}

fn planned(scenario: &Scenario, shrunk: &Shrunk) -> Vec<PlannedFault> {
    let strikes = shrunk.schedule.strikes.iter();
    let planned = strikes.filter_map(|strike| {
        Some(PlannedFault {
            before: scenario.steps.get(strike.before)?.at,
            fault: notation(&strike.fault),
        })
    });
    planned.collect()
}
