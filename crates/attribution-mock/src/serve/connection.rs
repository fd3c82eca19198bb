use std::convert::Infallible;
use std::fmt;
use std::future::{self, Future};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use clock::Clock;
use http::header::DATE;
use http::{HeaderValue, StatusCode};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use inbound::Timely;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio_rustls::{Accept, TlsAcceptor};
use tower_service::Service as _;

use super::ending::{self, Ending};
use super::lent::{Resettable, lend};
use super::opening::{Opened, Opening, Spoken};
use super::streams::Streams;
use super::watch::{Late, Watch};
use super::wire::Wire;
use crate::exchange::{Problem, Stopping};
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
    router: Router,
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
            router: self.router(),
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
            (Spoken::Http1 | Spoken::Http2, None) => self.http(opened, self.router.clone(), since, stopping).await,
            (Spoken::Http1 | Spoken::Http2, Some(_)) => {
                let router = Router::new().fallback(async || Problem::PlainHttp);
                self.http(opened, router, since, stopping).await;
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
            self.http(opened, self.router.clone(), since, stopping).await;
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

    async fn http<I>(&self, opened: Opened<I>, router: Router, since: Duration, stopping: Waiter)
    where
        I: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
    {
        let Opened { spoken, wire } = opened;
        let passed = wire.passed();
        let watch = Watch::new(self.clock.clone(), self.limits, spoken, wire.passed(), since);
        let (exchanges, for_requests) = (watch.exchanges(), Stopping(stopping.clone()));
        let (limits, clock) = (self.limits, self.clock.clone());
        let (endings, mut ending) = mpsc::channel(1);
        // On HTTP/2 a fault has only a stream to end.
        let endings = (spoken != Spoken::Http2).then_some(endings);
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let under_way = exchanges.begin();
            let mut request = request.map(|body| axum::body::Body::new(Timely::new(body, limits.body_time)));
            request.extensions_mut().insert(for_requests.clone());
            let exchange = Exchange {
                clock: clock.clone(),
                endings: endings.clone(),
                stopping: for_requests.0.clone(),
            };
            let response = exchange.respond(router.clone(), request, limits.headers);
            async move {
                let response = response.await;
                drop(under_way);
                response
            }
        });
        match spoken {
            Spoken::Http1 | Spoken::Tls => {
                let (io, back) = lend(wire);
                let serving = self.http1().serve_connection(TokioIo::new(io), service);
                let until = stopping.clone();
                let serving = async {
                    let serving = pin!(serving);
                    drive(serving, http1::Connection::graceful_shutdown, watch, until).await
                };
                let ending = tokio::select! {
                    biased;
                    Some(ending) = ending.recv() => ending,
                    ended = serving => match ended {
                        Ended::Late(Late::Head) if !passed.is_stuck() => self.too_slow().await,
                        Ended::Late(_) | Ended::Closed => return,
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

    /// The end of a connection whose peer has begun a head and not ended it in time.
    async fn too_slow(&self) -> Ending {
        let allowed = self.limits.header_time;
        Ending::with(dated(Problem::HeadTooSlow { allowed }.into_response(), &self.clock)).await
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

/// What an exchange has to do with besides its request.
struct Exchange {
    clock: Clock,
    /// Where a fault ends the whole connection in its own way; none where it can only end a stream of it.
    endings: Option<mpsc::Sender<Ending>>,
    stopping: Waiter,
}

impl Exchange {
    /// Where a fault ends the connection, this never returns, and is dropped with it. An error ends only the stream.
    async fn respond(self, mut router: Router, request: Request, headers: usize) -> Result<Response, Closed> {
        let response = if request.headers().len() > headers {
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response()
        } else {
            let answered = router.call(request).await;
            answered.unwrap_or_else(|never: Infallible| match never {})
        };
        let mut response = dated(response, &self.clock);
        let Some(spoilt) = response.extensions_mut().remove::<OnTheWire>() else {
            return Ok(response);
        };
        let Some(endings) = self.endings else {
            let late = ending::on_a_stream(spoilt, response, &self.clock, self.stopping).await;
            return late.ok_or(Closed);
        };
        let ending = Ending::of(spoilt, response).await;
        // An error is a connection that has ended already.
        let _ = endings.send(ending).await;
        future::pending().await
    }
}

fn dated(mut response: Response, clock: &Clock) -> Response {
    if let Some(date) = date(clock) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// None for a clock before the year 0, for which HTTP has no date.
fn date(clock: &Clock) -> Option<HeaderValue> {
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&clock.now()).ok()?;
    HeaderValue::try_from(text).ok()
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
