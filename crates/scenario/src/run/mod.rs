//! Playing a scenario: [`run()`].
//!
//! Every scenario has a runtime of its own on the calling thread. Over the in-memory link its clock is paused and
//! jumps to the next timer whenever nothing can run, so hours of retries cost nothing and every run of a seed is the
//! same. Over sockets ([`Mode::Live`]) the same steps are played in real time. A scenario with `chaos` is played many times,
//! one after the other.

mod capture;
mod chaos;
mod engage;
mod live;
mod observe;
mod play;
mod player;
mod report;
mod touch;
mod trace;

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use clock::Seed;
use expectation::{Section, Source, Span};
use pipeline::{Exchange, StartError, Transport};
use serde_json::Value;

use self::play::{Staging, play};
use self::player::Player;
use crate::outcome::Outcome;
use crate::scenario::Scenario;

/// How to play a scenario.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// Where all jitter comes from.
    pub seed: Seed,
    /// Over what, and in which time.
    pub mode: Mode,
    /// What becomes of snapshots.
    pub snapshots: Snapshots,
    /// Of a scenario with `chaos`, the only run to play; all of them, where there is none.
    pub chaos_run: Option<u32>,
    /// Whether it is noted what of the contract is touched.
    pub coverage: bool,
    /// Whether there is a timeline of a scenario that passed, too; of one that failed there always is.
    pub timeline: bool,
}

impl Default for RunOptions {
    /// In virtual time, seed 0, with snapshots held against their files, all runs, nothing noted of the contract and all
    /// timelines.
    fn default() -> Self {
        Self {
            seed: Seed::from(0),
            mode: Mode::Virtual,
            snapshots: Snapshots::Compare,
            chaos_run: None,
            coverage: false,
            timeline: true,
        }
    }
}

/// What becomes of what a snapshot takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snapshots {
    /// It is held against its file: another text, or none, is a failure.
    Compare,
    /// It is only taken, for whoever writes the files.
    Take,
}

/// Over what link, and in which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In memory and in virtual time.
    Virtual,
    /// Over loopback sockets and in real time.
    Live {
        /// A scenario that would take longer is refused before anything is sent.
        limit: Duration,
    },
}

/// Why a scenario could not be played.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// In real time it would take longer than the limit. Known beforehand, from playing it in virtual time.
    TooLong {
        /// The scenario's file.
        source: Arc<Source>,
        /// The step in which the limit is passed; the last one, if that is in what comes after it.
        at: Span,
        /// How long the whole scenario takes.
        needs: Duration,
        /// The limit.
        limit: Duration,
    },
    /// Random faults strike in virtual time only.
    ChaosInRealTime {
        /// The scenario's file.
        source: Arc<Source>,
        /// Its `chaos`.
        at: Span,
    },
    /// One run of its `chaos` was asked for, and it has none.
    NoChaos,
    /// The runtime could not be built.
    Runtime(io::Error),
    /// The pipeline could not be started.
    Start(StartError),
    /// It was given up before its end.
    Stopped,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { .. } => f.write_str("in real time the scenario takes longer than the limit"),
            Self::ChaosInRealTime { .. } => f.write_str("a scenario with `chaos` is played in virtual time only"),
            Self::NoChaos => f.write_str("the scenario has no `chaos`, and so no run of it can be played again"),
            Self::Runtime(_) => f.write_str("could not start the runtime"),
            Self::Start(_) => f.write_str("could not start the pipeline"),
            Self::Stopped => f.write_str("it was given up before its end"),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLong { .. } | Self::ChaosInRealTime { .. } | Self::NoChaos | Self::Stopped => None,
            Self::Runtime(error) => Some(error),
            Self::Start(error) => Some(error),
        }
    }
}

/// Plays a scenario like [`run()`], and gives it up when `stop` comes to its end first.
///
/// # Errors
///
/// [`RunError`], when it could not be played at all or was given up.
///
/// # Panics
///
/// When called from inside a tokio runtime, which can't hold another.
pub fn run_until(
    scenario: &Scenario,
    options: &RunOptions,
    stop: impl Future<Output = ()>,
) -> Result<Outcome, RunError> {
    let mut stop = pin!(stop);
    match (&scenario.chaos, options.mode) {
        (Some(chaos), Mode::Virtual) => Ok(chaos::play(scenario, chaos, options, stop)?.outcome),
        (Some(chaos), Mode::Live { .. }) => Err(RunError::ChaosInRealTime {
            source: scenario.source.clone(),
            at: chaos.at,
        }),
        (None, _) if options.chaos_run.is_some() => Err(RunError::NoChaos),
        (None, Mode::Virtual) => staged(scenario, &Staging::of(options), stop),
        (None, Mode::Live { limit }) => {
            let rehearsal = staged(scenario, &Staging::of(options), stop.as_mut())?;
            live::refuse_if_too_long(scenario, &rehearsal, limit)?;
            staged(scenario, &Staging::of(options).in_real_time(), stop)
        }
    }
}

/// Plays a scenario and looks at what came of it. A failed expectation is part of the [`Outcome`], not an error.
///
/// # Errors
///
/// [`RunError`], when it could not be played at all.
///
/// # Panics
///
/// When called from inside a tokio runtime, which can't hold another.
pub fn run(scenario: &Scenario, options: &RunOptions) -> Result<Outcome, RunError> {
    run_until(scenario, options, std::future::pending())
}

/// Plays a scenario in virtual time and looks at these sections in the end.
pub(crate) fn rows(scenario: &Scenario, sections: &[Section]) -> Result<Vec<Vec<Value>>, RunError> {
    let staging = Staging::of(&RunOptions::default());
    let runtime = runtime(staging.over).map_err(RunError::Runtime)?;
    let played = async { play(scenario, &staging).await.map(|mut player| player.rows(sections)) };
    runtime.block_on(played).map_err(RunError::Start)
}

/// A run of which nothing is forgotten.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What came of it.
    pub outcome: Outcome,
    /// What the double received, as its journal file has it, one line a request.
    pub journal: String,
    /// What travelled between sender and double, byte for byte; the project id is in it.
    pub wire: Vec<Exchange>,
}

/// Plays a scenario in virtual time like [`run()`], whatever the options say of that, and keeps everything that was
/// received and sent as well; with `chaos`, in the run that is told of. The same scenario and options give the same
/// evidence, bit for bit.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
///
/// use scenario::{RunOptions, Source, parse, run_with_evidence};
///
/// let text = "steps: [{ track: { userId: user-1, event: sign up } }]";
/// let scenarios = parse(Arc::new(Source::of("a.yaml", text)), &BTreeMap::new())?;
/// let evidence = run_with_evidence(&scenarios[0], &RunOptions::default())?;
/// assert_eq!((evidence.journal.lines().count(), evidence.wire.len()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`RunError`], when it could not be played at all.
///
/// # Panics
///
/// When called from inside a tokio runtime, which can't hold another.
pub fn run_with_evidence(scenario: &Scenario, options: &RunOptions) -> Result<Evidence, RunError> {
    let (staging, chaos) = match &scenario.chaos {
        None if options.chaos_run.is_some() => return Err(RunError::NoChaos),
        None => (Staging::of(options), None),
        Some(chaos) => {
            let shown = chaos::play(scenario, chaos, options, pin!(std::future::pending()))?;
            (shown.staging, shown.outcome.chaos)
        }
    };
    let staging = Staging {
        keep_wire: true,
        ..staging
    };
    let runtime = runtime(staging.over).map_err(RunError::Runtime)?;
    let played = async { play(scenario, &staging).await.map(Player::evidence) };
    let mut evidence = runtime.block_on(played).map_err(RunError::Start)?;
    evidence.outcome.chaos = chaos;
    Ok(evidence)
}

/// Plays on a runtime of its own, unless `stop` comes first.
fn staged(scenario: &Scenario, staging: &Staging, stop: impl Future<Output = ()>) -> Result<Outcome, RunError> {
    let runtime = runtime(staging.over).map_err(RunError::Runtime)?;
    let played = async { play(scenario, staging).await.map(Player::outcome) };
    runtime.block_on(unless(stop, played))
}

/// What is played, unless `stop` comes first.
async fn unless(
    stop: impl Future<Output = ()>,
    played: impl Future<Output = Result<Outcome, StartError>>,
) -> Result<Outcome, RunError> {
    tokio::select! {
        // In this order and not by chance, so that what never stops changes nothing.
        biased;
        () = stop => Err(RunError::Stopped),
        outcome = played => outcome.map_err(RunError::Start),
    }
}

/// On one thread. In memory there is nothing to ask the operating system for, and it is not asked at every turn.
fn runtime(over: Transport) -> io::Result<tokio::runtime::Runtime> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    match over {
        Transport::Memory => runtime.enable_time().start_paused(true),
        Transport::Loopback => runtime.enable_all(),
    };
    runtime.build()
}
