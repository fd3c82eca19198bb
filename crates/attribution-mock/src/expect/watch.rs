use std::time::Duration;

use expectation::{Expectations, ListExpectation, Needs, Section, Tally};
use serde_json::Value;

use super::arrivals::{self, Row, RowKey};
use crate::record::Record;

/// The most rows that are taken out of a record at a time, since every request waits meanwhile.
const AT_ONCE: usize = 500;

/// Claims that are held against a record again and again.
///
/// Where rows arrive one by one and stay, each is looked at once. All other rows are read anew each time, or as much of them
/// as is needed.
pub(super) struct Watch<'a> {
    epoch: Epoch,
    followed: Vec<Followed<'a>>,
    anew: Vec<&'a ListExpectation>,
}

/// A claim whose section is read on from where it was read to.
struct Followed<'a> {
    list: &'a ListExpectation,
    tally: Tally<'a, RowKey>,
    seen: usize,
}

/// Rows keep their places while these are the same: how often everything was forgotten, and how many of the oldest requests
/// were dropped.
type Epoch = (u64, u64);

/// What has arrived for each of the followed claims.
pub(super) type News = Vec<Vec<(RowKey, Row)>>;

/// How a look at them ended.
pub(super) struct Look<T> {
    /// What was looked for, if it is there.
    pub(super) found: Option<T>,
    /// What the next look will take again.
    pub(super) cost: Duration,
}

impl<T> Look<T> {
    pub(super) fn of_nothing() -> Self {
        Self {
            found: None,
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
    pub(super) fn new(expectations: &'a Expectations) -> Self {
        let mut watch = Self {
            epoch: Epoch::default(),
            followed: Vec::new(),
            anew: Vec::new(),
        };
        for list in &expectations.lists {
            match Followed::new(list) {
                Some(followed) => watch.followed.push(followed),
                None => watch.anew.push(list),
            }
        }
        watch
    }

    /// Whether nothing is read anew.
    pub(super) fn is_followed(&self) -> bool {
        self.anew.is_empty()
    }

    /// The claims for which rows are read anew.
    pub(super) fn anew(&self) -> &[&'a ListExpectation] {
        &self.anew
    }

    /// Some of what has come since the last look. None where that is nothing.
    pub(super) fn news(&mut self, record: &Record) -> Option<News> {
        let epoch = (record.news.now().resets, record.journal.dropped());
        if epoch != self.epoch {
            self.epoch = epoch;
            self.followed.iter_mut().for_each(Followed::begin_anew);
        }
        let has_news = self.followed.iter().any(|followed| followed.has_news(record));
        has_news.then(|| {
            let followed = self.followed.iter_mut();
            followed.map(|followed| followed.news(record)).collect()
        })
    }

    /// Takes that in.
    pub(super) fn take_in(&mut self, news: News) {
        for (followed, rows) in self.followed.iter_mut().zip(news) {
            for (key, row) in rows {
                followed.tally.add(key, row());
            }
        }
    }

    /// Whether the followed claims hold, once there is no more news.
    pub(super) fn holds(&self, record: &Record) -> bool {
        self.followed.iter().all(|followed| {
            let of = |id: &str| arrivals::of(record, followed.list.section, id);
            followed.tally.holds(of)
        })
    }

    /// The place of the first row that is like the first that there must be, by the first followed claim.
    pub(super) fn first(&self, record: &Record) -> Option<usize> {
        let followed = self.followed.first()?;
        let of = |id: &str| arrivals::of(record, followed.list.section, id);
        followed.tally.first(of).map(|key| key.place)
    }
}

impl<'a> Followed<'a> {
    /// Of a claim that needs more than is quickly looked up, where it can be followed.
    fn new(list: &'a ListExpectation) -> Option<Self> {
        if list.needs() != Needs::Everything || !arrivals::SECTIONS.contains(&list.section) {
            return None;
        }
        let tally = Tally::new(list)?;
        Some(Self { list, tally, seen: 0 })
    }

    fn begin_anew(&mut self) {
        if let Some(anew) = Self::new(self.list) {
            *self = anew;
        }
    }

    fn has_news(&self, record: &Record) -> bool {
        arrivals::count(record, self.list.section).is_some_and(|count| self.seen < count)
    }

    fn news(&mut self, record: &Record) -> Vec<(RowKey, Row)> {
        let count = arrivals::count(record, self.list.section).unwrap_or_default();
        let places = self.seen..count.min(self.seen + AT_ONCE);
        self.seen = places.end;
        let mut rows = Vec::new();
        for place in places {
            if self.is_of_use(record, place) {
                rows.extend(arrivals::row(record, self.list.section, place));
            } else {
                self.tally.add_other();
            }
        }
        rows
    }

    /// Of a conversion, all but its event takes a while to make.
    fn is_of_use(&self, record: &Record, place: usize) -> bool {
        let is_conversion = self.list.section == Section::Conversions;
        let event = record.ledger.event(place).filter(|_| is_conversion);
        event.is_none_or(|event| self.tally.can_use("event", &Value::from(event)))
    }
}
