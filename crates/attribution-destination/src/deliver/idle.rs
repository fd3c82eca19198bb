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
    /// Each with the time since when it waits, the longest about first.
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
        let (since, connection) = state.waiting.pop()?;
        // The others have waited for longer.
        if self.is_over(since) {
            state.waiting.clear();
            return None;
        }
        Some(connection)
    }

    /// Takes in one that has been waiting since then.
    pub(super) fn put(self: &Arc<Self>, connection: Connection, since: Duration) {
        let mut state = self.state();
        state.waiting.push((since, connection));
        if !state.is_watched {
            state.is_watched = true;
            tokio::spawn(watch(Arc::downgrade(self), self.clock.clone()));
        }
    }

    fn expire(&self, state: &mut State) {
        state.waiting.retain(|(since, _)| !self.is_over(*since));
    }

    fn is_over(&self, since: Duration) -> bool {
        self.clock.elapsed().saturating_sub(since) >= KEPT
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
