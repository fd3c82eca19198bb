use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_sink::Sink;
use outbound::HttpsConnector;
use segment_event::Event;
use tokio::sync::{Semaphore, mpsc};

use super::connect::Connect;
use super::outcome::Outcome;
use super::record::Ticket;
use super::sender::Sender;

pub(super) fn channel<C>(sender: Sender<C>, ahead: usize) -> (Submissions<C>, Outcomes) {
    let (tickets, taken) = mpsc::channel(ahead.min(Semaphore::MAX_PERMITS));
    let submissions = Submissions {
        sender,
        tickets: Some(tickets),
        submitting: None,
    };
    (submissions, Outcomes { taken, next: None })
}

/// A sink for events; see [`Sender::channel`].
pub struct Submissions<C = HttpsConnector> {
    sender: Sender<C>,
    tickets: Option<mpsc::Sender<Ticket>>,
    submitting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl<C> Submissions<C> {
    /// Waits until the event before is handed over.
    fn poll_submitted(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if let Some(submitting) = &mut self.submitting {
            ready!(submitting.as_mut().poll(cx));
            self.submitting = None;
        }
        Poll::Ready(Ok(()))
    }
}

/// Flushed is what is handed over; for outcomes there is the stream.
impl<C: Connect> Sink<Event> for Submissions<C> {
    type Error = Infallible;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.poll_submitted(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, event: Event) -> Result<(), Infallible> {
        let (sender, tickets) = (self.sender.clone(), self.tickets.clone());
        self.submitting = Some(Box::pin(async move {
            let ticket = sender.submit(event).await;
            if let Some(tickets) = tickets {
                // Nobody may want the outcomes, which is their choice.
                let _ = tickets.send(ticket).await;
            }
        }));
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.poll_submitted(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        ready!(self.poll_submitted(cx))?;
        self.tickets = None;
        Poll::Ready(Ok(()))
    }
}

impl<C> fmt::Debug for Submissions<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submissions")
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}

/// The outcomes of what went into the sink, in that order; see [`Sender::channel`].
#[derive(Debug)]
pub struct Outcomes {
    taken: mpsc::Receiver<Ticket>,
    next: Option<Ticket>,
}

impl Stream for Outcomes {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Outcome>> {
        if self.next.is_none() {
            self.next = ready!(self.taken.poll_recv(cx));
        }
        let Some(next) = &mut self.next else {
            return Poll::Ready(None);
        };
        let outcome = ready!(Pin::new(next).poll(cx));
        self.next = None;
        Poll::Ready(Some(outcome))
    }
}
