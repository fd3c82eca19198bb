//! The Tracking API in front of a sender that runs: what a [`Source`] accepts goes to the sender of its route, and what becomes of
//! each message is kept, stage by stage, as long as its receipt is.
//!
//! ```text
//! source ─▶ receipts: rejected, duplicate
//!    └─ accepted ─▶ mapped or skipped ─▶ attempted ─▶ delivered or failed ─▶ recorded, flagged
//! ```

mod fates;
mod listing;
mod passage;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use attribution_destination::deliver::{Connect, Sender};
use attribution_destination::{Mapper, Prepared, Settings};
use attribution_mock::Mock;
use segment_source::{Accepted, AcceptedEvents, AdminApi, Source};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use self::fates::Fates;

pub use self::listing::Funnel;

/// Where the events of one route go.
#[derive(Debug)]
pub struct Lane<C> {
    /// Whose events these are, for lists that show several lanes.
    pub project: String,
    /// What the sender was built with: the same request is made of an event here, to recognise it where it is recorded.
    pub settings: Settings,
    /// Who delivers them, a request for each.
    pub sender: Sender<C>,
    /// Where they are recorded, as this project sees it, if that is known.
    pub mock: Option<Mock>,
}

/// A source whose events are being delivered.
pub struct Front {
    source: Source,
    fates: Arc<Fates>,
    finish: oneshot::Sender<Duration>,
    forwarding: JoinHandle<()>,
}

impl Front {
    /// Begins to deliver what the source accepts: events of route 0 by the first lane, and so on. What is of no lane is never
    /// delivered, so there should be one for each route.
    ///
    /// Where a lane has no room, the others wait, and then the source says 429.
    pub fn start<C>(source: Source, accepted: AcceptedEvents, lanes: Vec<Lane<C>>) -> Self
    where
        C: Connect,
    {
        let recorded_by = lanes.iter().map(|lane| (lane.project.clone(), lane.mock.clone()));
        let fates = Arc::new(Fates::new(recorded_by));
        let lanes = lanes.into_iter().map(|lane| Mapped {
            mapper: Mapper::new(lane.settings, true).without_diagnostics(),
            sender: lane.sender,
        });
        let (finish, finished) = oneshot::channel();
        let forwarding = tokio::spawn(forward(
            accepted,
            lanes.collect(),
            Arc::clone(&fates),
            source.clone(),
            finished,
        ));
        Self {
            source,
            fates,
            finish,
            forwarding,
        }
    }

    /// `GET /__admin/pipeline`, for the source's admin API and its description.
    pub fn admin(&self) -> AdminApi {
        listing::admin(self.source.clone(), Arc::clone(&self.fates))
    }

    /// How many messages came how far.
    pub fn funnel(&self) -> Funnel {
        self.fates.catch_up();
        Funnel::of(&self.source.counts(), &self.fates)
    }

    /// Takes no further event from the source, waits so long for what it accepted, and gives up the rest.
    ///
    /// # Panics
    ///
    /// When delivering panicked.
    pub async fn finish(self, within: Duration) -> Funnel {
        // An error is a forwarding that panicked, which is told next.
        let _ = self.finish.send(within);
        if let Err(error) = self.forwarding.await
            && let Ok(panic) = error.try_into_panic()
        {
            std::panic::resume_unwind(panic);
        }
        self.fates.catch_up();
        Funnel::of(&self.source.counts(), &self.fates)
    }
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Front")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// A lane, and who makes of its events the requests that its sender makes.
struct Mapped<C> {
    sender: Sender<C>,
    mapper: Mapper,
}

/// Takes events until it is told to finish, or the source is gone, and then those that are left.
async fn forward<C: Connect>(
    mut accepted: AcceptedEvents,
    mut lanes: Vec<Mapped<C>>,
    fates: Arc<Fates>,
    source: Source,
    mut finish: oneshot::Receiver<Duration>,
) {
    let mut deliveries = JoinSet::new();
    let mut within = None;
    loop {
        let next = tokio::select! {
            asked = &mut finish, if within.is_none() => {
                within = Some(asked.unwrap_or_default());
                accepted.close();
                continue;
            }
            Some(_) = deliveries.join_next() => continue,
            next = accepted.next() => next,
        };
        let Some(event) = next else { break };
        if let Some(lane) = lanes.get_mut(event.route) {
            submit(event, lane, &fates, &source, &mut deliveries).await;
        }
    }
    for lane in &lanes {
        lane.sender.close(within.unwrap_or_default()).await;
    }
    while deliveries.join_next().await.is_some() {}
}

/// Hands one event over, and has its outcome noted when it comes.
async fn submit<C: Connect>(
    accepted: Accepted,
    lane: &mut Mapped<C>,
    fates: &Arc<Fates>,
    source: &Source,
    deliveries: &mut JoinSet<()>,
) {
    let (number, json) = (accepted.number, accepted.json());
    let request = match lane.mapper.prepare(json, source.config().clock.now()) {
        Prepared::Send(mapped) => Some(mapped.request),
        Prepared::Skip(_) | Prepared::Invalid(_) => None,
    };
    fates.begin(number, accepted.route, request, source.first_receipt());
    let ticket = lane.sender.submit_json(json.clone()).await;
    let fates = Arc::clone(fates);
    deliveries.spawn(async move {
        let outcome = ticket.await;
        fates.end(number, outcome);
    });
}
