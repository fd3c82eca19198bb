use std::convert::Infallible;
use std::future;
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
use tokio::sync::mpsc;
use tower_service::Service as _;

use super::ending::Ending;
use super::lent::{Resettable, lend};
use crate::exchange::Stopping;
use crate::faults::OnTheWire;
use crate::mock::Mock;
use crate::signal::Waiter;

/// How long a connection may take for the head of a request, and how long it may lie idle. The web's usual half minute.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves connections that were not accepted from a listener: one end of an in-memory pipe, say.
///
/// Only tokio's timers are used, so on a paused runtime its time is virtual, and the `Date` header is the mock's own
/// clock's.
#[derive(Clone, Debug)]
pub struct Connections {
    mock: Mock,
    router: Router,
}

impl Mock {
    /// What serves connections one by one.
    pub fn connections(&self) -> Connections {
        Connections {
            mock: self.clone(),
            router: self.router(),
        }
    }
}

impl Connections {
    /// Serves one connection until either side closes it.
    pub async fn serve<I>(&self, mut io: I)
    where
        I: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
    {
        if self.mock.refuses() {
            io.reset();
            return;
        }
        let clock = self.mock.config().clock.clone();
        connection(self.router.clone(), clock, io, Waiter::never()).await;
    }
}

/// Serves one connection; once stopping, it takes no further request and ends after the exchange in flight. A fault may
/// end it in its own way.
pub(crate) async fn connection<I>(router: Router, clock: Clock, io: I, stopping: Waiter)
where
    I: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
{
    let (io, back) = lend(io);
    let (endings, mut ending) = mpsc::channel(1);
    let (ending_clock, ending_stopping) = (clock.clone(), stopping.clone());
    let for_requests = Stopping(stopping.clone());
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(for_requests.clone());
        respond(router.clone(), request, clock.clone(), endings.clone())
    });
    let mut http = http1::Builder::new();
    http.auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT);
    let serving = http.serve_connection(TokioIo::new(io), service);
    let serving = async move {
        let mut serving = pin!(serving);
        tokio::select! {
            biased;
            // Looked at first, so that an answer that the same signal lets go already says `Connection: close`.
            () = stopping.fired() => {
                serving.as_mut().graceful_shutdown();
                serving.await
            }
            ended = serving.as_mut() => ended,
        }
    };
    let ending = tokio::select! {
        biased;
        Some(ending) = ending.recv() => ending,
        // An error is a peer that went away or spoke no HTTP: nobody is left to be told.
        _ = serving => return,
    };
    if let Ok(stream) = back.await {
        ending.perform(stream, &ending_clock, ending_stopping).await;
    }
}

/// One exchange. Where a fault ends the connection, this never returns, and is dropped with it.
async fn respond(
    mut router: Router,
    request: Request,
    clock: Clock,
    endings: mpsc::Sender<Ending>,
) -> Result<Response, Infallible> {
    let mut response = router.call(request).await?;
    if let Some(date) = date(&clock) {
        response.headers_mut().insert(DATE, date);
    }
    let Some(spoilt) = response.extensions_mut().remove::<OnTheWire>() else {
        return Ok(response);
    };
    let ending = Ending::of(spoilt, response).await;
    // An error is a connection that has ended already.
    let _ = endings.send(ending).await;
    future::pending().await
}

/// None for a clock before the year 0, for which HTTP has no date.
fn date(clock: &Clock) -> Option<HeaderValue> {
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&clock.now()).ok()?;
    HeaderValue::try_from(text).ok()
}
