use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::lanes::{Lanes, Mark, Turn};
use super::queue::{Queue, Room};

/// Where every event that is to be sent comes in, one after the other.
///
/// Lane, queue and ordinal are given out under one lock, so that all three agree on who came first.
#[derive(Debug)]
pub(super) struct Intake {
    state: Mutex<State>,
    left: Notify,
}

#[derive(Debug)]
struct State {
    next: u64,
    lanes: Lanes,
    queue: Queue,
    inside: BTreeSet<u64>,
}

/// What an event gets when it comes in.
#[derive(Debug)]
pub(super) struct Entry {
    /// How many came in before it.
    pub(super) ordinal: u64,
    /// When the event may be sent.
    pub(super) turn: Turn,
    /// When its submitter may go on.
    pub(super) room: Room,
    /// To be held until the outcome is told.
    pub(super) place: Place,
}

/// That an event is in: dropping it lets the next ones move up, however it comes to be dropped.
#[derive(Debug)]
pub(super) struct Place {
    intake: Arc<Intake>,
    mark: Mark,
    ordinal: u64,
}

impl Intake {
    pub(super) fn new(capacity: NonZeroUsize) -> Arc<Self> {
        let queue = Queue::new(capacity.get());
        let state = State {
            next: 0,
            lanes: Lanes::default(),
            queue,
            inside: BTreeSet::new(),
        };
        Arc::new(Self {
            state: Mutex::new(state),
            left: Notify::new(),
        })
    }

    /// Takes an event in, at the end of the lane of all these ids.
    pub(super) fn enter(self: &Arc<Self>, ids: Vec<String>) -> Entry {
        let mut state = self.lock();
        let ordinal = state.next;
        state.next += 1;
        state.inside.insert(ordinal);
        let (turn, mark) = state.lanes.join(ordinal, ids);
        let room = state.queue.enter();
        drop(state);
        Entry {
            ordinal,
            turn,
            room,
            place: Place {
                intake: Arc::clone(self),
                mark,
                ordinal,
            },
        }
    }

    /// Waits until every event that is in now has left.
    pub(super) async fn settle(&self) {
        let next = self.lock().next;
        loop {
            let left = self.left.notified();
            tokio::pin!(left);
            // Enabled before the look, so that what leaves after the look is not missed.
            left.as_mut().enable();
            if self.lock().inside.first().is_none_or(|oldest| *oldest >= next) {
                return;
            }
            left.await;
        }
    }

    /// No code of others runs under the lock, so a poisoned one is as good as another.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.intake.lock();
        state.lanes.leave(&self.mark);
        state.inside.remove(&self.ordinal);
        let room = state.queue.leave();
        drop(state);
        drop(room);
        self.intake.left.notify_waiters();
        // The mark is dropped after this, and with it the lane moves up.
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn intake(capacity: usize) -> Arc<Intake> {
        Intake::new(NonZeroUsize::new(capacity).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn settling_waits_for_what_is_in_and_not_for_what_comes_later() {
        let intake = intake(10);
        let first = intake.enter(vec!["a".to_owned()]);
        let settling = tokio::spawn({
            let intake = Arc::clone(&intake);
            async move { intake.settle().await }
        });
        tokio::task::yield_now().await;
        let later = intake.enter(vec!["b".to_owned()]);
        assert!(!settling.is_finished());
        drop(first);
        settling.await.unwrap();
        drop(later);
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_intake_is_settled() {
        let settled = tokio::time::timeout(Duration::from_secs(1), intake(1).settle()).await;
        assert!(settled.is_ok(), "nothing is in, and yet it waits");
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_place_makes_room_and_lets_the_lane_move_up() {
        let intake = intake(1);
        let first = intake.enter(vec!["a".to_owned()]);
        let second = intake.enter(vec!["a".to_owned()]);
        assert_eq!((first.ordinal, second.ordinal), (0, 1));
        drop(first);
        second.turn.come().await;
        second.room.made().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_in_between_strands_nobody() {
        let intake = intake(1);
        let first = intake.enter(vec!["a".to_owned()]);
        let second = intake.enter(vec!["a".to_owned()]);
        let died = tokio::spawn(async move {
            let _place = first.place;
            panic!("on purpose");
        });
        second.turn.come().await;
        assert!(died.await.unwrap_err().is_panic());
        drop(second.place);
        intake.settle().await;
    }
}
