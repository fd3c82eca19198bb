use std::future;
use std::sync::Arc;

use clock::Clock;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::connect::Connect;
use super::delivery::Courier;
use super::intake::Job;

/// Does what the intake wants done, each job on a task of its own.
pub(super) struct Worker<C> {
    pub(super) runtime: Handle,
    pub(super) courier: Arc<Courier<C>>,
    pub(super) clock: Clock,
    /// Whether everything under way is given up.
    pub(super) is_over: watch::Receiver<bool>,
}

impl<C: Connect> Worker<C> {
    /// Begins a job. Where the runtime has stopped or everything is given up, the job is dropped, and with it its events,
    /// whose records tell of it.
    pub(super) fn begin(&self, job: Job) {
        let (courier, clock, is_over) = (Arc::clone(&self.courier), self.clock.clone(), self.is_over.clone());
        self.runtime.spawn(async move {
            tokio::select! {
                biased;
                () = over(is_over) => {}
                () = perform(job, courier, clock) => {}
            }
        });
    }
}

async fn perform<C>(job: Job, courier: Arc<Courier<C>>, clock: Clock)
where
    C: Connect,
{
    match job {
        Job::Deliver(parcel) => courier.carry(parcel).await,
        Job::Linger(time, timer) => {
            clock.sleep(time).await;
            drop(timer);
        }
        Job::Hold(time, held) => {
            clock.sleep(time).await;
            drop(held);
        }
    }
}

/// Waits until everything is given up. A sender that was dropped goes on for as long as its runtime does.
async fn over(mut is_over: watch::Receiver<bool>) {
    if is_over.wait_for(|is_over| *is_over).await.is_err() {
        future::pending::<()>().await;
    }
}
