use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::JoinSet;

use crate::clock::{Clock, Flow};

/// How many looks in a row must find the clock quiet. An event on its way to its next exchange is runnable but in none.
///
/// Between two looks a current-thread runtime polls whatever is runnable, and whatever that wakes, until nothing is left: a
/// task that yields is put aside until then. So a second look sees everything, however long the way is, unless the runtime
/// turns to its drivers before, which it does after 61 polls. Then a look sees every task move on by one poll at least, and
/// an event takes three between two exchanges: the one that ends lets it into its lane, which spawns its task; that gets into
/// the line of the gate; who leaves the gate wakes it. A request that its sender has given up takes as many in the double:
/// accepted, read, answered. Four looks have three polls between them, and two more are for whatever yields on the way.
const QUIET_LOOKS: u32 = 6;
/// The same in real time, where what is on its way may wait for the operating system, and a look costs little beside that.
const QUIET_LOOKS_IN_REAL_TIME: u32 = 16;
/// How far one look is from the next where others need time and not turns: other threads, or the peer that an exchange
/// waits for.
const REAL_PAUSE: Duration = Duration::from_millis(1);
/// After how many looks that found an exchange in flight it is taken to need time. An exchange with a peer on the same
/// thread is over in a few dozen.
const BUSY_LOOKS: u32 = 256;

impl Clock {
    /// Lets everything that can happen now happen, and returns when only time can bring anything new: no exchange is
    /// in flight but the [parked](Clock::parked) ones and none was meanwhile, several looks in a row.
    ///
    /// On a **virtual** clock no time passes. Between two looks every task that was runnable is polled once, whatever
    /// their number, and the I/O driver after them, while the runtime never idles, so that it has no occasion to jump
    /// to the next timer. What happens is therefore the same in every run. It needs the current-thread runtime,
    /// and only its own tasks count: a thread (`spawn_blocking`) is waited for only inside of an exchange.
    ///
    /// In **real** time the same is done on a current-thread runtime, and what takes longer than some turns is looked
    /// at once a millisecond. Where tasks run on several threads, turns say nothing: there every look is a millisecond
    /// from the next, so it returns after fifteen milliseconds at the earliest. Either way nothing is burned.
    ///
    /// It returns only when it is quiet: an exchange that is neither answered nor parked keeps it for as long.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn quiesce(&self) {
        let by_turns = self.flow() == Flow::Virtual || is_on_one_thread();
        // A set, which ends its task when this is dropped.
        let mut looking = JoinSet::new();
        looking.spawn(look_until_quiet(self.clone(), by_turns));
        // It can neither panic nor be cancelled but by the end of the runtime, which ends this one too.
        let _ = looking.join_next().await;
    }
}

/// Looks until it was quiet often enough in a row.
///
/// It has to be a task of its own: a runtime's queue is first in, first out, so a task that yields goes on after every other
/// that was runnable was polled, and after the drivers. Whatever a current-thread runtime blocks on goes on after 61 polls
/// of others, and with more runnable tasks than that a look would see only some of them move.
async fn look_until_quiet(clock: Clock, by_turns: bool) {
    let enough = match clock.flow() {
        Flow::Virtual => QUIET_LOOKS,
        Flow::Real => QUIET_LOOKS_IN_REAL_TIME,
    };
    let (mut quiet_looks, mut busy_looks) = (0, 0);
    let mut begun = clock.begun_exchanges();
    loop {
        let before = std::mem::replace(&mut begun, clock.begun_exchanges());
        if clock.is_quiet() && begun == before {
            (quiet_looks, busy_looks) = (quiet_looks + 1, 0);
        } else {
            (quiet_looks, busy_looks) = (0, busy_looks + 1);
        }
        if quiet_looks == enough {
            return;
        }
        let needs_time = clock.flow() == Flow::Real && busy_looks > BUSY_LOOKS;
        if by_turns && !needs_time {
            tokio::task::yield_now().await;
        } else {
            clock.sleep(REAL_PAUSE).await;
        }
    }
}

/// Whether every task has its turns on this thread.
fn is_on_one_thread() -> bool {
    Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread
}

#[cfg(test)]
mod tests;
