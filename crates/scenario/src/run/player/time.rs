//! Time that passes, with each of Engage's syncs at its moment.

use std::time::Duration;

use clock::Clock;
use expectation::Span;
use jiff::Timestamp;

use super::Player;
use crate::run::engage::Engagement;
use crate::run::trace::Made;

/// The clock's own step: less may not move it.
const LEAST: Duration = Duration::from_millis(1);

impl Player<'_> {
    /// Lets time pass; what a sync tells meanwhile is the doing of the step at this place.
    pub(super) async fn wait(&mut self, at: Span, duration: Duration) {
        let clock = self.pipeline.clock().clone();
        let end = clock.elapsed().saturating_add(duration);
        let next = |engagement: &mut Engagement| engagement.next_before(clock.at(end));
        while let Some(due) = self.engagement.as_mut().and_then(next) {
            clock.sleep(until(&clock, due)).await;
            self.sync(at).await;
        }
        clock.sleep(end.saturating_sub(clock.elapsed())).await;
    }

    /// Lets every delivery reach its outcome, with each sync that is due before.
    pub(super) async fn let_settle(&mut self, at: Span) {
        let clock = self.pipeline.clock().clone();
        while let Some(due) = self.engagement.as_ref().and_then(Engagement::due) {
            tokio::select! {
                biased;
                () = self.pipeline.settle() => return,
                () = clock.sleep(until(&clock, due)) => self.sync(at).await,
            }
        }
        self.pipeline.settle().await;
    }

    /// Lets time pass until all that was received is on the dashboard.
    pub(super) async fn let_dashboard_catch_up(&mut self, at: Span) {
        while let Some((_, last)) = self.pipeline.mock().dashboard_due() {
            let left = until(self.pipeline.clock(), last);
            self.wait(at, left.max(LEAST)).await;
            self.let_settle(at).await;
        }
    }

    /// Sends what Engage has to tell now.
    async fn sync(&mut self, at: Span) {
        let now = self.pipeline.clock().now();
        for message in self.engagement.as_mut().map(Engagement::sync).unwrap_or_default() {
            self.made.push(Made::of(&message, at, now));
            self.scope.made_up.by_engage(&message);
            self.hand_in(&message, now).await;
        }
        self.pipeline.quiesce().await;
    }
}

/// How long it is until a moment.
fn until(clock: &Clock, moment: Timestamp) -> Duration {
    moment.duration_since(clock.now()).try_into().unwrap_or_default()
}
