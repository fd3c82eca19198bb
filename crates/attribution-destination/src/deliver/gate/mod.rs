//! Where every attempt has to pass: what spares the endpoint, in one place.
//!
//! | part | holds an attempt back while |
//! |---|---|
//! | a `Retry-After` | the time that the endpoint asked for, of whichever event, has not passed |
//! | `concurrency` | as many exchanges are in flight as the endpoint bears |
//! | `circuit` | it is dead, but for one probe at a time |
//! | `rate` | as many requests began as may begin a second |
//! | `budget` | it is a retry, and there were too many for what succeeded |
//!
//! The parts are plain data, told the time; only the gate waits. First come, first served, but for retries without
//! budget, which let first attempts go ahead. A retry pays when it gets into line: an outage that lasts for long has
//! all of them paid for, and the concurrency alone bounds their pace when it is over.

mod budget;
mod circuit;
mod concurrency;
mod rate;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clock::{Clock, Seed};
use tokio::sync::{Notify, Semaphore};

use self::budget::Budget;
use self::circuit::Circuit;
use self::concurrency::{Concurrency, Epoch};
use self::rate::Rate;
use super::classify::Signal;
use super::policy::{Limits, Protection};

/// The gate of one endpoint.
#[derive(Debug)]
pub(super) struct Gate {
    state: Mutex<State>,
    /// Something changed that may let the next one through.
    changed: Notify,
    /// Who has it may be the next one through.
    line: Semaphore,
    /// Who has it may be the next one to get of the budget.
    retries: Semaphore,
    clock: Clock,
}

#[derive(Debug)]
struct State {
    held_until: Duration,
    concurrency: Concurrency,
    circuit: Option<Circuit>,
    rate: Option<Rate>,
    budget: Option<Budget>,
}

/// When to look again: at a time, or only when something changes.
type NotYet = Option<Duration>;

/// That an attempt may be made, for as long as it lives.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    gate: &'a Gate,
    /// When it was given out.
    pub(super) since: Duration,
    epoch: Epoch,
    is_probe: bool,
    told: bool,
}

impl Gate {
    pub(super) fn new(limits: &Limits, protection: &Protection, clock: Clock, seed: Seed) -> Self {
        let breaker = protection.breaker.as_ref();
        let state = State {
            held_until: Duration::ZERO,
            concurrency: Concurrency::new(limits.concurrency, protection.adaptive),
            circuit: breaker.map(|breaker| Circuit::new(breaker, seed.random("probe"))),
            rate: limits.rate.map(Rate::new),
            budget: protection.budget.as_ref().map(Budget::new),
        };
        Self {
            state: Mutex::new(state),
            changed: Notify::new(),
            line: Semaphore::new(1),
            retries: Semaphore::new(1),
            clock,
        }
    }

    /// Waits until a first attempt may begin.
    pub(super) async fn first(&self) -> Pass<'_> {
        let _front = self.line.acquire().await.expect("nothing closes the line");
        self.wait_until(State::admit).await.into_pass(self)
    }

    /// Waits until a further attempt may begin, unless `closes` comes first.
    pub(super) async fn again(&self, closes: Duration) -> Option<Pass<'_>> {
        let left = closes.checked_sub(self.clock.elapsed())?;
        let passing = async {
            self.afford().await;
            self.first().await
        };
        tokio::time::timeout(left, passing).await.ok()
    }

    /// Waits until there is budget for a retry.
    async fn afford(&self) {
        let _front = self.retries.acquire().await.expect("nothing closes the line");
        self.wait_until(|state, now| state.budget.as_mut().map_or(Ok(()), |budget| budget.take(now)))
            .await;
    }

    async fn wait_until<T>(&self, mut admit: impl FnMut(&mut State, Duration) -> Result<T, NotYet>) -> T {
        let now = self.clock.elapsed();
        let looked = admit(&mut self.lock(), now);
        if let Ok(admitted) = looked {
            return admitted;
        }
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Enabled before the look, so that what changes after the look is not missed.
            changed.as_mut().enable();
            let now = self.clock.elapsed();
            let looked = admit(&mut self.lock(), now);
            match looked {
                Ok(admitted) => return admitted,
                Err(None) => changed.await,
                Err(Some(at)) => tokio::select! {
                    () = self.clock.sleep(at.saturating_sub(now)) => {}
                    () = changed => {}
                },
            }
        }
    }

    /// Holds everything back for a time that the endpoint asked for.
    pub(super) fn hold(&self, asked: Duration) {
        let until = self.clock.elapsed().saturating_add(asked);
        let mut state = self.lock();
        state.held_until = state.held_until.max(until);
    }

    /// How many exchanges are in flight.
    pub(super) fn in_flight(&self) -> usize {
        self.lock().concurrency.in_flight()
    }

    /// No code of others runs under the lock, so a poisoned one is as good as another.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is given out under the lock, and becomes a pass outside of it.
struct Admitted {
    since: Duration,
    epoch: Epoch,
    is_probe: bool,
}

impl Admitted {
    fn into_pass(self, gate: &Gate) -> Pass<'_> {
        Pass {
            gate,
            since: self.since,
            epoch: self.epoch,
            is_probe: self.is_probe,
            told: false,
        }
    }
}

impl State {
    fn admit(&mut self, now: Duration) -> Result<Admitted, NotYet> {
        if now < self.held_until {
            return Err(Some(self.held_until));
        }
        if !self.concurrency.has_room() {
            return Err(None);
        }
        if let Some(circuit) = &self.circuit {
            circuit.look(now)?;
        }
        if let Some(rate) = &mut self.rate {
            rate.take(now)?;
        }
        Ok(Admitted {
            since: now,
            epoch: self.concurrency.begin(),
            is_probe: self.circuit.as_mut().is_some_and(Circuit::begin),
        })
    }
}

impl Pass<'_> {
    /// Takes what the attempt has come to by `now` into account, for those that come after it.
    pub(super) fn tell(mut self, signal: Signal, now: Duration) {
        let mut state = self.gate.lock();
        self.told = true;
        state.concurrency.learn(self.epoch, signal);
        if let Some(circuit) = &mut state.circuit {
            circuit.learn(signal, self.is_probe, now);
        }
        if let (Signal::Success, Some(budget)) = (signal, &mut state.budget) {
            budget.earn();
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.concurrency.end();
        if let (true, false, Some(circuit)) = (self.is_probe, self.told, &mut state.circuit) {
            // An attempt that was given up halfway says nothing, and another one has to find out.
            circuit.abandon();
        }
        drop(state);
        self.gate.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests;
