use std::fmt;
use std::future::Future;
use std::sync::Arc;

use clock::{Clock, Seed};
use segment_event::Event;
use tokio::runtime::Handle;

use super::backoff::Backoff;
use super::builder::SenderBuilder;
use super::connect::Connect;
use super::connector::HttpsConnector;
use super::delivery::Courier;
use super::intake::{Entry, Intake};
use super::outcome::{Delivery, Outcome};
use super::policy::RetryPolicy;
use super::queue::Room;
use super::record::{Record, Ticket};
use crate::prepare::{Prepared, prepare};
use crate::request::WireRequest;
use crate::settings::Settings;

/// Delivers events to one Attribution project.
///
/// Clones share everything: order, limits and connections. Dropping the last one lets what was submitted go on to its
/// outcome; only the end of the runtime interrupts it.
pub struct Sender<C = HttpsConnector>(Arc<Shared<C>>);

pub(super) struct Shared<C> {
    pub(super) runtime: Handle,
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) seed: Seed,
    pub(super) retry: RetryPolicy,
    pub(super) intake: Arc<Intake>,
    pub(super) courier: Courier<C>,
}

impl Sender<HttpsConnector> {
    /// Begins a sender with these settings, which goes over sockets, by TLS where the endpoint is `https`, unless
    /// the builder is given another connector.
    ///
    /// ```
    /// use attribution_destination::deliver::Sender;
    /// use attribution_destination::{ProjectId, Settings};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    /// # runtime.block_on(async {
    /// let settings = Settings::new(ProjectId::new("demo-project")?);
    /// let sender = Sender::builder(settings).endpoint("http://127.0.0.1:7070".parse()?).build()?;
    /// # let _ = sender;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(settings: Settings) -> SenderBuilder<HttpsConnector> {
        SenderBuilder::new(settings)
    }
}

impl<C: Connect> Sender<C> {
    pub(super) fn new(shared: Shared<C>) -> Self {
        Self(Arc::new(shared))
    }

    /// Hands an event over. It has its place in its visitor's lane when this returns, so the order of the calls is the
    /// order of delivery, whether and when the returned future is polled or not.
    ///
    /// The future waits only while more events than the queue holds are without an outcome, first come, first served.
    /// Dropping it, as dropping the ticket, cancels nothing. An event that is not to be sent has its outcome at once.
    #[must_use = "await it: that is what keeps the queue within its bound"]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an event that is handed over is not sent a second time"
    )]
    #[expect(
        clippy::async_yields_async,
        reason = "room in the queue and the outcome are two waits of the caller"
    )]
    pub fn submit(&self, event: Event) -> impl Future<Output = Ticket> + Send + use<C> {
        let (ticket, room) = match prepare(&event, &self.0.settings, self.0.clock.now()) {
            Prepared::Send(mapped) => {
                let (ticket, room) = self.start(mapped.request, mapped.visitor);
                (ticket, Some(room))
            }
            Prepared::Skip(skip) => (self.decided(Delivery::Skipped(skip)), None),
            Prepared::Invalid(invalid) => (self.decided(Delivery::Invalid(invalid)), None),
        };
        async move {
            if let Some(room) = room {
                room.made().await;
            }
            ticket
        }
    }

    /// Submits an event and waits for its outcome.
    pub async fn send(&self, event: Event) -> Outcome {
        self.submit(event).await.await
    }

    /// Waits until everything submitted so far has its outcome; what is submitted meanwhile is not waited for.
    pub async fn settle(&self) {
        self.0.intake.settle().await;
    }

    fn decided(&self, result: Delivery) -> Ticket {
        let (record, ticket) = Record::begin(&self.0.clock, None);
        record.close(result);
        ticket
    }

    fn start(&self, request: WireRequest, ids: Vec<String>) -> (Ticket, Room) {
        let Entry {
            ordinal,
            turn,
            room,
            place,
        } = self.0.intake.enter(ids);
        let (mut record, ticket) = Record::begin(&self.0.clock, Some(place));
        let shared = Arc::clone(&self.0);
        // On a runtime that has stopped, the task is dropped unstarted, and the record tells of it.
        self.0.runtime.spawn(async move {
            turn.come().await;
            let result = shared
                .courier
                .deliver(&request, shared.backoff(ordinal), &mut record)
                .await;
            record.close(result);
        });
        (ticket, room)
    }
}

impl<C> Shared<C> {
    /// Each event has a random stream of its own, so what happens to others doesn't change its waits.
    fn backoff(&self, ordinal: u64) -> Backoff {
        Backoff::new(
            self.retry.initial,
            self.retry.max,
            self.seed.random(&format!("delivery {ordinal}")),
        )
    }
}

impl<C> Clone for Sender<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> fmt::Debug for Sender<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("settings", &self.0.settings)
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}
