mod place;

use std::collections::VecDeque;
use std::fmt;
use std::hash::RandomState;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clock::{Clock, Random, Seed};
use tokio::sync::{Notify, Semaphore};

pub(super) use self::place::{Held, Place, Room, Timer};
use super::lanes::Lanes;
use super::metrics::Meter;
use super::ordinals::ByOrdinal;
use super::parcel::{Item, Packing, Parcel};
use super::policy::{Batch, Limits, Ordering};
use super::record::{Message, Record, Ticket};
use super::visitor::Visitor;
use super::window::Window;
use crate::request::WireRequest;

/// Where every event that is to be sent comes in, waits for those before it, and is packed.
///
/// All of it is plain data under one lock; what has to happen in time is handed out as [`Job`]s. An event that waits costs
/// its bytes and no task.
pub(super) struct Intake {
    state: Mutex<State>,
    left: Notify,
    events: Semaphore,
    bytes: Semaphore,
    most_bytes: usize,
    batch: Batch,
    ordering: Ordering,
    begin: Box<dyn Fn(Job) + Send + Sync>,
    /// What the ids of visitors are hashed with.
    key: RandomState,
    pub(super) clock: Clock,
    pub(super) meter: Meter,
}

/// What is to be done outside of the lock.
#[derive(Debug)]
pub(super) enum Job {
    /// Deliver these.
    Deliver(Parcel),
    /// Close the parcel that is being packed, at the latest when the batch's time is over.
    Linger(Duration, Timer),
    /// Let this event be packed after a while.
    Hold(Duration, Held),
}

#[derive(Debug)]
struct State {
    is_open: bool,
    next: u64,
    lanes: Lanes,
    /// What waits for those before it, or is held back.
    waiting: ByOrdinal<Item>,
    packing: Packing,
    /// What is in, and since when.
    inside: Window<Duration>,
    /// The least ordinal that is in, or the next one where none is.
    oldest: u64,
    /// Where it is drawn from for how long an event is held back.
    holds: Random,
    jobs: VecDeque<Job>,
    /// Somebody hands out jobs already.
    is_handing_out: bool,
    /// The least ordinal below which somebody waits for all to leave.
    awaited: Option<u64>,
    /// No event below this ordinal waits for others to share its request.
    urgent_below: u64,
}

impl Intake {
    pub(super) fn new(
        limits: &Limits,
        batch: Batch,
        ordering: Ordering,
        seed: Seed,
        clock: Clock,
        begin: impl Fn(Job) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let most_bytes = limits.queue_bytes.min(u32::MAX as usize).min(Semaphore::MAX_PERMITS);
        let state = State {
            is_open: true,
            next: 0,
            lanes: Lanes::new(limits.remembered_ids),
            waiting: ByOrdinal::default(),
            packing: Packing::default(),
            inside: Window::default(),
            oldest: 0,
            holds: seed.random("hold"),
            jobs: VecDeque::new(),
            is_handing_out: false,
            awaited: None,
            urgent_below: 0,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            left: Notify::new(),
            events: Semaphore::new(limits.queue.min(Semaphore::MAX_PERMITS)),
            bytes: Semaphore::new(most_bytes),
            most_bytes,
            batch,
            ordering,
            begin: Box::new(begin),
            key: RandomState::new(),
            clock,
            meter: Meter::default(),
        })
    }

    /// What the ids of visitors are hashed with.
    pub(super) fn key(&self) -> &RandomState {
        &self.key
    }

    /// Waits for room for an event of so many bytes, first come, first served.
    pub(super) async fn room(self: &Arc<Self>, bytes: usize) -> Room {
        // One that is larger than all room takes all of it.
        let bytes = u32::try_from(bytes.min(self.most_bytes)).unwrap_or(u32::MAX);
        let open = "nothing closes the semaphores";
        let event = self.events.acquire().await.expect(open);
        self.bytes.acquire_many(bytes).await.expect(open).forget();
        event.forget();
        Room::new(self, bytes)
    }

    /// Makes room again.
    fn give_back(&self, events: usize, bytes: usize) {
        self.events.add_permits(events);
        self.bytes.add_permits(bytes);
    }

    /// Takes an event in, at the end of the lane of its visitor, and has it begun where nothing is before it.
    ///
    /// Without order it is in no lane, and is held back for a while instead. Once it is closed, the event is interrupted.
    pub(super) fn enter(
        self: &Arc<Self>,
        room: Room,
        message: Message,
        request: WireRequest,
        visitor: &Visitor,
    ) -> Ticket {
        let (mut record, ticket) = Record::begin(Place::before(room), message, request);
        let mut state = self.lock();
        if !state.is_open {
            drop(state);
            drop(record);
            return ticket;
        }
        let ordinal = state.next;
        state.next += 1;
        state.inside.push(ordinal, record.begun());
        record.enter(ordinal);
        let item = Item { ordinal, record };
        match self.ordering {
            Ordering::PerVisitor if state.lanes.enter(ordinal, visitor.ids()) => self.pack(&mut state, item),
            Ordering::PerVisitor => {
                state.waiting.insert(ordinal, item);
            }
            Ordering::Unordered { spread } => {
                state.waiting.insert(ordinal, item);
                let held = Held::new(self, ordinal);
                let time = state.holds.duration_up_to(spread);
                state.jobs.push_back(Job::Hold(time, held));
            }
        }
        self.hand_out(state);
        ticket
    }

    /// Packs an event, and those that may travel with it.
    fn pack(self: &Arc<Self>, state: &mut State, item: Item) {
        let mut next = Some(item);
        while let Some(item) = next.take() {
            let ordinal = item.ordinal;
            if state
                .packing
                .has_no_room_for(item.record.request().body.len(), &self.batch)
            {
                state.close_parcel();
                if !state.lanes.is_first(ordinal) {
                    // Those before it are in the parcel that was just closed.
                    state.waiting.insert(ordinal, item);
                    return;
                }
            }
            let begins = state.packing.is_empty();
            let follower = state.lanes.pack(ordinal);
            if state.packing.add(item, &self.batch) {
                state.close_parcel();
                return;
            }
            if begins {
                let timer = Timer::new(self, state.packing.number);
                state.jobs.push_back(Job::Linger(self.batch.linger, timer));
            }
            next = follower.and_then(|follower| state.waiting.remove(&follower));
        }
    }

    /// Has the jobs begun that there are. Beginning one may end an event, and that make further jobs: they are handed out
    /// by whoever is at it already, so that the stack doesn't grow with the length of a lane.
    fn hand_out<'a>(&'a self, mut state: MutexGuard<'a, State>) {
        if state.is_handing_out || state.jobs.is_empty() {
            return;
        }
        state.is_handing_out = true;
        while let Some(job) = state.jobs.pop_front() {
            drop(state);
            (self.begin)(job);
            state = self.lock();
        }
        state.is_handing_out = false;
    }

    /// Lets an event go that was held back.
    fn let_go(self: &Arc<Self>, ordinal: u64) {
        let mut state = self.lock();
        if let Some(item) = state.waiting.remove(&ordinal) {
            self.pack(&mut state, item);
            state.close_urgent_parcel();
        }
        self.hand_out(state);
    }

    /// Closes the parcel that is being packed, if it is due.
    fn close_parcel(&self, is_due: impl FnOnce(&Packing) -> bool) {
        let mut state = self.lock();
        if is_due(&state.packing) {
            state.close_parcel();
        }
        self.hand_out(state);
    }

    /// Takes no further event in. What is in when this returns is all that a [`settle`](Self::settle) after it waits for.
    pub(super) fn close(&self) {
        self.lock().is_open = false;
    }

    /// Waits until every event that is in now has left. What is being packed goes at once if one of them is in it.
    pub(super) async fn settle(&self) {
        let next = self.lock().next;
        loop {
            let left = self.left.notified();
            tokio::pin!(left);
            // Enabled before the look, so that what leaves after the look is not missed.
            left.as_mut().enable();
            if self.is_settled(next) {
                return;
            }
            left.await;
        }
    }

    /// Whether every event below this ordinal has left; if not, none of them waits for others any longer.
    fn is_settled(&self, next: u64) -> bool {
        let mut state = self.lock();
        let is_settled = state.settle(next);
        self.hand_out(state);
        is_settled
    }

    /// Takes note that events have ended: those after them move up.
    fn leave(self: &Arc<Self>, ordinals: impl IntoIterator<Item = u64>) {
        let mut state = self.lock();
        for ordinal in ordinals {
            state.let_out(ordinal);
            if let Some(next) = state.lanes.leave(ordinal)
                && let Some(item) = state.waiting.remove(&next)
            {
                self.pack(&mut state, item);
            }
        }
        state.close_urgent_parcel();
        let awaited = state.awaited.filter(|awaited| state.all_left_below(*awaited));
        if awaited.is_some() {
            state.awaited = None;
        }
        self.hand_out(state);
        if awaited.is_some() {
            self.left.notify_waiters();
        }
    }

    /// How many events are in.
    pub(super) fn len(&self) -> usize {
        self.lock().inside.len()
    }

    /// Since when the oldest event is in.
    pub(super) fn oldest(&self) -> Option<Duration> {
        let state = self.lock();
        state.inside.get(state.oldest).copied()
    }

    /// No code of others runs under the lock, so a poisoned one is as good as another.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether every event below this ordinal has left. If not, whoever waits for it is told when they have, and none
    /// of them waits for others to share its request.
    fn settle(&mut self, next: u64) -> bool {
        if self.all_left_below(next) {
            return true;
        }
        self.awaited = Some(self.awaited.map_or(next, |awaited| awaited.min(next)));
        self.urgent_below = self.urgent_below.max(next);
        self.close_urgent_parcel();
        false
    }

    /// Every ordinal becomes the oldest at most once, so looking for it costs nothing much.
    fn let_out(&mut self, ordinal: u64) {
        self.inside.remove(ordinal);
        while self.oldest < self.next && !self.inside.contains(self.oldest) {
            self.oldest += 1;
        }
    }

    fn all_left_below(&self, next: u64) -> bool {
        self.oldest >= next
    }

    fn close_urgent_parcel(&mut self) {
        if self.packing.ordinals().any(|ordinal| ordinal < self.urgent_below) {
            self.close_parcel();
        }
    }

    fn close_parcel(&mut self) {
        for ordinal in self.packing.ordinals() {
            self.lanes.seal(ordinal);
        }
        self.jobs.extend(self.packing.close().map(Job::Deliver));
    }
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake")
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
