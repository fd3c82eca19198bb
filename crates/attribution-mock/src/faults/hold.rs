use std::future;
use std::time::Duration;

use clock::Clock;

use crate::signal::Waiter;

/// Why the answer to a request does not leave at once.
#[derive(Debug)]
pub(crate) struct Hold {
    /// How long at most; none is forever.
    pub(crate) limit: Option<Duration>,
    /// The removal of the fault.
    pub(crate) released: Waiter,
}

impl Hold {
    /// Waits for its time, the removal of the fault or the end of the server, whichever comes first.
    ///
    /// The clock knows that this exchange is parked meanwhile.
    pub(crate) async fn wait(self, clock: &Clock, stopping: Waiter) {
        let _parked = clock.parked();
        let time = async {
            match self.limit {
                Some(limit) => clock.sleep(limit).await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.released.fired() => {}
            () = stopping.fired() => {}
            () = time => {}
        }
    }
}
