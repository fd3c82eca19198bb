//! A link in memory to a scripted server that speaks real HTTP bytes: the sender's tests in virtual time stand on it.

use std::collections::{BTreeMap, VecDeque};
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use attribution_destination::deliver::{ForOneExchange, Limits, RetryPolicy, Sender, SenderBuilder};
use attribution_destination::{ProjectId, Settings};
use clock::{Clock, Seed};
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use segment_event::Event;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tower_service::Service;

/// What the server does with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Takes it (where the status is a 2xx) and answers.
    Answer(u16),
    /// Doesn't take it and answers so, with this `Retry-After`.
    RetryAfter(u16, String),
    /// Takes it and answers after this time.
    Slow(Duration),
    /// Takes it and closes without an answer.
    CloseAfter,
    /// Takes it and breaks off within the answer's body.
    HalfAnswer,
    /// Takes it and never answers.
    Hang,
    /// Closes without taking it.
    CloseBefore,
    /// Answers with what is not HTTP.
    Garbage,
    /// Takes it and answers with a body that has no end.
    Endless,
}

impl Act {
    fn takes(&self) -> bool {
        match self {
            Self::Answer(status) => (200..300).contains(status),
            Self::Slow(_) | Self::CloseAfter | Self::HalfAnswer | Self::Hang | Self::Endless => true,
            Self::RetryAfter(..) | Self::CloseBefore | Self::Garbage => false,
        }
    }
}

/// One request as the server got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// The number of the event, see [`track`].
    pub(crate) event: u64,
    /// When it was read to its end.
    pub(crate) at: Duration,
    /// Whether the server took it.
    pub(crate) taken: bool,
    /// The request line and the headers.
    pub(crate) head: String,
}

/// What the server is told and what it has seen.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// What to do with the requests of an event, one after the other; then `Answer(200)`.
    pub(crate) acts: BTreeMap<u64, VecDeque<Act>>,
    /// Whether each connection is for one exchange only.
    pub(crate) for_one: bool,
    /// How many connections to refuse first.
    pub(crate) refusals: usize,
    pub(crate) received: Vec<Received>,
    pub(crate) in_flight: usize,
    pub(crate) most_in_flight: usize,
    pub(crate) connections: usize,
}

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

    /// The numbers of the events as they were received.
    pub(crate) fn order(&self) -> Vec<u64> {
        self.script().received.iter().map(|received| received.event).collect()
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
        Sender::builder(settings())
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
            let act = self.take(head, &body);
            let kept_alive = act.perform(&self.clock, &mut io).await;
            self.script().in_flight -= 1;
            if !kept_alive? {
                return Ok(());
            }
        }
    }

    fn take(&self, head: String, body: &[u8]) -> Act {
        let body: Value = serde_json::from_slice(body).unwrap();
        let event = body
            .pointer("/properties/n")
            .or(body.pointer("/traits/n"))
            .and_then(Value::as_u64)
            .unwrap();
        let mut script = self.script();
        let act = script
            .acts
            .get_mut(&event)
            .and_then(VecDeque::pop_front)
            .unwrap_or(Act::Answer(200));
        let received = Received {
            event,
            at: self.clock.elapsed(),
            taken: act.takes(),
            head,
        };
        script.received.push(received);
        script.in_flight += 1;
        script.most_in_flight = script.most_in_flight.max(script.in_flight);
        act
    }
}

impl Act {
    /// Does it; whether the connection may be used again.
    async fn perform(&self, clock: &Clock, io: &mut DuplexStream) -> io::Result<bool> {
        match self {
            Self::Answer(status) => answer(io, *status, "").await?,
            Self::RetryAfter(status, after) => answer(io, *status, &format!("Retry-After: {after}\r\n")).await?,
            Self::Slow(time) => {
                clock.sleep(*time).await;
                answer(io, 200, "").await?;
            }
            Self::HalfAnswer => io.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}").await?,
            Self::Garbage => io.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\r\n").await?,
            Self::Endless => {
                io.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                while io.write_all(&[b'x'; 1024]).await.is_ok() {}
            }
            // Until the client closes, which is all that is still to be read.
            Self::Hang => drop(io.read(&mut [0]).await),
            Self::CloseBefore | Self::CloseAfter => {}
        }
        Ok(matches!(self, Self::Answer(_) | Self::RetryAfter(..) | Self::Slow(_)))
    }
}

async fn answer(io: &mut DuplexStream, status: u16, header: &str) -> io::Result<()> {
    io.write_all(format!("HTTP/1.1 {status} Scripted\r\n{header}Content-Length: 2\r\n\r\n{{}}").as_bytes())
        .await
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
        if self.for_one {
            Connected::new().extra(ForOneExchange)
        } else {
            Connected::new()
        }
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
