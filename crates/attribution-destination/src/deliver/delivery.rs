use clock::Clock;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::backoff::Backoff;
use super::classify::{Classification, classify};
use super::connect::Connect;
use super::exchange::Exchanger;
use super::outcome::{Attempt, Delivery};
use super::policy::RetryPolicy;
use super::record::Record;
use crate::request::WireRequest;

/// What every delivery of a sender shares.
pub(super) struct Courier<C> {
    exchanger: Exchanger<C>,
    policy: RetryPolicy,
    clock: Clock,
    /// One for each exchange that may be in flight.
    permits: Semaphore,
}

impl<C: Connect> Courier<C> {
    pub(super) fn new(exchanger: Exchanger<C>, policy: RetryPolicy, clock: Clock) -> Self {
        let permits = Semaphore::new(policy.concurrency.get().min(Semaphore::MAX_PERMITS));
        Self {
            exchanger,
            policy,
            clock,
            permits,
        }
    }

    /// Sends a request until an answer decides, or no further attempt may begin.
    ///
    /// The wait for the next attempt is the longer one of the backoff's and the answer's `Retry-After`. If it ends
    /// past the window, the delivery expires at once and not when the window closes.
    pub(super) async fn deliver(&self, request: &WireRequest, mut backoff: Backoff, record: &mut Record) -> Delivery {
        let mut permit = self.permit().await;
        let closes = self.clock.elapsed().saturating_add(self.policy.window);
        loop {
            let (attempt, body) = self.attempt(request).await;
            drop(permit);
            let verdict = classify(&attempt.answer);
            let asked = attempt.retry_after.unwrap_or_default();
            record.push(attempt);
            let last = match verdict {
                Classification::Delivered(status) => return Delivery::Delivered { status },
                Classification::Reject(reason) => return Delivery::Rejected { reason, body },
                Classification::Retry(reason) => reason,
            };
            let wait = backoff.wait().max(asked);
            if self.clock.elapsed().saturating_add(wait) > closes {
                return Delivery::Expired { last };
            }
            self.clock.sleep(wait).await;
            permit = self.permit().await;
            // Waiting for a permit may have taken until after the window.
            if self.clock.elapsed() > closes {
                return Delivery::Expired { last };
            }
        }
    }

    async fn permit(&self) -> SemaphorePermit<'_> {
        self.permits.acquire().await.expect("nothing closes the semaphore")
    }

    async fn attempt(&self, request: &WireRequest) -> (Attempt, String) {
        let (at, begun) = (self.clock.now(), self.clock.elapsed());
        let answer = self.exchanger.exchange(request).await;
        let took = self.clock.elapsed().saturating_sub(begun);
        match answer {
            Ok(answer) => {
                let attempt = Attempt {
                    at,
                    took,
                    answer: Ok(answer.status),
                    retry_after: answer.retry_after,
                };
                (attempt, answer.body)
            }
            Err(reason) => (
                Attempt {
                    at,
                    took,
                    answer: Err(reason),
                    retry_after: None,
                },
                String::new(),
            ),
        }
    }
}
