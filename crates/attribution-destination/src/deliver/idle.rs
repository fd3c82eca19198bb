use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use clock::Clock;

use super::connection::Connection;

/// How long an unused connection is kept: less than the minute after which load balancers commonly close theirs, so
/// that a request seldom meets a connection that is about to be closed.
const KEPT: Duration = Duration::from_secs(30);

/// The connections that wait for another exchange.
pub(super) struct Idle {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Each with the time since when it waits, the longest first.
    waiting: Vec<(Duration, Connection)>,
    /// Whether there is a task that closes those that waited too long.
    is_watched: bool,
}

impl Idle {
    pub(super) fn new(clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            clock,
            state: Mutex::default(),
        })
    }

    /// The one that was used last, because it is the least likely to have been closed meanwhile.
    pub(super) fn take(&self) -> Option<Connection> {
        let mut state = self.state();
        self.expire(&mut state);
        state.waiting.pop().map(|(_, connection)| connection)
    }

    pub(super) fn put(self: &Arc<Self>, connection: Connection) {
        let mut state = self.state();
        state.waiting.push((self.clock.elapsed(), connection));
        if !state.is_watched {
            state.is_watched = true;
            tokio::spawn(watch(Arc::downgrade(self), self.clock.clone()));
        }
    }

    fn expire(&self, state: &mut State) {
        let now = self.clock.elapsed();
        state.waiting.retain(|(since, _)| now.saturating_sub(*since) < KEPT);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes connections that waited too long, until there are none, or no sender.
async fn watch(idle: Weak<Idle>, clock: Clock) {
    loop {
        clock.sleep(KEPT).await;
        let Some(idle) = idle.upgrade() else { return };
        let mut state = idle.state();
        idle.expire(&mut state);
        if state.waiting.is_empty() {
            state.is_watched = false;
            return;
        }
    }
}
