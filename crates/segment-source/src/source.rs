use std::fmt;
use std::hash::RandomState;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use clock::Random;
use jiff::Timestamp;
use segment_event::{Event, Kind, MessageId};
use serde_json::{Map, Value};
use tokio::sync::{Semaphore, mpsc};

use crate::accepted::{Accepted, AcceptedEvents, Queued};
use crate::answer::Answer;
use crate::auth::Caller;
use crate::call::Call;
use crate::complete::Origin;
use crate::config::SourceConfig;
use crate::messages::{Bodies, Body, MessagesOf, nearest};
use crate::receipt::{About, Receipt, Verdict};
use crate::receipts::{Counts, ReceiptPage, Receipts};
use crate::refusal::{Code, Refusal};
use crate::seen::{Seen, hash};
use crate::short_way::{self, Batch, Glance, Ordinary, Scratches};
use crate::unpack::{self, Messages, against_batch, against_size, unpack};

/// Segment's ingest: takes calls in, and hands out the events that it accepts. Clones are the same source.
#[derive(Clone)]
pub struct Source(Arc<Shared>);

struct Shared {
    config: SourceConfig,
    queue: mpsc::Sender<Queued>,
    room: Arc<Semaphore>,
    hash_keys: [RandomState; 2],
    ids: Mutex<Random>,
    scratches: Scratches,
    // A std mutex: it is never held across an await.
    state: Mutex<State>,
}

struct State {
    seen: Seen,
    receipts: Receipts,
    bodies: Bodies,
}

/// A message that was looked at, before it is known whether there is room for it.
struct Looked {
    about: About,
    /// The completed event as JSON, with what its id is remembered as; or what speaks against it.
    event: Result<(Bytes, u128), Vec<Refusal>>,
}

impl Source {
    /// A source that has received nothing yet, and what comes out of it.
    pub fn new(config: SourceConfig) -> (Self, AcceptedEvents) {
        let limits = &config.limits;
        let events = limits.queue_events.max(limits.batch_events).max(1);
        let (queue, accepted) = mpsc::channel(events.min(Semaphore::MAX_PERMITS));
        let seen = Seen::new(limits.remembered_ids, limits.remembered_for);
        let bytes = limits.queue_bytes.max(limits.batch_bytes).max(limits.call_bytes);
        let shared = Shared {
            queue,
            room: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))),
            hash_keys: seen.hashers(),
            ids: Mutex::new(config.seed.random("ingest message ids")),
            scratches: Scratches::default(),
            state: Mutex::new(State {
                seen,
                receipts: Receipts::new(limits.receipts),
                bodies: Bodies::new(limits.message_bytes),
            }),
            config,
        };
        (Self(Arc::new(shared)), AcceptedEvents(accepted))
    }

    /// How it behaves.
    pub fn config(&self) -> &SourceConfig {
        &self.0.config
    }

    /// How many messages became what.
    pub fn counts(&self) -> Counts {
        self.state().receipts.counts.clone()
    }

    /// At most so many receipts, oldest first: the first ones after that number, or the newest.
    pub fn receipts(&self, after: Option<u64>, limit: usize) -> ReceiptPage {
        self.state().receipts.page(after, limit)
    }

    /// The number of the oldest receipt that is kept, or of the next one where none is.
    pub fn first_receipt(&self) -> u64 {
        self.state().receipts.first()
    }

    /// The messages with this id, of those that are kept.
    pub fn messages(&self, id: &str) -> MessagesOf {
        let has_it = |receipt: &Receipt| receipt.about.message_id.as_deref() == Some(id);
        let (mut rows, mut others) = (Vec::new(), Vec::new());
        let (mut found, mut kept) = (0, 0);
        let state = self.state();
        for receipt in state.receipts.iter() {
            let Some(body) = state.bodies.of(receipt.number) else {
                continue;
            };
            kept += 1;
            if !has_it(receipt) {
                others.extend(receipt.about.message_id.clone());
                continue;
            }
            found += 1;
            if rows.len() < MessagesOf::MOST {
                rows.push((receipt.clone(), Arc::clone(body)));
            }
        }
        let dropped = state.bodies.total() - kept;
        // Reading bodies and comparing ids takes its time, for which no sender should have to wait.
        drop(state);
        MessagesOf {
            near: if found == 0 { nearest(id, others) } else { Vec::new() },
            rows: rows
                .into_iter()
                .filter_map(|(receipt, body)| body.message(receipt))
                .collect(),
            found,
            kept,
            dropped,
        }
    }

    /// How many accepted events wait to be taken.
    pub fn queued(&self) -> usize {
        self.0.queue.max_capacity() - self.0.queue.capacity()
    }

    /// Keeps a receipt of a request that is refused before anybody looks into it.
    pub(crate) fn refuse(&self, refusal: &Refusal) {
        let looked = Looked {
            about: About::default(),
            event: Err(vec![refusal.clone()]),
        };
        let origin = self.origin(&Caller::default());
        self.settle(None, origin, vec![(looked, 1)], None, None);
    }

    /// Takes in what a request carries.
    pub(crate) fn take(&self, call: Call, caller: &Caller, body: &[u8]) -> Answer {
        if call == Call::Metrics {
            return Answer::Taken;
        }
        match self.short_way(call, caller, body) {
            Some(answer) => answer,
            None => self.take_apart(call, caller, body),
        }
    }

    /// Takes in what an ordinary batch or call carries; nothing of any other body.
    fn short_way(&self, call: Call, caller: &Caller, body: &[u8]) -> Option<Answer> {
        match call {
            _ if caller.is_page => None,
            Call::Batch => self.take_batch(caller, body),
            Call::One(kind) => self.take_call(kind, caller, body),
            Call::Metrics => None,
        }
    }

    fn take_call(&self, kind: Kind, caller: &Caller, body: &[u8]) -> Option<Answer> {
        let route = self.route(caller, None).ok()?;
        let origin = self.origin(caller);
        let looked = self
            .0
            .scratches
            .with(|scratch| short_way::scan_call(body, kind, scratch, |message| self.accept(&origin, None, message)))?;
        Some(self.queue(Some(route), origin, vec![(looked, 1)], (Call::One(kind), body)))
    }

    fn take_batch(&self, caller: &Caller, body: &[u8]) -> Option<Answer> {
        let origin = self.origin(caller);
        let (route, looked) = self.0.scratches.with(|scratch| {
            let batch = short_way::scan(body, scratch)?;
            let route = self.route(caller, batch.write_key()).ok()?;
            let may_have = 1..=self.0.config.limits.batch_events;
            let looked = may_have
                .contains(&batch.len())
                .then(|| self.glance(&origin, &batch, body.len()));
            Some((route, looked??))
        })?;
        Some(self.queue(Some(route), origin, looked, (Call::Batch, body)))
    }

    /// Looks at each message of an ordinary batch.
    fn glance(&self, origin: &Origin, batch: &Batch<'_>, bytes: usize) -> Option<Vec<(Looked, u64)>> {
        let (shared, sent_at) = (batch.shared(), batch.sent_at());
        let look = |(index, item)| match item {
            Glance::Ordinary(message) => Some((self.accept(origin, sent_at, &message), 1)),
            Glance::Odd(item) => {
                let item = json_value::from_slice(item).ok()?;
                Some((self.look_at_item(origin, index, item, &shared, bytes), 1))
            }
        };
        let items = batch.items(self.0.config.limits.call_bytes);
        items.enumerate().map(look).collect()
    }

    /// Takes in what any body carries: this is the specification.
    pub(crate) fn take_apart(&self, call: Call, caller: &Caller, body: &[u8]) -> Answer {
        let unpacked = match unpack(call, body) {
            Ok(unpacked) => unpacked,
            Err(refusal) => {
                self.refuse(&refusal);
                return Answer::Unreadable(refusal);
            }
        };
        let origin = self.origin(caller);
        let route = self.route(caller, unpacked.write_key.as_deref());
        let (looked, route) = match (&route, unpacked.messages) {
            (Ok(route), messages) => (self.look(&origin, messages, body.len()), Some(*route)),
            (Err(refusal), Messages::One(message)) => (vec![(refused(&message, refusal.clone()), 1)], None),
            (Err(refusal), Messages::Many { items, .. }) => (vec![unread(items.len(), refusal.clone())], None),
        };
        self.queue(route, origin, looked, (call, body))
    }

    fn origin(&self, caller: &Caller) -> Origin {
        Origin::new(self.0.config.clock.now(), caller.ip, caller.is_page)
    }

    /// Which route the write key stands for: that of the header, and where there is none that of the body.
    fn route(&self, caller: &Caller, in_body: Option<&str>) -> Result<usize, Refusal> {
        let unknown = |what: &str| Err(Refusal::new(Code::UnknownSource, "/writeKey", what));
        let key = match (&caller.write_key, in_body) {
            (Some(Err(problem)), None) => return unknown(problem),
            (Some(Ok(key)), _) if !key.is_empty() => key,
            (_, Some(key)) => key,
            (_, None) => {
                return unknown(
                    "no write key: send Basic base64(writeKey + \":\"), or the key as writeKey in the body",
                );
            }
        };
        let route = self.0.config.write_keys.route(key);
        route.map_or_else(|| unknown("the write key names no source"), Ok)
    }

    fn look(&self, origin: &Origin, messages: Messages, bytes: usize) -> Vec<(Looked, u64)> {
        let limits = &self.0.config.limits;
        match messages {
            Messages::One(message) => vec![(self.look_at(origin, message, String::new), 1)],
            Messages::Many { items, shared } => {
                if let Some(refusal) = against_batch(&items, limits) {
                    return vec![unread(items.len(), refusal)];
                }
                let look = |(index, item)| (self.look_at_item(origin, index, item, &shared, bytes), 1);
                items.into_iter().enumerate().map(look).collect()
            }
        }
    }

    /// Looks at an item of a batch of so many bytes.
    fn look_at_item(
        &self,
        origin: &Origin,
        index: usize,
        item: Value,
        shared: &unpack::Shared,
        bytes: usize,
    ) -> Looked {
        let limits = &self.0.config.limits;
        let place = || format!("/batch/{index}");
        let may_be_too_long = bytes > limits.call_bytes;
        let too_long = may_be_too_long.then(|| against_size(&item, limits)).flatten();
        let mut item = match (item, too_long) {
            (Value::Object(item), None) => item,
            (Value::Object(item), Some(refusal)) => {
                let pointer = place();
                return refused(&item, Refusal { pointer, ..refusal });
            }
            (other, _) => return rejected(other, place),
        };
        shared.give(&mut item);
        self.look_at(origin, item, place)
    }

    fn look_at(&self, origin: &Origin, mut message: Map<String, Value>, place: impl FnOnce() -> String) -> Looked {
        origin.complete(&mut message);
        let mut about = About::of(&message);
        let event = match Event::ingest(Value::Object(message)) {
            Ok(event) => event,
            Err(rejections) => {
                let place = place();
                let refusals = rejections.into_iter().map(|rejection| Refusal::of(rejection, &place));
                return Looked {
                    about,
                    event: Err(refusals.collect()),
                };
            }
        };
        let event = match event.message_id() {
            Some(_) => event,
            None => event.with_message_id(self.next_id()),
        };
        let id = event.message_id();
        let id = id.as_ref().map(MessageId::as_str).unwrap_or_default();
        about.message_id = Some(id.to_owned());
        let json = serde_json::to_vec(event.message()).expect("memory takes every byte, and every key is a text");
        Looked {
            about,
            event: Ok((json.into(), hash(id, &self.0.hash_keys))),
        }
    }

    /// Takes a message that ingest accepts; `sent_at` is the batch's.
    fn accept(&self, origin: &Origin, sent_at: Option<Timestamp>, message: &Ordinary<'_>) -> Looked {
        let mut about = message.about();
        let given = if about.message_id.is_none() {
            Some(self.next_id())
        } else {
            None
        };
        let json = message.completed(origin, sent_at, given.as_ref());
        if let Some(given) = given {
            about.message_id = Some(given.to_string());
        }
        let hash = hash(about.message_id.as_deref().unwrap_or_default(), &self.0.hash_keys);
        Looked {
            about,
            event: Ok((json, hash)),
        }
    }

    fn next_id(&self) -> MessageId {
        let mut ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        MessageId::new(ids.uuid()).expect("a UUID is not empty")
    }

    /// Queues what was found good, if there is room for all of it. Only then is anything remembered.
    fn queue(
        &self,
        route: Option<usize>,
        origin: Origin,
        looked: Vec<(Looked, u64)>,
        (call, body): (Call, &[u8]),
    ) -> Answer {
        let good = looked.iter().filter(|(looked, _)| looked.event.is_ok()).count();
        let room = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let room = if good > 0 {
            match Arc::clone(&self.0.room).try_acquire_many_owned(room) {
                Ok(room) => Some(room),
                Err(_) => return self.busy(),
            }
        } else {
            None
        };
        let refusals: Vec<Refusal> = if self.0.config.strict {
            let refused = looked.iter().filter_map(|(looked, _)| looked.event.as_ref().err());
            refused.flatten().cloned().collect()
        } else {
            Vec::new()
        };
        match self.0.queue.try_reserve_many(good) {
            Ok(mut permits) => {
                // Events are taken in order, so of all bodies one at most is in the queue without the room it was given.
                let mut room = room;
                let mut send = |accepted| {
                    if let Some(permit) = permits.next() {
                        let room = room.take();
                        permit.send(Queued { accepted, room });
                    }
                };
                // A receipt for several messages is of what nobody looked into.
                let has_messages = looked.iter().all(|(_, messages)| *messages == 1);
                let body = has_messages.then(|| Body::new(call, body));
                self.settle(route, origin, looked, body, Some(&mut send));
            }
            Err(mpsc::error::TrySendError::Full(())) => return self.busy(),
            Err(mpsc::error::TrySendError::Closed(())) => return Answer::Closed,
        }
        if refusals.is_empty() {
            Answer::Taken
        } else {
            Answer::Refused(refusals)
        }
    }

    fn busy(&self) -> Answer {
        self.state().receipts.counts.throttled += 1;
        Answer::Busy
    }

    /// Decides about everything that was looked at, at one moment.
    fn settle(
        &self,
        route: Option<usize>,
        origin: Origin,
        looked: Vec<(Looked, u64)>,
        body: Option<Body>,
        mut send: Option<&mut dyn FnMut(Accepted)>,
    ) {
        let now: Duration = self.0.config.clock.elapsed();
        let mut state = self.state();
        let first = state.receipts.next_number();
        let count = looked.len() as u64;
        for (Looked { about, event }, messages) in looked {
            let number = state.receipts.next_number();
            let verdict = match event {
                Err(refusals) => Verdict::Rejected(refusals),
                Ok((_, id)) if !state.seen.is_new(id, now) => Verdict::Duplicate,
                Ok((json, _)) => {
                    if let Some(send) = &mut send {
                        send(Accepted::new(number, route.unwrap_or_default(), json));
                    }
                    Verdict::Accepted
                }
            };
            state.receipts.keep(Receipt {
                number,
                received_at: origin.received_at,
                route,
                messages,
                about,
                verdict,
            });
        }
        if let Some(body) = body {
            state.bodies.keep(first, count, body, origin);
        }
        let oldest = state.receipts.first();
        state.bodies.drop_before(oldest);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock panics, so a poisoned one is as good as another.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message that is refused for something outside of it.
fn refused(message: &Map<String, Value>, refusal: Refusal) -> Looked {
    Looked {
        about: About::of(message),
        event: Err(vec![refusal]),
    }
}

/// So many messages that nobody looks at.
fn unread(messages: usize, refusal: Refusal) -> (Looked, u64) {
    let looked = Looked {
        about: About::default(),
        event: Err(vec![refusal]),
    };
    (looked, messages.max(1) as u64)
}

/// An item that is no object.
fn rejected(item: Value, place: impl FnOnce() -> String) -> Looked {
    let place = place();
    let rejections = Event::ingest(item).err().unwrap_or_default();
    let refusals = rejections.into_iter().map(|rejection| Refusal::of(rejection, &place));
    Looked {
        about: About::default(),
        event: Err(refusals.collect()),
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("config", &self.0.config)
            .finish_non_exhaustive()
    }
}
