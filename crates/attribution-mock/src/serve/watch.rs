use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use clock::Clock;
use tokio::time::Sleep;

use super::opening::Spoken;
use super::wire::Passed;
use crate::limits::Limits;

/// The exchanges of one connection.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    begun: AtomicU64,
    under_way: AtomicUsize,
}

impl Exchanges {
    /// Says that a request has come, for as long as the guard lives.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }
}

/// A request is being answered while this lives.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Exchanges>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Finds out when a connection has been waiting for its peer for too long.
///
/// It is asked whenever the connection was polled, and costs an ordinary request no timer: one that is set too early goes
/// off for nothing and is set again.
#[derive(Debug)]
pub(super) struct Watch {
    clock: Clock,
    limits: Limits,
    /// Whether bytes outside of an exchange are a head; in HTTP/2 they may be about anything.
    bytes_are_heads: bool,
    passed: Arc<Passed>,
    exchanges: Arc<Exchanges>,
    seen: Seen,
    waiting: Option<Waiting>,
    alarm: Option<(Duration, Pin<Box<Sleep>>)>,
}

/// What was there when it was last looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    begun: u64,
    reads: u64,
    writes: u64,
}

/// What the peer is waited for, and until when by the clock's own count.
#[derive(Clone, Copy, Debug)]
enum Waiting {
    ForHead { until: Duration },
    ForRequest { until: Duration },
}

impl Waiting {
    fn until(self) -> Duration {
        let (Self::ForHead { until } | Self::ForRequest { until }) = self;
        until
    }

    fn late(self) -> Late {
        match self {
            Self::ForHead { .. } => Late::Head,
            Self::ForRequest { .. } => Late::Request,
        }
    }
}

/// What the peer was waited for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// The rest of a request's head, of which something came.
    Head,
    /// A further request, or that it takes an answer.
    Request,
}

impl Watch {
    /// Watches a connection that began, by the clock's count, at `since`.
    pub(super) fn new(clock: Clock, limits: Limits, spoken: Spoken, passed: Arc<Passed>, since: Duration) -> Self {
        let until = since.saturating_add(limits.header_time);
        Self {
            clock,
            limits,
            bytes_are_heads: spoken != Spoken::Http2,
            passed,
            exchanges: Arc::default(),
            seen: Seen::default(),
            waiting: Some(Waiting::ForHead { until }),
            alarm: None,
        }
    }

    /// Where the service says that a request has come.
    pub(super) fn exchanges(&self) -> Arc<Exchanges> {
        Arc::clone(&self.exchanges)
    }

    /// Ready when it has been too long, with what it was that didn't come.
    pub(super) fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<Late> {
        self.look();
        let Some(waiting) = self.waiting else {
            return Poll::Pending;
        };
        let until = waiting.until();
        loop {
            if self.alarm.as_ref().is_none_or(|(at, _)| *at > until) {
                let left = until.saturating_sub(self.clock.elapsed());
                if left.is_zero() {
                    return Poll::Ready(waiting.late());
                }
                self.alarm = Some((until, Box::pin(tokio::time::sleep(left))));
            }
            if let Some((_, alarm)) = &mut self.alarm {
                ready!(alarm.as_mut().poll(cx));
                self.alarm = None;
            }
        }
    }

    fn look(&mut self) {
        let seen = Seen {
            begun: self.exchanges.begun.load(Ordering::Relaxed),
            reads: self.passed.reads(),
            writes: self.passed.writes(),
        };
        let before = std::mem::replace(&mut self.seen, seen);
        if self.exchanges.under_way.load(Ordering::Relaxed) > 0 {
            self.waiting = None;
        } else if self.waiting.is_none() || seen.begun != before.begun {
            self.wait_for_request();
        } else if let Some(Waiting::ForRequest { .. }) = self.waiting {
            if self.bytes_are_heads && seen.reads != before.reads {
                let until = self.clock.elapsed().saturating_add(self.limits.header_time);
                self.waiting = Some(Waiting::ForHead { until });
            } else if seen.writes != before.writes {
                self.wait_for_request();
            }
        }
    }

    fn wait_for_request(&mut self) {
        let until = self.clock.elapsed().saturating_add(self.limits.idle_time);
        self.waiting = Some(Waiting::ForRequest { until });
    }
}
