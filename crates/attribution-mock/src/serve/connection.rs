use std::fmt;
use std::future::{self, Future};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use clock::Clock;
use http::StatusCode;
use http::header::DATE;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use inbound::Timely;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio_rustls::{Accept, TlsAcceptor};

use super::dates::Dates;
use super::ending::{self, Ending};
use super::lent::{Resettable, lend};
use super::opening::{Opened, Opening, Spoken};
use super::streams::Streams;
use super::watch::{Late, Watch};
use super::wire::Wire;
use crate::exchange::{Problem, Routes, Stopping};
use crate::faults::OnTheWire;
use crate::limits::Limits;
use crate::mock::Mock;
use crate::signal::Waiter;

/// Serves connections that were not accepted from a listener: one end of an in-memory pipe, say.
///
/// HTTP/1.1 and HTTP/2 (by its preface) are told apart by the first bytes; with [`MockConfig::tls`](crate::MockConfig::tls)
/// they are spoken inside of TLS, and whoever forgot that is told so in plain HTTP.
///
/// Only tokio's timers are used, so on a paused runtime its time is virtual, and the `Date` header is the mock's own
/// clock's.
#[derive(Clone)]
pub struct Connections {
    mock: Mock,
    routes: Routes,
    clock: Clock,
    limits: Limits,
    /// How long an HTTP/2 connection may take to end once it is asked to.
    grace: Duration,
    tls: Option<TlsAcceptor>,
}

impl Mock {
    /// What serves connections one by one.
    pub fn connections(&self) -> Connections {
        let config = self.config();
        Connections {
            mock: self.clone(),
            routes: Routes::of(self),
            clock: config.clock.clone(),
            limits: config.limits,
            grace: config.grace,
            tls: config.tls.as_ref().map(|tls| tls.acceptor(&config.clock)),
        }
    }
}

impl Connections {
    /// The same in plain HTTP, whatever the double speaks on its socket: for a stream that nobody else can read.
    #[must_use]
    pub fn in_plain_http(self) -> Self {
        Self { tls: None, ..self }
    }

    /// Whether a fault is installed that may refuse a connection which is yet to come, so that it matters which exchange
    /// has one of its own.
    pub fn may_refuse(&self) -> bool {
        self.mock.may_refuse()
    }

    /// Serves one connection until either side closes it.
    pub async fn serve<I>(&self, mut io: I)
    where
        I: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
    {
        if self.mock.refuses() {
            io.reset();
            return;
        }
        self.serve_until(io, Waiter::never()).await;
    }

    /// Serves one connection; once stopping, it takes no further request and ends after the exchange in flight.
    pub(super) async fn serve_until<I>(&self, io: I, stopping: Waiter)
    where
        I: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
    {
        let since = self.clock.elapsed();
        let Some(mut opened) = self.listen(io, &stopping).await else {
            return;
        };
        match (opened.spoken, &self.tls) {
            (Spoken::Http1 | Spoken::Http2, None) => self.http(opened, self.routes.clone(), since, stopping).await,
            (Spoken::Http1 | Spoken::Http2, Some(_)) => {
                let router = Router::new().fallback(async || Problem::PlainHttp);
                self.http(opened, router.into(), since, stopping).await;
            }
            (Spoken::Tls, Some(acceptor)) => {
                let handshake = acceptor.accept(opened.wire);
                // Boxed, as it is large, and connections without it would carry it along.
                Box::pin(self.secure(handshake, stopping)).await;
            }
            // Whoever speaks TLS could not read a word of HTTP.
            (Spoken::Tls, None) => drop(opened.wire.shutdown().await),
        }
    }

    /// Serves a connection of TLS, from its handshake on.
    async fn secure<I>(&self, handshake: Accept<Wire<I>>, stopping: Waiter)
    where
        I: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
    {
        let Some(Ok(stream)) = within(self.limits.handshake_time, handshake, &stopping).await else {
            return;
        };
        let since = self.clock.elapsed();
        if let Some(opened) = self.listen(stream, &stopping).await {
            self.http(opened, self.routes.clone(), since, stopping).await;
        }
    }

    /// Waits for the first bytes of a stream. Whoever has begun and not said in time what it speaks is told so in HTTP/1.1.
    async fn listen<I: AsyncRead + Unpin>(&self, io: I, stopping: &Waiter) -> Option<Opened<I>> {
        let mut opening = Opening::new(io);
        let spoken = tokio::select! {
            biased;
            () = stopping.clone().fired() => None,
            heard = tokio::time::timeout(self.limits.header_time, opening.listen()) => {
                heard.unwrap_or(Some(Spoken::Http1))
            }
        };
        opening.opened(spoken?)
    }

    async fn http<I>(&self, opened: Opened<I>, routes: Routes, since: Duration, stopping: Waiter)
    where
        I: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
    {
        let Opened { spoken, wire } = opened;
        let passed = wire.passed();
        let watch = Watch::new(self.clock.clone(), self.limits, spoken, wire.passed(), since);
        let (endings, mut ending) = mpsc::channel(1);
        let answering = Arc::new(Answering {
            routes,
            dates: Dates::new(self.clock.clone()),
            clock: self.clock.clone(),
            limits: self.limits,
            // On HTTP/2 a fault has only a stream to end.
            endings: (spoken != Spoken::Http2).then_some(endings),
            stopping: Stopping(stopping.clone()),
        });
        let exchanges = watch.exchanges();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let under_way = exchanges.begin();
            let answering = Arc::clone(&answering);
            async move {
                let response = answering.answer(request).await;
                drop(under_way);
                response
            }
        });
        match spoken {
            Spoken::Http1 | Spoken::Tls => {
                let (io, back) = lend(wire);
                let mut serving = self.http1().serve_connection(TokioIo::new(io), service);
                let (shutdown, until) = (http1::Connection::graceful_shutdown, stopping.clone());
                let serving = async {
                    let Ended::Late(late) = drive(Pin::new(&mut serving), shutdown, watch, until).await else {
                        return None;
                    };
                    // What came with the end of the request before is not seen on the wire.
                    let has_begun = late == Late::Head || has_begun(&serving.into_parts().read_buf);
                    has_begun.then(|| self.time_for(late))
                };
                let ending = tokio::select! {
                    biased;
                    Some(ending) = ending.recv() => ending,
                    too_slow = serving => match too_slow {
                        Some(allowed) if !passed.is_stuck() => self.too_slow(allowed).await,
                        Some(_) | None => return,
                    },
                };
                if let Ok(stream) = back.await {
                    // Boxed, as hardly any connection ends so.
                    Box::pin(ending.perform(stream, &self.clock, stopping)).await;
                }
            }
            Spoken::Http2 => {
                let streams = Streams::default();
                // Boxed, as it is large, and connections of HTTP/1.1 would carry it along.
                let mut serving = Box::pin(self.http2(&streams).serve_connection(TokioIo::new(wire), service));
                let shutdown = http2::Connection::graceful_shutdown;
                if let Ended::Late(_) = drive(serving.as_mut(), shutdown, watch, stopping).await {
                    shutdown(serving.as_mut());
                    // A peer that doesn't say good-bye is not waited for.
                    let _ = tokio::time::timeout(self.grace, serving).await;
                }
                streams.reap();
            }
        }
    }

    fn time_for(&self, late: Late) -> Duration {
        match late {
            Late::Head => self.limits.header_time,
            Late::Request => self.limits.idle_time,
        }
    }

    /// The end of a connection whose peer has begun a head and not ended it in time.
    async fn too_slow(&self, allowed: Duration) -> Ending {
        let dates = Dates::new(self.clock.clone());
        Ending::with(dated(Problem::HeadTooSlow { allowed }.into_response(), &dates)).await
    }

    fn http1(&self) -> http1::Builder {
        let mut http = http1::Builder::new();
        http.auto_date_header(false)
            .timer(TokioTimer::new())
            // The watch does that, and more.
            .header_read_timeout(None)
            .max_header_size(self.limits.header_bytes);
        if self.limits.headers != Limits::default().headers {
            // Every other number than hyper's own costs each request a piece of memory.
            http.max_headers(self.limits.headers);
        }
        http
    }

    fn http2(&self, streams: &Streams) -> http2::Builder<Streams> {
        let mut http = http2::Builder::new(streams.clone());
        http.auto_date_header(false)
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(self.limits.header_bytes).unwrap_or(u32::MAX))
            .max_concurrent_streams(self.limits.streams)
            .max_pending_accept_reset_streams(self.limits.resets);
        http
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// What a future gives in time and before the server stops.
async fn within<T>(time: Duration, future: impl Future<Output = T>, stopping: &Waiter) -> Option<T> {
    tokio::select! {
        biased;
        () = stopping.clone().fired() => None,
        given = tokio::time::timeout(time, future) => given.ok(),
    }
}

/// Whether there is anything of a request's head; some senders end a body with a line feed that belongs to nothing.
fn has_begun(unread: &[u8]) -> bool {
    !unread.trim_ascii().is_empty()
}

enum Ended {
    Closed,
    /// The peer was waited for too long.
    Late(Late),
}

/// Polls a connection to its end, or until its peer was waited for too long.
async fn drive<C>(mut serving: Pin<&mut C>, shutdown: impl Fn(Pin<&mut C>), mut watch: Watch, stopping: Waiter) -> Ended
where
    C: Future<Output = hyper::Result<()>>,
{
    let mut stop = pin!(stopping.fired());
    let mut stopped = false;
    future::poll_fn(|cx| {
        // Looked at first, so that an answer that the same signal lets go already says `Connection: close`.
        if !stopped && stop.as_mut().poll(cx).is_ready() {
            stopped = true;
            shutdown(serving.as_mut());
        }
        // An error is a peer that went away or spoke no HTTP: nobody is left to be told.
        if serving.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ended::Closed);
        }
        watch.poll_expired(cx).map(Ended::Late)
    })
    .await
}

/// What answers the requests of one connection. All of them share it, so that none has to count its parts.
struct Answering {
    routes: Routes,
    dates: Dates,
    clock: Clock,
    limits: Limits,
    /// Where a fault ends the whole connection in its own way; none where it can only end a stream of it.
    endings: Option<mpsc::Sender<Ending>>,
    stopping: Stopping,
}

impl Answering {
    /// Where a fault ends the connection, this never returns, and is dropped with it. An error ends only the stream.
    async fn answer(&self, request: hyper::Request<hyper::body::Incoming>) -> Result<Response, Closed> {
        let request = request.map(|body| Body::new(Timely::new(body, self.limits.body_time)));
        let response = if request.headers().len() > self.limits.headers {
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response()
        } else {
            self.routes.answer(request, &self.stopping).await
        };
        let mut response = dated(response, &self.dates);
        match response.extensions_mut().remove::<OnTheWire>() {
            None => Ok(response),
            // Boxed, as hardly any answer is spoilt.
            Some(spoilt) => Box::pin(self.spoil(response, spoilt)).await,
        }
    }

    async fn spoil(&self, response: Response, spoilt: OnTheWire) -> Result<Response, Closed> {
        let Some(endings) = &self.endings else {
            let stopping = self.stopping.0.clone();
            let late = ending::on_a_stream(spoilt, response, &self.clock, stopping).await;
            return late.ok_or(Closed);
        };
        let ending = Ending::of(spoilt, response).await;
        // An error is a connection that has ended already.
        let _ = endings.send(ending).await;
        future::pending().await
    }
}

fn dated(mut response: Response, dates: &Dates) -> Response {
    if let Some(date) = dates.now() {
        response.headers_mut().insert(DATE, date);
    }
    response
}

#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scripted fault reset the stream")
    }
}

impl std::error::Error for Closed {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MockConfig;

    /// It is moved when its task is spawned, and lives as long as the connection does.
    #[test]
    fn a_connection_is_no_heavier_for_what_it_does_not_speak() {
        let connections = Mock::new(MockConfig::new(Clock::system())).connections();
        let serving = connections.serve_until(tokio::io::duplex(64).0, Waiter::never());
        let size = size_of_val(&serving);
        assert!(size < 4096, "{size} bytes");
    }
}
