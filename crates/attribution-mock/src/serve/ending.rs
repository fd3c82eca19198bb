//! How a connection ends that hyper doesn't end: with bytes that no HTTP server would send, or with none, where a fault wants
//! it; with an answer, where a request never became one.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use clock::Clock;
use http::HeaderValue;
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::response::Parts;
use http_body_util::BodyExt as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::lent::Resettable;
use crate::faults::{OnTheWire, WrongLength};
use crate::signal::Waiter;

/// By so many bytes an announced length is wrong.
const WRONG_BY: usize = 7;

/// What is sent in place of HTTP, as a service of another kind might.
const GARBAGE: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46 this is no HTTP\r\n\r\n";

/// Slow bytes leave so many times a second, where there is more than one for each time.
const PORTIONS: u64 = 10;

/// The last that happens on a connection.
#[derive(Debug)]
pub(super) struct Ending {
    bytes: Vec<u8>,
    pace: Option<Pace>,
    resets: bool,
}

#[derive(Debug)]
struct Pace {
    bytes_per_second: u64,
    released: Waiter,
}

impl Ending {
    /// What a fault makes of this answer.
    pub(super) async fn of(spoilt: OnTheWire, answer: Response) -> Self {
        let mut pace = None;
        let mut resets = false;
        let bytes = match spoilt {
            OnTheWire::Close => Vec::new(),
            OnTheWire::Reset => {
                resets = true;
                Vec::new()
            }
            OnTheWire::Garbage => GARBAGE.to_vec(),
            OnTheWire::Truncate => {
                let (head, body) = whole(answer).await;
                rendered(&head, body.len(), &body[..body.len() / 2])
            }
            OnTheWire::ContentLength(wrong) => {
                let (head, body) = whole(answer).await;
                let announced = match wrong {
                    WrongLength::More => body.len() + WRONG_BY,
                    WrongLength::Less => body.len().saturating_sub(WRONG_BY),
                };
                rendered(&head, announced, &body)
            }
            OnTheWire::Trickle {
                bytes_per_second,
                released,
            } => {
                pace = Some(Pace {
                    bytes_per_second,
                    released,
                });
                let (head, body) = whole(answer).await;
                last(head, &body)
            }
        };
        Self { bytes, pace, resets }
    }

    /// An answer to what has not become a request.
    pub(super) async fn with(answer: Response) -> Self {
        let (head, body) = whole(answer).await;
        Self {
            bytes: last(head, &body),
            pace: None,
            resets: false,
        }
    }

    /// Sends what is to be sent and ends the connection.
    pub(super) async fn perform<I>(self, mut stream: I, clock: &Clock, stopping: Waiter)
    where
        I: AsyncRead + AsyncWrite + Resettable + Unpin,
    {
        if self.resets {
            stream.reset();
            return;
        }
        let sent = match self.pace {
            Some(pace) => pace.send(&self.bytes, &mut stream, clock, stopping).await,
            None => stream.write_all(&self.bytes).await,
        };
        // An error is a peer that went away: nobody is left to be told.
        if sent.is_ok() {
            let _ = stream.shutdown().await;
        }
    }
}

/// What is left of an answer where only a stream of HTTP/2 can be ended: none, so that the stream is reset, or, where it
/// was to be slow, all of it after the time that it takes.
pub(super) async fn on_a_stream(
    spoilt: OnTheWire,
    answer: Response,
    clock: &Clock,
    stopping: Waiter,
) -> Option<Response> {
    let OnTheWire::Trickle {
        bytes_per_second,
        released,
    } = spoilt
    else {
        return None;
    };
    let (head, body) = whole(answer).await;
    let pace = Pace {
        bytes_per_second,
        released,
    };
    let _parked = clock.parked();
    tokio::select! {
        biased;
        () = pace.released.clone().fired() => {}
        () = stopping.fired() => {}
        () = clock.sleep(pace.time_of(body.len())) => {}
    }
    Some(Response::from_parts(head, Body::from(body)))
}

impl Pace {
    /// Sends the bytes so slowly, and the rest at once when the fault is removed or the server stops. The clock knows
    /// that this exchange is parked between two portions.
    async fn send<I>(self, bytes: &[u8], stream: &mut I, clock: &Clock, stopping: Waiter) -> io::Result<()>
    where
        I: AsyncRead + AsyncWrite + Unpin,
    {
        let mut rest = bytes;
        let portion = usize::try_from(self.bytes_per_second / PORTIONS)
            .unwrap_or(usize::MAX)
            .max(1);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(portion.min(rest.len()));
            let parked = clock.parked();
            tokio::select! {
                biased;
                () = self.released.clone().fired() => break,
                () = stopping.clone().fired() => break,
                () = hung_up(stream) => return Ok(()),
                () = clock.sleep(self.time_of(now.len())) => {}
            }
            drop(parked);
            stream.write_all(now).await?;
            stream.flush().await?;
            rest = later;
        }
        stream.write_all(rest).await
    }

    fn time_of(&self, bytes: usize) -> Duration {
        let nanoseconds = bytes as u128 * 1_000_000_000 / u128::from(self.bytes_per_second);
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}

/// Returns when the peer has closed its half.
async fn hung_up<I: AsyncRead + Unpin>(stream: &mut I) {
    let mut unasked = [0; 1024];
    while stream.read(&mut unasked).await.is_ok_and(|read| read > 0) {}
}

async fn whole(answer: Response<Body>) -> (Parts, Vec<u8>) {
    let (head, body) = answer.into_parts();
    // An answer to an event has its body at hand, so it can't fail.
    let body = body.collect().await.map(|body| body.to_bytes().to_vec());
    (head, body.unwrap_or_default())
}

/// An answer of HTTP/1.1 after which the connection is closed.
fn last(mut head: Parts, body: &[u8]) -> Vec<u8> {
    head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    rendered(&head, body.len(), body)
}

/// An answer of HTTP/1.1 with whatever length.
fn rendered(head: &Parts, length: usize, body: &[u8]) -> Vec<u8> {
    let reason = head.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_u16()).into_bytes();
    for (name, value) in head.headers.iter().filter(|(name, _)| *name != CONTENT_LENGTH) {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            bytes.extend_from_slice(part);
        }
    }
    bytes.extend_from_slice(format!("{CONTENT_LENGTH}: {length}\r\n\r\n").as_bytes());
    bytes.extend_from_slice(body);
    bytes
}
