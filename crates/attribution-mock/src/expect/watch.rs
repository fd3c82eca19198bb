use std::time::Duration;

use attribution_ledger::{Change, Changed, Follower};
use expectation::{Expectations, ListExpectation, Section};

use super::followed::{Followed, Step};
use super::live_report::FollowedReport;
use super::rows::RowKey;
use crate::record::Record;

/// The most persons whose rows are taken out of a record at a time, since every request waits meanwhile.
const AT_ONCE: usize = 500;

/// Claims that are held against a record again and again, each time at the cost of what is new.
///
/// Only of a dashboard that lags behind the rows are read anew each time: it shows requests in another order than that of
/// arrival, so that the next can change whatever was made of those before.
pub(super) struct Watch<'a> {
    epoch: Epoch,
    follower: Follower,
    followed: Vec<Followed<'a>>,
    report: Option<FollowedReport<'a>>,
    anew: Option<&'a ListExpectation>,
}

/// Rows keep their places while these are the same: how often everything was forgotten, and how many of the oldest requests
/// were dropped. None before the first look.
type Epoch = Option<(u64, u64)>;

/// What has come: for each of the followed claims what is to be done, and for the report what has changed.
pub(super) struct News {
    steps: Vec<Vec<Step>>,
    changes: Vec<Change>,
}

/// How a look at them ended.
pub(super) struct Look<T> {
    /// What was looked for, if it is there.
    pub(super) found: Option<T>,
    /// What the next look will take again.
    pub(super) cost: Duration,
}

impl<T> Look<T> {
    /// A look that costs nothing but what is new.
    pub(super) fn at_news(found: Option<T>) -> Self {
        Self {
            found,
            cost: Duration::ZERO,
        }
    }
}

impl Look<()> {
    /// That it is not there, where that is looked for.
    pub(super) fn reversed(self) -> Self {
        Self {
            found: self.found.is_none().then_some(()),
            ..self
        }
    }
}

impl<'a> Watch<'a> {
    /// Of a dashboard that lags behind or doesn't.
    pub(super) fn new(expectations: &'a Expectations, lags_behind: bool) -> Self {
        let mut watch = Self {
            epoch: None,
            follower: Follower::default(),
            followed: Vec::new(),
            report: None,
            anew: None,
        };
        for list in &expectations.lists {
            if list.section == Section::Report && lags_behind {
                watch.anew = Some(list);
            } else if list.section == Section::Report {
                watch.report = Some(FollowedReport::new(list));
            } else {
                watch.followed.extend(Followed::new(list));
            }
        }
        watch
    }

    /// The claim for which rows are read anew.
    pub(super) fn anew(&self) -> Option<&'a ListExpectation> {
        self.anew
    }

    /// Some of what has come since the last look. None where that is nothing.
    pub(super) fn news(&mut self, record: &Record) -> Option<News> {
        let epoch = Some((record.news.now().resets, record.journal.dropped()));
        if epoch != self.epoch {
            self.epoch = epoch;
            self.begin_anew(record);
        }
        if self.followed.is_empty() && self.report.is_none() {
            return None;
        }
        let persons = record.ledger.follow(&mut self.follower, AT_ONCE);
        let followed = self.followed.iter_mut();
        let steps: Vec<Vec<Step>> = followed.map(|followed| followed.steps(record, &persons)).collect();
        let is_news = !persons.is_empty() || steps.iter().any(|steps| !steps.is_empty());
        let reported = persons.iter().filter(|_| self.report.is_some());
        let changes = reported.map(Changed::change).collect();
        is_news.then_some(News { steps, changes })
    }

    /// Takes that in.
    pub(super) fn take_in(&mut self, news: News) {
        for (followed, steps) in self.followed.iter_mut().zip(news.steps) {
            followed.take_in(steps);
        }
        if let Some(report) = &mut self.report {
            report.take_in(&news.changes);
        }
    }

    /// Whether all claims hold but the one for which rows are read anew, once there is no more news.
    pub(super) fn holds(&self) -> bool {
        self.followed.iter().all(Followed::holds) && self.report.as_ref().is_none_or(FollowedReport::holds)
    }

    /// The first row that is like the first that there must be, by the first followed claim, and whose it is.
    pub(super) fn first(&self) -> Option<(&RowKey, Option<u64>)> {
        self.followed.first()?.first()
    }

    fn begin_anew(&mut self, record: &Record) {
        self.followed.iter_mut().for_each(Followed::begin_anew);
        if let Some(report) = &mut self.report {
            *report = FollowedReport::new(report.list);
        }
        let is_of_everyone = self.report.is_some() || self.followed.iter().any(Followed::is_of_everyone);
        // Whose id is named is read when the id is looked up.
        self.follower = if is_of_everyone {
            Follower::default()
        } else {
            record.ledger.follower()
        };
    }
}
