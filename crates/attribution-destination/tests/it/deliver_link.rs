//! A link in memory to a scripted server that speaks real HTTP bytes: the sender's tests in virtual time stand on it.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use attribution_destination::deliver::{Batch, Limits, Outcome, RetryPolicy, Reuse, Sender, SenderBuilder, Ticket};
use attribution_destination::{Dialect, ProjectId, Settings};
use clock::{Clock, Seed};
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use segment_event::Event;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, DuplexStream};
use tower_service::Service;

use crate::deliver_script::numbers;
pub(crate) use crate::deliver_script::{Act, Received, Script};

#[derive(Clone, Debug)]
pub(crate) struct Link {
    clock: Clock,
    script: Arc<Mutex<Script>>,
}

impl Link {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            script: Arc::default(),
        }
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// Scripts the requests of one event.
    pub(crate) fn plan(&self, event: u64, acts: impl IntoIterator<Item = Act>) {
        self.script().acts.insert(event, acts.into_iter().collect());
    }

    /// From now on, does these in turn with the requests nothing else is said about.
    pub(crate) fn otherwise(&self, acts: impl IntoIterator<Item = Act>) {
        self.script().otherwise = acts.into_iter().collect();
    }

    /// The numbers of the events as they were received.
    pub(crate) fn order(&self) -> Vec<u64> {
        self.batches().concat()
    }

    /// The numbers of the events of each request.
    pub(crate) fn batches(&self) -> Vec<Vec<u64>> {
        self.script()
            .received
            .iter()
            .map(|received| received.events.clone())
            .collect()
    }

    /// When the requests were received, in virtual seconds.
    pub(crate) fn seconds(&self) -> Vec<f64> {
        self.script()
            .received
            .iter()
            .map(|received| received.at.as_secs_f64())
            .collect()
    }

    pub(crate) fn builder(&self) -> SenderBuilder<Self> {
        self.builder_of(Dialect::Classic)
    }

    pub(crate) fn builder_of(&self, dialect: Dialect) -> SenderBuilder<Self> {
        let settings = Settings { dialect, ..settings() };
        Sender::builder(settings)
            .connector(self.clone())
            .clock(self.clock.clone())
            .seed(Seed::from(1))
    }

    /// A sender over this link, with the default limits but for what is changed.
    pub(crate) fn limited(&self, change: impl FnOnce(&mut Limits)) -> Sender<Self> {
        let mut limits = Limits::default();
        change(&mut limits);
        self.builder().limits(limits).build().unwrap()
    }

    /// A sender over this link, with the default policy but for what is changed.
    pub(crate) fn sender(&self, change: impl FnOnce(&mut RetryPolicy)) -> Sender<Self> {
        let mut retry = RetryPolicy::default();
        change(&mut retry);
        self.builder().retry(retry).build().unwrap()
    }
}

pub(crate) fn settings() -> Settings {
    Settings::new(ProjectId::new("demo-project").unwrap())
}

/// So many events to a request, with room for all their bytes.
pub(crate) fn batches_of(events: usize) -> Batch {
    Batch {
        events,
        ..Batch::default()
    }
}

/// Waits for what came of all of these.
pub(crate) async fn outcomes(tickets: impl IntoIterator<Item = Ticket>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for ticket in tickets {
        outcomes.push(ticket.await);
    }
    outcomes
}

/// What a virtual clock shows at first.
pub(crate) const START: &str = "2024-01-15T10:00:00Z";

pub(crate) fn virtual_clock() -> Clock {
    Clock::starting_at(START.parse().unwrap())
}

/// A track call that the server knows by its number.
pub(crate) fn track(user: &str, number: u64) -> Event {
    event(serde_json::json!({"type": "track", "userId": user, "event": "Tried", "properties": {"n": number}}))
}

pub(crate) fn event(message: Value) -> Event {
    Event::ingest(message).unwrap()
}

impl Service<Uri> for Link {
    type Response = Pipe;
    type Error = io::Error;
    type Future = Ready<io::Result<Pipe>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let mut script = self.script();
        if script.refusals > 0 {
            script.refusals -= 1;
            return ready(Err(io::ErrorKind::ConnectionRefused.into()));
        }
        script.connections += 1;
        let for_one = script.for_one;
        drop(script);
        let (near, far) = tokio::io::duplex(64 * 1024);
        tokio::spawn(self.clone().serve(far));
        ready(Ok(Pipe {
            io: TokioIo::new(near),
            for_one,
        }))
    }
}

impl Link {
    async fn serve(self, mut io: DuplexStream) -> io::Result<()> {
        let mut unread = Vec::new();
        loop {
            let (head, body) = read_request(&mut io, &mut unread).await?;
            let act = self.take(head, body);
            let kept_alive = act.perform(&self.clock, &mut io).await;
            self.script().in_flight -= 1;
            if !kept_alive? {
                return Ok(());
            }
        }
    }

    fn take(&self, head: String, body: Vec<u8>) -> Act {
        let body = String::from_utf8(body).unwrap();
        let events = numbers(&body);
        let mut script = self.script();
        let act = script.act(&events);
        let received = Received {
            events,
            at: self.clock.elapsed(),
            taken: act.takes(),
            head,
            body,
        };
        script.received.push(received);
        script.in_flight += 1;
        script.most_in_flight = script.most_in_flight.max(script.in_flight);
        act
    }
}

/// Reads one request's head and, by its `Content-Length`, its body.
async fn read_request(io: &mut DuplexStream, unread: &mut Vec<u8>) -> io::Result<(String, Vec<u8>)> {
    let end = loop {
        if let Some(end) = unread.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if io.read_buf(unread).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8(unread.drain(..end).collect()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .unwrap()
        .parse()
        .unwrap();
    while unread.len() < length {
        if io.read_buf(unread).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok((head, unread.drain(..length).collect()))
}

/// The client's end.
#[derive(Debug)]
pub(crate) struct Pipe {
    io: TokioIo<DuplexStream>,
    for_one: bool,
}

impl Connection for Pipe {
    fn connected(&self) -> Connected {
        let may_be_used = !self.for_one;
        Connected::new().extra(Reuse::when(move || may_be_used))
    }
}

impl Read for Pipe {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl Write for Pipe {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
