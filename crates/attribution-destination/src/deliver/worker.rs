use std::future;
use std::sync::Arc;

use clock::Clock;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::connect::Connect;
use super::delivery::Courier;
use super::intake::Job;

/// How far a sender's life has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Life {
    /// It takes events.
    Open,
    /// It takes none, and delivers those it has.
    Closing,
    /// It delivers none either.
    Over,
}

/// Does what the intake wants done, each job on a task of its own.
pub(super) struct Worker<C> {
    pub(super) runtime: Handle,
    pub(super) courier: Arc<Courier<C>>,
    pub(super) clock: Clock,
    pub(super) life: watch::Receiver<Life>,
}

impl<C: Connect> Worker<C> {
    /// Begins a job. Where the runtime has stopped or the sender's life is over, the job is dropped, and with it its events,
    /// whose records tell of it.
    pub(super) fn begin(&self, job: Job) {
        let (courier, clock, life) = (Arc::clone(&self.courier), self.clock.clone(), self.life.clone());
        self.runtime.spawn(async move {
            tokio::select! {
                biased;
                () = over(life) => {}
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

/// Waits until the sender delivers no more. One that was dropped goes on for as long as its runtime does.
async fn over(mut life: watch::Receiver<Life>) {
    if life.wait_for(|life| *life == Life::Over).await.is_err() {
        future::pending::<()>().await;
    }
}
