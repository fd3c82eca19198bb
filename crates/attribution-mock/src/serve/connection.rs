use std::convert::Infallible;
use std::fmt;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use clock::Clock;
use http::HeaderValue;
use http::header::DATE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_service::Service as _;

use super::unstalled::Unstalled;
use crate::exchange::{Severed, Stopping};
use crate::mock::Mock;
use crate::signal::Waiter;

/// How long a connection may take for the head of a request, and how long it may lie idle. The web's usual half minute.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the sender of a body may pause in the middle of it.
const LONGEST_PAUSE: Duration = HEADER_READ_TIMEOUT;

/// Serves connections that were not accepted from a listener: one end of an in-memory pipe, say.
///
/// Only tokio's timers are used, so on a paused runtime its time is virtual, and the `Date` header is the mock's own
/// clock's.
#[derive(Clone, Debug)]
pub struct Connections {
    router: Router,
    clock: Clock,
}

impl Mock {
    /// What serves connections one by one.
    pub fn connections(&self) -> Connections {
        Connections {
            router: self.router(),
            clock: self.config().clock.clone(),
        }
    }
}

impl Connections {
    /// Serves one connection until either side closes it.
    pub async fn serve<I>(&self, io: I)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        connection(self.router.clone(), self.clock.clone(), io, Waiter::never()).await;
    }
}

/// Serves one connection; once stopping, it takes no further request and ends after the exchange in flight.
pub(crate) async fn connection<I>(router: Router, clock: Clock, io: I, stopping: Waiter)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let for_requests = Stopping(stopping.clone());
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(|body| axum::body::Body::new(Unstalled::new(body, LONGEST_PAUSE)));
        request.extensions_mut().insert(for_requests.clone());
        respond(router.clone(), request, clock.clone())
    });
    let mut http = http1::Builder::new();
    http.auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT);
    let mut serving = pin!(http.serve_connection(TokioIo::new(io), service));
    let ended = tokio::select! {
        biased;
        // Looked at first, so that an answer that the same signal lets go already says `Connection: close`.
        () = stopping.fired() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
        ended = serving.as_mut() => ended,
    };
    // An error is a peer that went away or spoke no HTTP, or a fault that closed the connection: nobody is left to
    // be told.
    drop(ended);
}

/// One exchange. An error makes hyper close the connection without a byte of an answer.
async fn respond(mut router: Router, request: Request, clock: Clock) -> Result<Response, Closed> {
    let mut response = router
        .call(request)
        .await
        .unwrap_or_else(|never: Infallible| match never {});
    if response.extensions().get::<Severed>().is_some() {
        return Err(Closed);
    }
    if let Some(date) = date(&clock) {
        response.headers_mut().insert(DATE, date);
    }
    Ok(response)
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
        f.write_str("a scripted fault closed the connection")
    }
}

impl std::error::Error for Closed {}
