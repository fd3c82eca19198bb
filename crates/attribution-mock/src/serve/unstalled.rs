use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

/// A body that ends with an error when its sender pauses for longer than this: a connection is not held for ever by one
/// who said that more would come.
#[derive(Debug)]
pub(crate) struct Unstalled {
    body: Incoming,
    longest_pause: Duration,
    /// There while more is waited for.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Unstalled {
    pub(crate) fn new(body: Incoming, longest_pause: Duration) -> Self {
        Self {
            body,
            longest_pause,
            pause: None,
        }
    }
}

impl HttpBody for Unstalled {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.pause = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::new)));
        }
        let longest = this.longest_pause;
        let pause = this.pause.get_or_insert_with(|| Box::pin(sleep(longest)));
        pause.as_mut().poll(cx).map(|()| Some(Err(axum::Error::new(Stalled))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[derive(Debug)]
struct Stalled;

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender stopped in the middle of a body")
    }
}

impl std::error::Error for Stalled {}
