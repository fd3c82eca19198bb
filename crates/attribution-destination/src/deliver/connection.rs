use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Extensions, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::rt::{Read, Write};
use hyper_util::client::legacy;

use super::connect::Reuse;

/// How much of an answer's head is read; a longer one is no answer.
const HEAD_AT_MOST: usize = 64 * 1024;

type Body = Full<Bytes>;

/// One connection to the endpoint, for one exchange at a time.
///
/// It has no task of its own: it moves when the exchange that has it moves, and is closed when that is dropped. So
/// there never are more connections than exchanges at once, however the other side behaves, and what it said while
/// nothing was asked is found before the next request is written, and closes the connection.
pub(super) struct Connection {
    requests: SendRequest<Body>,
    driver: Driver,
    /// Whether it may carry another exchange, where its connector has a say in that.
    reuse: Option<Reuse>,
}

impl Connection {
    /// Makes what was connected one for HTTP.
    pub(super) async fn over<S>(io: S) -> hyper::Result<Self>
    where
        S: Read + Write + legacy::connect::Connection + Send + Unpin + 'static,
    {
        let mut extras = Extensions::new();
        io.connected().get_extras(&mut extras);
        let (requests, connection) = http1::Builder::new()
            .title_case_headers(true)
            .max_buf_size(HEAD_AT_MOST)
            .handshake(io)
            .await?;
        let driver = Driver(Some(Box::pin(connection)));
        Ok(Self {
            requests,
            driver,
            reuse: extras.remove(),
        })
    }

    /// Sends a request and waits for the head of its answer. The error has the request where nothing of it was written.
    pub(super) async fn ask(
        &mut self,
        request: Request<Body>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Body>>> {
        let answer = self.requests.try_send_request(request);
        self.driver.during(answer).await
    }

    /// Waits for what comes of the answer's body, or of anything else that needs the connection to move.
    pub(super) async fn during<F: Future>(&mut self, future: F) -> F::Output {
        self.driver.during(future).await
    }

    /// Whether its connector lets it carry another exchange.
    pub(super) fn may_be_used_again(&self) -> bool {
        self.reuse.as_ref().is_none_or(Reuse::is_allowed)
    }

    /// Whether it is fit for another exchange: the last one is over in both directions, nothing is left of it, the other side
    /// keeps the connection open, and its connector lets it.
    pub(super) async fn is_free(&mut self) -> bool {
        poll_fn(|cx| {
            self.driver.poll(cx);
            Poll::Ready(self.driver.0.is_some() && self.requests.is_ready() && self.may_be_used_again())
        })
        .await
    }
}

/// What reads and writes, until the connection is over.
struct Driver(Option<Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>>);

impl Driver {
    /// How it ends is not looked at: whoever waits for an answer is told.
    fn poll(&mut self, cx: &mut Context<'_>) {
        if let Some(connection) = &mut self.0
            && connection.as_mut().poll(cx).is_ready()
        {
            self.0 = None;
        }
    }

    async fn during<F: Future>(&mut self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            self.poll(cx);
            future.as_mut().poll(cx)
        })
        .await
    }
}
