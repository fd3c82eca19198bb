//! From a seed to a schedule.

use std::time::Duration;

use attribution_mock::{Fault, FaultAction, FaultAnswer, Latency, RetryAfter, Statuses};
use clock::{Random, Seed};
use pipeline::LinkFault;

use super::schedule::{Schedule, Strike};
use super::settings::{ChaosKind, ChaosSettings};
use crate::scenario::{Action, FaultStep, Scenario};

/// How often a fault of a kind strikes at most.
const MOST_TIMES: u64 = 3;

/// How often all faults of a schedule that are of a kind strike at most. Even if all of them met one event, waiting
/// twenty times, the first ten of them twice as long as before and the others ten minutes, ends well within four hours.
const MOST_STRIKES: u64 = 20;

/// After how many bytes a connection is cut at most: somewhere in the request or in the answer.
const MOST_BYTES: u64 = 800;

/// Delays are drawn in such steps, so that they can be read.
const TICK: Duration = Duration::from_millis(100);

/// The seed of a run: all jitter of it, and its schedule. Run 0, the undisturbed one, has the scenario's own.
pub(crate) fn seed_of(seed: Seed, run: u32) -> Seed {
    match run {
        0 => seed,
        _ => Seed::from(seed.random(&format!("chaos run {run}")).next_u64()),
    }
}

/// Where faults may strike in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    /// The steps before which one may be planned.
    before: Vec<usize>,
    /// How many messages are sent, as far as that is known.
    messages: u64,
}

impl Places {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let idle = |action: &Action| {
            matches!(
                action,
                Action::Expect(_) | Action::Capture(_) | Action::Set(_) | Action::Fault(_)
            )
        };
        let steps = &scenario.steps;
        let busy = (0..steps.len()).filter(|index| !idle(&steps[*index].action));
        let mut before: Vec<usize> = busy.collect();
        if before.is_empty() {
            before.push(0);
        }
        Self {
            before,
            messages: steps
                .iter()
                .fold(0, |sum, step| sum.saturating_add(step.action.messages())),
        }
    }
}

/// The schedule of a run: what the settings allow, and nothing else.
pub(crate) fn draw(settings: &ChaosSettings, places: &Places, seed: Seed) -> Schedule {
    let random = &mut seed.random("chaos schedule");
    let count = 1 + random.below(settings.max_faults.into());
    // Each fault strikes once in any case.
    let mut further = MOST_STRIKES.saturating_sub(count);
    let mut strikes: Vec<Strike> = (0..count)
        .map(|_| Strike {
            before: *one_of(&places.before, random),
            fault: fault(one_of(&settings.faults, random), places, &mut further, random),
        })
        .collect();
    // Stable: of several before one step, the first drawn strikes first.
    strikes.sort_by_key(|strike| strike.before);
    Schedule { strikes }
}

fn fault(kind: &ChaosKind, places: &Places, further: &mut u64, random: &mut Random) -> FaultStep {
    if let ChaosKind::Fault(fault) = kind {
        let strike = Strike {
            before: 0,
            fault: fault.clone(),
        };
        return match strike.times() {
            Some(times) => strike.with_times(up_to(times.into(), random)).fault,
            None => strike.fault,
        };
    }
    let times = up_to(MOST_TIMES.min(1 + *further), random);
    *further -= u64::from(times) - 1;
    match of_link(kind, random) {
        Some(fault) => FaultStep::Link {
            fault,
            times: Some(times),
        },
        None => FaultStep::Server(Box::new(
            spread(Fault::new(of_server(kind, random)), places, random).times(times),
        )),
    }
}

/// Half of the faults strike at once, the others each so many-eth request, which also reaches into loops.
fn spread(fault: Fault, places: &Places, random: &mut Random) -> Fault {
    let at_once = random.below(2) == 0;
    match places.messages {
        0 | 1 => fault,
        _ if at_once => fault,
        messages => fault.every(1 + up_to(messages - 1, random)),
    }
}

fn of_link(kind: &ChaosKind, random: &mut Random) -> Option<LinkFault> {
    match kind {
        ChaosKind::Refuse => Some(LinkFault::Refuse),
        ChaosKind::Cut => Some(LinkFault::Cut {
            after: usize::try_from(random.below(MOST_BYTES + 1)).unwrap_or(usize::MAX),
        }),
        _ => None,
    }
}

fn of_server(kind: &ChaosKind, random: &mut Random) -> FaultAction {
    let mut either = |one: FaultAction, other: FaultAction| if random.below(2) == 0 { one } else { other };
    match kind {
        ChaosKind::Reset => either(FaultAction::ResetBefore, FaultAction::ResetAfter),
        ChaosKind::Close => either(FaultAction::CloseBefore, FaultAction::CloseAfter),
        ChaosKind::Status(statuses) => FaultAction::Respond(FaultAnswer::new(Statuses::One(*one_of(statuses, random)))),
        ChaosKind::RetryAfter(most) => {
            let seconds = up_to(most.as_secs(), random).into();
            FaultAction::Respond(FaultAnswer::new(429).retry_after(RetryAfter::Seconds(seconds)))
        }
        ChaosKind::Latency(most) => {
            let ticks = u64::try_from(most.as_nanos() / TICK.as_nanos()).unwrap_or(u64::MAX);
            FaultAction::Delay(Latency::Fixed(TICK.saturating_mul(up_to(ticks, random))))
        }
        ChaosKind::Truncate => FaultAction::Truncate,
        ChaosKind::Garbage => FaultAction::Garbage,
        ChaosKind::Hang | ChaosKind::Refuse | ChaosKind::Cut | ChaosKind::Fault(_) => FaultAction::Hang,
    }
}

/// A number from 1 to `most`, or 1.
fn up_to(most: u64, random: &mut Random) -> u32 {
    u32::try_from(1 + random.below(most)).unwrap_or(u32::MAX)
}

/// One of several things, of which there is one at least.
fn one_of<'t, T>(things: &'t [T], random: &mut Random) -> &'t T {
    let drawn = random.below(things.len() as u64);
    &things[usize::try_from(drawn).unwrap_or(0)]
}
