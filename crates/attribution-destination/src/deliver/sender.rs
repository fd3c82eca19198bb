use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use clock::Clock;
use jiff::Timestamp;
use outbound::HttpsConnector;
use segment_event::{Event, MessageId};
use serde_json::Value;
use tokio::sync::watch;

use super::builder::SenderBuilder;
use super::connect::Connect;
use super::credentials::{self, CredentialsError};
use super::dead_letter::DeadLetter;
use super::delivery::Courier;
use super::intake::Intake;
use super::many::{self, Outcomes, Submissions};
use super::mappers::Mappers;
use super::message_ids::{MessageIds, Missing};
use super::metrics::Metrics;
use super::outcome::{Delivery, Outcome};
use super::policy::Limits;
use super::record::{Message, Ticket};
use super::visitor::Visitor;
use crate::map::{Mapped, direct};
use crate::mapper::Short;
use crate::parse::parse;
use crate::prepare::{Prepared, prepare};
use crate::request::WireRequest;
use crate::settings::Settings;

/// Delivers events to one Attribution project.
///
/// Clones share everything: order, limits and connections. Dropping the last one lets what was submitted go on to its
/// outcome; only [`close`](Self::close) or the end of the runtime interrupts it.
pub struct Sender<C = HttpsConnector>(Arc<Shared<C>>);

pub(super) struct Shared<C> {
    pub(super) settings: Settings,
    /// Whether JSON has to be what Segment's ingest accepts.
    pub(super) ingest: bool,
    pub(super) mappers: Mappers,
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    pub(super) intake: Arc<Intake>,
    pub(super) courier: Arc<Courier<C>>,
    pub(super) message_ids: MessageIds,
    /// Whether everything under way is given up.
    pub(super) is_over: watch::Sender<bool>,
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

    /// Submits an event and waits for its outcome.
    pub async fn send(&self, event: Event) -> Outcome {
        self.submit(event).await.await
    }

    /// Hands an event over: waits until there is room for it within the [`Limits`], first come, first served, and gives it
    /// its place in its visitor's lane. So whoever submits one event after the other has them delivered in that order.
    ///
    /// Where the wire carries a `messageId`, an event without one gets one, so that it counts once however often it is sent.
    ///
    /// Dropping the future hands nothing over. Dropping the ticket cancels nothing. An event that is not to be sent has
    /// its outcome at once, and so has one that is handed over after [`close`](Self::close): interrupted, with no attempt.
    pub async fn submit(&self, event: Event) -> Ticket {
        let now = self.0.clock.now();
        let event = self.complete(event, now);
        let prepared = self.prepare(&event, now);
        self.hand_over(prepared, Message::Event(event)).await
    }

    /// Submits a message in JSON and waits for its outcome; see [`submit_json`](Self::submit_json).
    pub async fn send_json(&self, json: Bytes) -> Outcome {
        self.submit_json(json).await.await
    }

    /// Hands a message over that is one object in JSON, as [`submit`](Self::submit) does the event in it, which need not be
    /// made: most messages are mapped without being taken apart, many times as fast, and kept as they came.
    ///
    /// Its outcome is the same in every respect, the dead letter included, and its request the same JSON; two things in
    /// that are spelt as the message spells them, see [`Mapper`](crate::Mapper). What is no message, or one that Segment's
    /// ingest refuses ([unless the sender was built to take it](SenderBuilder::ingest)), is invalid.
    ///
    /// ```
    /// # use attribution_destination::deliver::{Connect, Delivery, Sender};
    /// # async fn example<C: Connect>(sender: Sender<C>) {
    /// let ticket = sender.submit_json(r#"{"type":"page","userId":"user-1"}"#.into()).await;
    /// assert_eq!(ticket.await.result, Delivery::Delivered { status: 200 });
    /// # }
    /// ```
    pub async fn submit_json(&self, json: Bytes) -> Ticket {
        let now = self.0.clock.now();
        if let Some((missing, request, visitor)) = self.ordinary(&json, now) {
            return self.start(Message::Json(json, Some(missing)), request, visitor).await;
        }
        let dialect = self.0.settings.dialect;
        let event = match parse(&json, self.0.ingest) {
            Ok(event) => event,
            Err(invalid) => return self.decided(Delivery::Invalid(invalid)),
        };
        let missing = self.0.message_ids.missing(&event, dialect, now);
        let prepared = self.prepare(&missing.clone().given_to(event), now);
        self.hand_over(prepared, Message::Json(json, Some(missing))).await
    }

    /// Hands a message over as [`submit_json`](Self::submit_json) does its JSON, if it is an ordinary one; takes nothing of
    /// any other, errors included, which whoever has the message as a tree need not write and parse for that.
    ///
    /// ```
    /// # use attribution_destination::deliver::{Connect, Outcome, Sender};
    /// # use segment_event::{Event, Rejection};
    /// # async fn example<C: Connect>(sender: Sender<C>, message: serde_json::Value) -> Result<Outcome, Vec<Rejection>> {
    /// let ticket = match sender.submit_ordinary(&message).await {
    ///     Some(ticket) => ticket,
    ///     None => sender.submit(Event::ingest(message)?).await,
    /// };
    /// # Ok(ticket.await)
    /// # }
    /// ```
    pub async fn submit_ordinary(&self, message: &Value) -> Option<Ticket> {
        if !direct::knows(self.0.settings.dialect) {
            return None;
        }
        let json = Bytes::from(serde_json::to_vec(message).ok()?);
        let (missing, request, visitor) = self.ordinary(&json, self.0.clock.now())?;
        Some(self.start(Message::Json(json, Some(missing)), request, visitor).await)
    }

    /// What is made of an ordinary message in JSON that is to be sent; nothing of any other.
    fn ordinary(&self, json: &[u8], now: Timestamp) -> Option<(Missing, WireRequest, Visitor)> {
        let next_id = || self.0.message_ids.next();
        let (short, visitor) = self.short_way(json, now, Some(&next_id))?;
        let missing = Missing {
            id: short.id,
            dialect: self.0.settings.dialect,
            at: now,
        };
        Some((missing, short.request, visitor))
    }

    /// The request and the visitor of an ordinary message in JSON that is to be sent; nothing of any other.
    pub(super) fn short_way(
        &self,
        json: &[u8],
        at: Timestamp,
        next_id: Option<&dyn Fn() -> MessageId>,
    ) -> Option<(Short, Visitor)> {
        let (mut visitor, key) = (Visitor::default(), self.0.intake.key());
        let short = self
            .0
            .mappers
            .short_way(json, at, next_id, &mut |id| visitor.add(id, key))?;
        Some((short, visitor))
    }

    /// What the sender's clock shows.
    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// What it keeps within.
    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The event with what a sender fills in.
    pub(super) fn complete(&self, event: Event, now: Timestamp) -> Event {
        let missing = self.0.message_ids.missing(&event, self.0.settings.dialect, now);
        missing.given_to(event)
    }

    /// What becomes of a complete event that was taken in at that time.
    pub(super) fn prepare(&self, event: &Event, at: Timestamp) -> Prepared {
        prepare(event, &self.0.settings, at)
    }

    /// Hands over what was prepared of a message.
    pub(super) async fn hand_over(&self, prepared: Prepared, message: Message) -> Ticket {
        match prepared {
            Prepared::Send(Mapped { request, visitor, .. }) => {
                let visitor = Visitor::of(visitor.iter().map(String::as_str), self.0.intake.key());
                self.start(message, request, visitor).await
            }
            Prepared::Skip(skip) => self.decided(Delivery::Skipped(skip)),
            Prepared::Invalid(invalid) => self.decided(Delivery::Invalid(invalid)),
        }
    }

    /// A sink for events and the stream of their outcomes, in the same order.
    ///
    /// The sink is ready as long as there is room within the [`Limits`] and the outcomes are taken: at most as many
    /// outcomes as fit into the queue wait to be taken. Closing the sink ends the stream after the last outcome.
    pub fn channel(&self) -> (Submissions<C>, Outcomes) {
        many::channel(self.clone(), self.0.limits.queue)
    }

    /// Waits until everything submitted so far has its outcome; what is submitted meanwhile is not waited for.
    pub async fn settle(&self) {
        self.0.intake.settle().await;
    }

    /// Takes no further event, waits so long for those that are under way, and then gives up the others: they are what it
    /// returns, in the order of their submission, and each one's ticket says that it was interrupted.
    ///
    /// Every event that was handed over is either decided or returned, and that once, however often this is called. Whoever
    /// still waits for room is told by the ticket alone that the event was not taken. Dropping the future doesn't open
    /// the sender again, but what is under way goes on until it is closed anew.
    pub async fn close(&self, within: Duration) -> Vec<DeadLetter> {
        self.0.intake.close();
        if tokio::time::timeout(within, self.settle()).await.is_err() {
            self.0.intake.meter.keep_letters();
            self.0.is_over.send_replace(true);
            self.settle().await;
        }
        self.0.intake.meter.take_letters()
    }

    /// What it has done so far, and what it is at.
    pub fn metrics(&self) -> Metrics {
        let oldest = self.0.intake.oldest();
        Metrics {
            queued: count(self.0.intake.len()),
            in_flight: count(self.0.courier.gate.in_flight()),
            oldest: oldest.map(|begun| self.0.clock.elapsed().saturating_sub(begun)),
            ..self.0.intake.meter.counts()
        }
    }

    /// Asks the endpoint whether it takes the project id, by the request that Segment's Attribution (Actions) destination
    /// makes for that. It is asked once, whatever the limits are.
    ///
    /// # Errors
    ///
    /// [`CredentialsError`], when it doesn't, or when there is no telling.
    pub async fn check_credentials(&self) -> Result<(), CredentialsError> {
        credentials::check(&self.0.courier.exchanger, &self.0.settings.project_id).await
    }

    fn decided(&self, result: Delivery) -> Ticket {
        Ticket::decided(result, &self.0.intake.meter)
    }

    /// Hands over what is to be sent.
    pub(super) async fn start(&self, message: Message, request: WireRequest, visitor: Visitor) -> Ticket {
        let room = self.0.intake.room(request.body.len()).await;
        self.0.intake.enter(room, message, request, &visitor)
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
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
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}
