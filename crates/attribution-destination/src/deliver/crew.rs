use std::collections::VecDeque;
use std::future::{self, Future};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use super::connect::Connect;
use super::delivery::Courier;
use super::parcel::Parcel;

/// Who carries the parcels: at most as many tasks as exchanges may be in flight at once, each of which carries one parcel
/// after the other. So a parcel that waits for its first attempt costs its bytes and no task.
///
/// A parcel that is to be tried again keeps its task, which gives up its turn to another for as long as it takes.
pub(super) struct Crew<C> {
    runtime: Handle,
    courier: Arc<Courier<C>>,
    /// Whether everything under way is given up.
    is_over: watch::Receiver<bool>,
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What waits for its first attempt, first come, first served.
    ready: VecDeque<Parcel>,
    /// How many turns are taken.
    at_work: usize,
    /// Somebody begins tasks already.
    is_recruiting: bool,
}

/// That a task is one of so many; it makes room for another when it is dropped, however it comes to be dropped.
pub(super) struct Turn<C: Connect> {
    crew: Arc<Crew<C>>,
    is_held: bool,
}

impl<C: Connect> Crew<C> {
    /// A crew of at most so many.
    pub(super) fn new(
        runtime: Handle,
        courier: Arc<Courier<C>>,
        is_over: watch::Receiver<bool>,
        most: usize,
    ) -> Arc<Self> {
        Arc::new(Self {
            runtime,
            courier,
            is_over,
            most,
            state: Mutex::default(),
        })
    }

    /// Has a parcel carried. Where the runtime has stopped or everything is given up it is dropped, and with it its events,
    /// whose records tell of it.
    pub(super) fn carry(self: &Arc<Self>, parcel: Parcel) {
        self.state().ready.push_back(parcel);
        self.recruit();
    }

    /// Waits until everything is given up. A sender that was dropped goes on for as long as its runtime does.
    pub(super) fn over(&self) -> impl Future<Output = ()> + use<C> {
        let mut is_over = self.is_over.clone();
        async move {
            if is_over.wait_for(|is_over| *is_over).await.is_err() {
                future::pending::<()>().await;
            }
        }
    }

    /// Begins tasks for as much of what is ready as may be at work. One that ends at once makes room for another, which is
    /// begun by whoever is at it already, so that the stack doesn't grow with what is ready.
    fn recruit(self: &Arc<Self>) {
        let mut state = self.state();
        if state.is_recruiting {
            return;
        }
        state.is_recruiting = true;
        while state.at_work < self.most
            && let Some(parcel) = state.ready.pop_front()
        {
            state.at_work += 1;
            drop(state);
            let turn = Turn {
                crew: Arc::clone(self),
                is_held: true,
            };
            // As it is large and the runtime moves what it is given, it is given where it lies.
            self.runtime.spawn(Box::pin(work(turn, parcel)));
            state = self.state();
        }
        state.is_recruiting = false;
    }

    /// No code of others runs under the lock, so a poisoned one is as good as another.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries a parcel, and then others as long as there are some and it is its turn.
async fn work<C: Connect>(mut turn: Turn<C>, parcel: Parcel) {
    let mut over = pin!(turn.crew.over());
    let courier = Arc::clone(&turn.crew.courier);
    let mut next = Some(parcel);
    while let Some(parcel) = next {
        tokio::select! {
            biased;
            () = &mut over => return,
            () = courier.carry(parcel, &mut turn) => {}
        }
        next = turn.next();
    }
}

impl<C: Connect> Turn<C> {
    /// Lets another one have it.
    pub(super) fn give_up(&mut self) {
        if std::mem::take(&mut self.is_held) {
            self.crew.state().at_work -= 1;
            self.crew.recruit();
        }
    }

    /// What is to be carried next, if anything is and there is a turn for it.
    fn next(&mut self) -> Option<Parcel> {
        let mut state = self.crew.state();
        if !self.is_held && state.at_work >= self.crew.most {
            return None;
        }
        let parcel = state.ready.pop_front()?;
        state.at_work += usize::from(!self.is_held);
        self.is_held = true;
        Some(parcel)
    }
}

impl<C: Connect> Drop for Turn<C> {
    fn drop(&mut self) {
        self.give_up();
    }
}
