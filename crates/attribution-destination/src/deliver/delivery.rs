use std::time::Duration;

use clock::{Clock, Seed};
use tracing::{Instrument as _, debug, info_span, warn};

use super::backoff::Backoff;
use super::classify::{Classification, classify, is_about_the_events};
use super::connect::Connect;
use super::crew::Turn;
use super::exchange::Exchanger;
use super::gate::{Gate, Pass};
use super::intake::Place;
use super::outcome::{Attempt, Delivery};
use super::parcel::Parcel;
use super::policy::RetryPolicy;
use crate::request::WireRequest;
use crate::settings::Dialect;

/// What every delivery of a sender shares.
pub(super) struct Courier<C> {
    pub(super) exchanger: Exchanger<C>,
    pub(super) dialect: Dialect,
    pub(super) policy: RetryPolicy,
    pub(super) gate: Gate,
    pub(super) clock: Clock,
    pub(super) seed: Seed,
}

impl<C: Connect> Courier<C> {
    /// Delivers a parcel: every event in it gets its outcome.
    ///
    /// Where Attribution refuses a request of several events, one of them may be to blame. It is sent again in halves, the
    /// first one first, and those in halves again, until what is refused is alone; so none costs its neighbours.
    ///
    /// All of them have the one window that began with the first attempt; but however late a half is refused, each of
    /// its own halves is tried once.
    pub(super) async fn carry(&self, parcel: Parcel, turn: &mut Turn<C>) {
        let span = info_span!("delivery", path = parcel.path(), events = parcel.len());
        self.carry_in_parts(parcel, turn).instrument(span).await;
    }

    async fn carry_in_parts(&self, parcel: Parcel, turn: &mut Turn<C>) {
        let mut parts = vec![parcel];
        let mut closes = None;
        while let Some(mut part) = parts.pop() {
            let result = self.deliver(&mut part, &mut closes, turn).await;
            if !splits(&result) {
                self.close(part, &result);
                continue;
            }
            match part.halves() {
                Ok([first, second]) => parts.extend([second, first]),
                Err(alone) => self.close(alone, &result),
            }
        }
    }

    /// Sends a parcel's request until an answer decides, or no further attempt may begin. When that is, is known from the
    /// first attempt on.
    ///
    /// The wait for the next attempt is the longer one of the backoff's and the answer's `Retry-After`. If it ends
    /// past the window, the delivery expires at once and not when the window closes.
    async fn deliver(&self, parcel: &mut Parcel, closes: &mut Option<Duration>, turn: &mut Turn<C>) -> Delivery {
        let request = parcel.request();
        let mut backoff = None;
        let mut pass = self.gate.first().await;
        let closes = *closes.get_or_insert_with(|| pass.since.saturating_add(self.policy.window));
        loop {
            let begun = pass.since;
            let (attempt, body) = self.attempt(&request, begun).await;
            let verdict = classify(self.dialect, &attempt.answer);
            let asked = attempt
                .retry_after
                .filter(|_| matches!(verdict, Classification::Retry(_)));
            let now = begun.saturating_add(attempt.took);
            self.learn(pass, &verdict, asked, now);
            for item in parcel.items() {
                item.record.push(attempt.clone());
            }
            let last = match verdict {
                Classification::Delivered(status) => return Delivery::Delivered { status },
                Classification::Reject(reason) => return Delivery::Rejected { reason, body },
                Classification::Retry(reason) => reason,
            };
            let backoff = backoff.get_or_insert_with(|| self.backoff(parcel));
            let wait = backoff.wait().max(asked.unwrap_or_default());
            if self.clock.elapsed().saturating_add(wait) > closes {
                return Delivery::Expired { last };
            }
            debug!(reason = %last, ?wait, "to be tried again");
            turn.give_up();
            self.clock.sleep(wait).await;
            pass = match self.gate.again(closes).await {
                Some(pass) => pass,
                None => return Delivery::Expired { last },
            };
        }
    }

    /// Lets the attempts after this one profit from it.
    ///
    /// What the endpoint asks for is asked of everyone, unless nobody could wait for so long: then it is not believed.
    fn learn(&self, pass: Pass<'_>, verdict: &Classification, asked: Option<Duration>, now: Duration) {
        if let Some(asked) = asked.filter(|asked| *asked <= self.policy.window) {
            self.gate.hold(asked);
        }
        pass.tell(verdict.signal(), now);
    }

    /// Each event has a random stream of its own, so what happens to others doesn't change its waits.
    fn backoff(&self, parcel: &mut Parcel) -> Backoff {
        let ordinal = parcel.items().first().map_or(0, |item| item.ordinal);
        let random = self.seed.random(&format!("delivery {ordinal}"));
        Backoff::new(self.policy.initial, self.policy.max, random)
    }

    async fn attempt(&self, request: &WireRequest, begun: Duration) -> (Attempt, String) {
        let answer = self.exchanger.exchange(request).await;
        let took = self.clock.elapsed().saturating_sub(begun);
        let (answer, retry_after, body) = match answer {
            Ok(answer) => (Ok(answer.status), answer.retry_after, answer.body),
            Err(reason) => (Err(reason), None, String::new()),
        };
        let attempt = Attempt {
            at: self.clock.at(begun),
            took,
            answer,
            retry_after,
        };
        (attempt, body)
    }

    /// Tells the outcome, and lets those move up that come after.
    fn close(&self, parcel: Parcel, result: &Delivery) {
        match result {
            Delivery::Delivered { .. } => debug!("delivered"),
            undelivered => warn!(events = parcel.len(), "{undelivered}"),
        }
        let now = self.clock.elapsed();
        let items = parcel.into_items().into_iter();
        Place::leave_together(
            items
                .filter_map(|item| item.record.close(result.clone(), now))
                .collect(),
        );
    }
}

/// Whether a part of the parcel may fare better than the whole.
fn splits(result: &Delivery) -> bool {
    matches!(result, Delivery::Rejected { reason, .. } if is_about_the_events(reason))
}
