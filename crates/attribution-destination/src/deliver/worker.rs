use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use tokio::runtime::Handle;

use super::connect::Connect;
use super::crew::Crew;
use super::intake::Job;

/// Does what the intake wants done.
pub(super) struct Worker<C> {
    pub(super) runtime: Handle,
    pub(super) crew: Arc<Crew<C>>,
    pub(super) clock: Clock,
}

impl<C: Connect> Worker<C> {
    /// Begins a job. Where the runtime has stopped or everything is given up, the job is dropped, which ends what it is
    /// about.
    pub(super) fn begin(&self, job: Job) {
        match job {
            Job::Deliver(parcel) => self.crew.carry(parcel),
            Job::Linger(time, timer) => self.keep(timer, time),
            Job::Hold(time, held) => self.keep(held, time),
        }
    }

    /// Drops something after a while.
    fn keep(&self, kept: impl Send + 'static, time: Duration) {
        let (clock, over) = (self.clock.clone(), self.crew.over());
        self.runtime.spawn(async move {
            let _kept = kept;
            tokio::select! {
                () = over => {}
                () = clock.sleep(time) => {}
            }
        });
    }
}
