//! What the server behind the [link](crate::deliver_link) is told to do, and what it has seen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::time::Duration;

use clock::Clock;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

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
    pub(crate) fn takes(&self) -> bool {
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
    /// The numbers of its events, see [`track`]: one, or those of the batch; none where it asks about the credentials.
    pub(crate) events: Vec<u64>,
    /// When it was read to its end.
    pub(crate) at: Duration,
    /// Whether the server took it.
    pub(crate) taken: bool,
    /// The request line and the headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// What the server is told and what it has seen.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// What to do with the requests of an event, one after the other. Of a batch the first event that has any decides.
    pub(crate) acts: BTreeMap<u64, VecDeque<Act>>,
    /// The events for which any request with them is answered by a 400.
    pub(crate) poisonous: BTreeSet<u64>,
    /// What to do in turn with the requests nothing else is said about. `Answer(200)` where it is empty.
    pub(crate) otherwise: Vec<Act>,
    /// Whether each connection is for one exchange only.
    pub(crate) for_one: bool,
    /// How many connections to refuse first.
    pub(crate) refusals: usize,
    pub(crate) received: Vec<Received>,
    pub(crate) in_flight: usize,
    pub(crate) most_in_flight: usize,
    pub(crate) connections: usize,
}

impl Script {
    pub(crate) fn act(&mut self, events: &[u64]) -> Act {
        if events.iter().any(|event| self.poisonous.contains(event)) {
            return Act::Answer(400);
        }
        let planned = events
            .iter()
            .find_map(|event| self.acts.get_mut(event).and_then(VecDeque::pop_front));
        planned.unwrap_or_else(|| {
            let turn = self.received.len() % self.otherwise.len().max(1);
            self.otherwise.get(turn).cloned().unwrap_or(Act::Answer(200))
        })
    }
}

/// The numbers of the events in a request's body that have one.
pub(crate) fn numbers(body: &str) -> Vec<u64> {
    if body.is_empty() {
        return Vec::new();
    }
    let body: Value = serde_json::from_str(body).unwrap();
    let number = |event: &Value| {
        let number = event.pointer("/properties/n").or(event.pointer("/traits/n"));
        number.and_then(Value::as_u64)
    };
    match body.get("batch").and_then(Value::as_array) {
        Some(batch) => batch.iter().filter_map(number).collect(),
        None => number(&body).into_iter().collect(),
    }
}

impl Act {
    /// Does it; whether the connection may be used again.
    pub(crate) async fn perform(&self, clock: &Clock, io: &mut DuplexStream) -> io::Result<bool> {
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
