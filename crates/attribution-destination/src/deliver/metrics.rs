use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::dead_letter::DeadLetter;
use super::outcome::{Attempt, Delivery, Outcome};

/// What a sender has done so far, and what it is at.
///
/// Every submitted event is in exactly one of `delivered`, `skipped`, `invalid`, `rejected`, `expired`, `interrupted`
/// and `queued`, but for the short moment in which it moves from the last to one of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Events that Attribution has.
    pub delivered: u64,
    /// Events that the destination doesn't send.
    pub skipped: u64,
    /// Events that can't be written as a request.
    pub invalid: u64,
    /// Events that Attribution refused for good.
    pub rejected: u64,
    /// Events that no attempt within their window got through.
    pub expired: u64,
    /// Events that were given up because the runtime stopped or the sender was closed.
    pub interrupted: u64,
    /// Attempts of events. A request of several events is an attempt of each.
    pub attempts: u64,
    /// Those of them that were not an event's first.
    pub retried: u64,
    /// Events without an outcome.
    pub queued: u64,
    /// Exchanges in flight.
    pub in_flight: u64,
    /// For how long the oldest event has been without an outcome.
    pub oldest: Option<Duration>,
}

/// Counts outcomes, and keeps those that a close has to give back.
#[derive(Debug, Default)]
pub(super) struct Meter {
    delivered: AtomicU64,
    skipped: AtomicU64,
    invalid: AtomicU64,
    rejected: AtomicU64,
    expired: AtomicU64,
    interrupted: AtomicU64,
    attempts: AtomicU64,
    retried: AtomicU64,
    /// What was interrupted, by the order of submission; none as long as nobody asked for it.
    letters: Mutex<Option<BTreeMap<u64, DeadLetter>>>,
}

impl Meter {
    pub(super) fn count(&self, outcome: &Outcome) {
        let counter = match &outcome.result {
            Delivery::Delivered { .. } => &self.delivered,
            Delivery::Skipped(_) => &self.skipped,
            Delivery::Invalid(_) => &self.invalid,
            Delivery::Rejected { .. } => &self.rejected,
            Delivery::Expired { .. } => &self.expired,
            Delivery::Interrupted => &self.interrupted,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps the letter of an interrupted event, if somebody wants it.
    pub(super) fn keep(&self, ordinal: u64, letter: &DeadLetter) {
        if let Some(letters) = &mut *self.letters() {
            letters.insert(ordinal, letter.clone());
        }
    }

    pub(super) fn count_attempt(&self, before: &[Attempt]) {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        if !before.is_empty() {
            self.retried.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// From now on, keeps what is interrupted.
    pub(super) fn keep_letters(&self) {
        self.letters().get_or_insert_default();
    }

    /// What was kept, in the order of submission.
    pub(super) fn take_letters(&self) -> Vec<DeadLetter> {
        let letters = self.letters().as_mut().map(std::mem::take);
        letters.unwrap_or_default().into_values().collect()
    }

    /// No code of others runs under the lock, so a poisoned one is as good as another.
    fn letters(&self) -> MutexGuard<'_, Option<BTreeMap<u64, DeadLetter>>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counts; what is under way is to be added.
    pub(super) fn counts(&self) -> Metrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Metrics {
            delivered: read(&self.delivered),
            skipped: read(&self.skipped),
            invalid: read(&self.invalid),
            rejected: read(&self.rejected),
            expired: read(&self.expired),
            interrupted: read(&self.interrupted),
            attempts: read(&self.attempts),
            retried: read(&self.retried),
            ..Metrics::default()
        }
    }
}
