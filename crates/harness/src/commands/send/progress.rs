//! How far it is, on standard error and on a terminal only.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use attribution_destination::deliver::Metrics;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar, where it is known how much there is to read, and the figures of the sender.
pub(super) struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
    before: Option<(Duration, u64)>,
    rate: u64,
}

impl Progress {
    /// On standard error, if that is a terminal, for an input of so many bytes.
    pub(super) fn on_stderr(bytes: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::stderr());
        let template = if bytes.is_some() {
            "{bar:20} {percent:>3}%  {msg}"
        } else {
            "{spinner} {msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            read: Arc::default(),
            before: None,
            rate: 0,
        }
    }

    /// Where the reader counts what it has read.
    pub(super) fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    /// Whether there is anyone to show it to.
    pub(super) fn is_wanted(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Shows the figures of this moment.
    pub(super) fn show(&mut self, elapsed: Duration, metrics: &Metrics) {
        self.rate = self.rate_until(elapsed, metrics.delivered);
        self.bar.set_position(self.read.load(Ordering::Relaxed));
        self.bar.set_message(figures(metrics, self.rate));
    }

    /// Events a second, looked at anew about once a second so that it can be read.
    fn rate_until(&mut self, elapsed: Duration, delivered: u64) -> u64 {
        let Some((since, before)) = self.before else {
            self.before = Some((elapsed, delivered));
            return self.rate;
        };
        let span = elapsed.saturating_sub(since);
        if span < Duration::from_secs(1) {
            return self.rate;
        }
        self.before = Some((elapsed, delivered));
        let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1);
        delivered.saturating_sub(before).saturating_mul(1_000) / millis
    }

    /// Does what writes to the terminal without it and the bar getting into each other.
    pub(super) fn apart<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Takes it away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// `1200 delivered, 350/s, 3 retries, 40 under way, the oldest for 12s`.
fn figures(metrics: &Metrics, rate: u64) -> String {
    let mut text = format!("{} delivered, {rate}/s", metrics.delivered);
    let told = [
        (metrics.retried, "retries"),
        (metrics.rejected + metrics.expired, "failed"),
        (metrics.queued, "under way"),
    ];
    for (count, what) in told.into_iter().filter(|(count, _)| *count > 0) {
        // Writing into a string can't fail.
        let _ = write!(text, ", {count} {what}");
    }
    if let Some(oldest) = metrics.oldest.filter(|oldest| *oldest >= Duration::from_secs(1)) {
        let _ = write!(text, ", the oldest for {}s", oldest.as_secs());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_that_there_are() {
        let quiet = Metrics {
            delivered: 7,
            ..Metrics::default()
        };
        assert_eq!(figures(&quiet, 3), "7 delivered, 3/s");
        let busy = Metrics {
            retried: 2,
            rejected: 1,
            expired: 1,
            queued: 40,
            oldest: Some(Duration::from_millis(12_900)),
            ..quiet
        };
        assert_eq!(
            figures(&busy, 3),
            "7 delivered, 3/s, 2 retries, 2 failed, 40 under way, the oldest for 12s"
        );
    }

    #[test]
    fn the_rate_is_that_of_the_last_second_or_so() {
        let mut progress = Progress::on_stderr(None);
        let at = Duration::from_millis;
        assert_eq!(progress.rate_until(at(0), 0), 0);
        assert_eq!(progress.rate_until(at(500), 400), 0, "too soon to tell");
        assert_eq!(progress.rate_until(at(2_000), 1_000), 500);
    }
}
