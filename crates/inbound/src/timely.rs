use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

/// A body that must be complete in time, so that a peer that sends a byte now and then can't hold its connection for ever.
#[derive(Debug)]
pub struct Timely<B> {
    body: B,
    allowed: Duration,
    /// Set when the body is first waited for: most are there as soon as their head is.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<B> Timely<B> {
    /// The body, which fails as [`TooSlow`] if it is not complete within so long from when it is first waited for.
    pub fn new(body: B, allowed: Duration) -> Self {
        Self {
            body,
            allowed,
            alarm: None,
        }
    }
}

impl<B> HttpBody for Timely<B>
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let allowed = self.allowed;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep(allowed)));
        alarm.as_mut().poll(cx).map(|()| Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body was not complete in time.
#[derive(Clone, Copy, Debug)]
pub struct TooSlow;

impl TooSlow {
    /// Whether an error comes from this one.
    pub fn is_behind(error: &(dyn Error + 'static)) -> bool {
        error.is::<Self>() || error.source().is_some_and(Self::is_behind)
    }
}

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body was not complete in time")
    }
}

impl Error for TooSlow {}
