use std::time::Duration;

use attribution_ledger::Follower;
use expectation::{Expectations, Section};
use jiff::Timestamp;

use super::followed::{Followed, Step};
use super::live_report::OfReport;
use super::rows::RowKey;
use crate::record::Record;

/// The most persons whose rows are taken out of a record at a time, since every request waits meanwhile.
pub(super) const AT_ONCE: usize = 500;

/// Claims that are held against a record again and again, each time at the cost of what is new.
pub(super) struct Watch<'a> {
    /// None before the first look.
    epoch: Option<Epoch>,
    follower: Follower,
    followed: Vec<Followed<'a>>,
    report: Option<OfReport<'a>>,
}

/// Rows keep their places while these are the same: how often everything was forgotten, and how many of the oldest requests
/// were dropped.
pub(super) type Epoch = (u64, u64);

/// That of a record.
pub(super) fn epoch(record: &Record) -> Epoch {
    (record.news.now().resets, record.journal.dropped())
}

/// What has come: for each of the followed claims what is to be done.
pub(super) struct News(Vec<Vec<Step>>);

/// How a look at them ended.
pub(super) struct Look<T> {
    /// What was looked for, if it is there.
    pub(super) found: Option<T>,
    /// What the next look will take again.
    pub(super) cost: Duration,
    /// When the next look is due, if nothing arrives until then.
    pub(super) due: Option<Timestamp>,
}

impl<T> Look<T> {
    /// A look that costs nothing but what is new.
    pub(super) fn at_news(found: Option<T>) -> Self {
        Self {
            found,
            cost: Duration::ZERO,
            due: None,
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
    /// Before the first look.
    pub(super) fn new(expectations: &'a Expectations) -> Self {
        let mut watch = Self {
            epoch: None,
            follower: Follower::default(),
            followed: Vec::new(),
            report: None,
        };
        for list in &expectations.lists {
            if list.section == Section::Report {
                watch.report = Some(OfReport::new(list));
            } else {
                watch.followed.extend(Followed::new(list));
            }
        }
        watch
    }

    /// The claim of the report, which is judged once all that has come is taken in there.
    pub(super) fn report(&mut self) -> Option<&mut OfReport<'a>> {
        self.report.as_mut()
    }

    /// Some of what has come since the last look. None where that is nothing.
    pub(super) fn news(&mut self, record: &Record) -> Option<News> {
        let epoch = Some(epoch(record));
        if epoch != self.epoch {
            self.epoch = epoch;
            self.begin_anew(record);
        }
        if self.followed.is_empty() {
            return None;
        }
        let persons = record.ledger.follow(&mut self.follower, AT_ONCE);
        let followed = self.followed.iter_mut();
        let steps: Vec<Vec<Step>> = followed.map(|followed| followed.steps(record, &persons)).collect();
        let is_news = !persons.is_empty() || steps.iter().any(|steps| !steps.is_empty());
        is_news.then_some(News(steps))
    }

    /// Takes that in.
    pub(super) fn take_in(&mut self, news: News) {
        for (followed, steps) in self.followed.iter_mut().zip(news.0) {
            followed.take_in(steps);
        }
    }

    /// Whether all claims hold, once there is no more news.
    pub(super) fn holds(&self) -> bool {
        self.followed.iter().all(Followed::holds) && self.report.as_ref().is_none_or(OfReport::holds)
    }

    /// The first row that is like the first that there must be, by the first followed claim, and whose it is.
    pub(super) fn first(&self) -> Option<(&RowKey, Option<u64>)> {
        self.followed.first()?.first()
    }

    fn begin_anew(&mut self, record: &Record) {
        self.followed.iter_mut().for_each(Followed::begin_anew);
        let is_of_everyone = self.followed.iter().any(Followed::is_of_everyone);
        // Whose id is named is read when the id is looked up.
        self.follower = if is_of_everyone {
            Follower::default()
        } else {
            record.ledger.follower()
        };
    }
}
