use std::collections::BTreeMap;
use std::pin::pin;
use std::time::Duration;

use attribution_ledger::Ledger;
use expectation::{Expectations, Failure, Observed, Pattern, Section};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::observe::value;
use super::recorded::Recorded;
use super::rows::row;
use super::unmet::Unmet;
use super::wanted::Wanted;
use super::watch::{Look, Watch};
use crate::mock::Mock;

/// How long something may take to hold, and how long it must go on to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) timeout: Duration,
    pub(crate) hold: Duration,
}

/// A look that takes so long is one at very much, and while ever more arrives, looking again and again would leave no time
/// to those who send it.
const LONG_LOOK: Duration = Duration::from_millis(1);

/// So many times as long as a long look took, the next one is put off: a wait takes a fifth of a thread's time at most. On a
/// virtual clock no look takes any time.
const RESTS: u32 = 4;

/// Claims, held against what was received now or as it arrives.
///
/// The language is that of a scenario's `expect`, as JSON; [`Wanted`] rows are a shorthand for parts of it.
impl Mock {
    /// Tells whether what was received is as expected.
    ///
    /// Not async, as nothing is waited for: all of it is in this process.
    ///
    /// ```
    /// use attribution_mock::{Mock, MockConfig, conversion};
    /// use serde_json::json;
    ///
    /// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
    /// mock.verify(json!({"conversions": [], "visits": {"count": 0}}))?;
    /// let unmet = mock.verify(conversion("Order Completed").by("user-1")).unwrap_err();
    /// assert_eq!(
    ///     unmet.to_string(),
    ///     "not as expected:\n\
    ///      conversions.contains[0]: no row is like this\n  \
    ///        expected: { event: \"Order Completed\", visitor: \"user-1\" }\n  \
    ///        actual:   no rows"
    /// );
    /// # Ok::<(), attribution_mock::Unmet>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every way in which it is not, with the rows that come closest; or every mistake in what is expected.
    pub fn verify(&self, expected: impl Into<Value>) -> Result<(), Unmet> {
        self.unmet(&read(&expected.into())?).map_err(Unmet::Failed)
    }

    /// Waits until what was received is as expected: it looks at once, and whenever something arrives.
    ///
    /// What must not be there is so at once; give the sender time first, or wait for what comes last.
    ///
    /// # Errors
    ///
    /// Every way in which it is not when the time is up; or every mistake in what is expected, at once.
    pub async fn wait_until(&self, expected: impl Into<Value>, within: Duration) -> Result<(), Unmet> {
        let expectations = read(&expected.into())?;
        let timed_out = |failures| Unmet::TimedOut { within, failures };
        let mut watch = Watch::new(&expectations);
        self.until_met(&expectations, &mut watch, within)
            .await
            .map_err(timed_out)
    }

    /// Waits until there is such a row, and returns the first.
    ///
    /// # Errors
    ///
    /// Which rows came closest when the time is up; or every mistake in what is wanted, at once.
    pub async fn wait_for<R: Recorded>(&self, wanted: Wanted<R>, within: Duration) -> Result<R, Unmet> {
        let expectations = read(&wanted.into())?;
        let rows = expectations.lists.iter().filter_map(|list| list.contains.as_deref());
        let wanted: Vec<&Pattern> = rows.flatten().collect();
        let mut watch = Watch::new(&expectations);
        let look = || self.first(&mut watch);
        if let Some(found) = self.until(within, look).await {
            return Ok(found);
        }
        self.pick(R::all(self), &wanted).map_err(|shown| Unmet::TimedOut {
            within,
            failures: expectations.check(&Observed {
                sections: BTreeMap::from([(R::SECTION.as_str(), shown)]),
                deliveries: Map::new(),
                resolve: &|id| self.resolve(id),
            }),
        })
    }

    /// Waits until a look at the ledger finds something: it looks at once, and whenever something arrives. None when the
    /// time is up.
    ///
    /// The look must be quick and not use the mock, as in [`with_ledger`](Self::with_ledger).
    pub async fn wait_with_ledger<T>(&self, mut look: impl FnMut(&Ledger) -> Option<T>, within: Duration) -> Option<T> {
        let look = || self.timed(|| self.with_ledger(&mut look));
        self.until(within, look).await
    }

    /// Waits until expectations hold, and go on to hold for as long as they must. They must begin to in time; what is
    /// said of them otherwise is how it is in the end.
    pub(crate) async fn wait(&self, expectations: &Expectations, patience: Patience) -> Result<(), Vec<Failure>> {
        let clock = &self.config().clock;
        let begun = clock.elapsed();
        let mut watch = Watch::new(expectations);
        loop {
            let waited = clock.elapsed().saturating_sub(begun);
            let left = patience.timeout.saturating_sub(waited);
            self.until_met(expectations, &mut watch, left).await?;
            let ends = || self.holds(&mut watch).reversed();
            if patience.hold.is_zero() || self.until(patience.hold, ends).await.is_none() {
                return Ok(());
            }
        }
    }

    /// Waits until expectations hold. Why they don't is only looked for in the end.
    async fn until_met(
        &self,
        expectations: &Expectations,
        watch: &mut Watch<'_>,
        within: Duration,
    ) -> Result<(), Vec<Failure>> {
        match self.until(within, || self.holds(watch)).await {
            Some(()) => Ok(()),
            None => self.unmet(expectations),
        }
    }

    /// Looks at once and after every arrival, or once after several, until a look finds something or the time is up; then it
    /// looks once more.
    async fn until<T>(&self, within: Duration, mut look: impl FnMut() -> Look<T>) -> Option<T> {
        let clock = &self.config().clock;
        let mut news = self.record().news.listen();
        let mut deadline = pin!(clock.sleep(within));
        loop {
            // Marked as seen before the look, so that what comes after it is not missed.
            news.borrow_and_update();
            let Look { found, cost, due } = look();
            if found.is_some() {
                return found;
            }
            let next = async {
                if cost >= LONG_LOOK {
                    clock.sleep(cost * RESTS).await;
                }
                let shown = async {
                    match due {
                        Some(due) => clock.sleep(until(due, clock.now())).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    biased;
                    // The mock keeps the other end.
                    _ = news.changed() => {}
                    // Nothing arrives then, and yet there is more on the dashboard.
                    () = shown => {}
                }
            };
            tokio::select! {
                biased;
                () = &mut deadline => return look().found,
                () = next => {}
            }
        }
    }

    /// A look that takes as long each time.
    pub(super) fn timed<T>(&self, look: impl FnOnce() -> Option<T>) -> Look<T> {
        let clock = &self.config().clock;
        let begun = clock.elapsed();
        let found = look();
        let cost = clock.elapsed().saturating_sub(begun);
        Look { found, cost, due: None }
    }

    /// The first row that there must be.
    fn first<R: Recorded>(&self, watch: &mut Watch<'_>) -> Look<R> {
        let record = self.read_on(watch);
        let first = watch.first();
        Look::at_news(first.and_then(|(key, owner)| row(&record.ledger, &record.journal, key, owner)))
    }

    fn unmet(&self, expectations: &Expectations) -> Result<(), Vec<Failure>> {
        let failures = self.check(expectations);
        if failures.is_empty() { Ok(()) } else { Err(failures) }
    }

    /// The first of these rows that is as one of these says, or else all of them as they are shown.
    fn pick<R: Recorded>(&self, mut rows: Vec<R>, wanted: &[&Pattern]) -> Result<R, Vec<Value>> {
        let shown: Vec<Value> = rows.iter().map(value).collect();
        let resolve = |id: &str| self.resolve(id);
        match wanted.iter().find_map(|wanted| wanted.find(&shown, &resolve)) {
            Some(place) => Ok(rows.swap_remove(place)),
            None => Err(shown),
        }
    }
}

/// How long it is until a moment; never nothing, so that whoever waits for it lets others go on.
fn until(moment: Timestamp, now: Timestamp) -> Duration {
    let left = Duration::try_from(moment.duration_since(now)).unwrap_or_default();
    left.max(Duration::from_millis(1))
}

fn read(expected: &Value) -> Result<Expectations, Unmet> {
    Ok(Expectations::from_json(
        expected.to_string().as_bytes(),
        &Section::SHOWN,
    )?)
}
