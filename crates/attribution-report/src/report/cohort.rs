use std::collections::BTreeMap;

use jiff::civil::Date;

use super::build::notes;
use super::group::{date_of, day_number};
use super::offset::UtcOffset;
use super::settings::Settings;
use super::spend::Spend;
use super::table::{Cell, Table};
use super::walk::{Credit, Sink, Walk};
use crate::channels::Channels;
use crate::record::{Facts, LeftOut, VisitFact};

/// What each day's visits cost, and what they have brought in until the first, the second and so on day after.
///
/// D1 is the day of the visit itself, D2 the next one; days are UTC's. Only the first of the models counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohorts {
    /// What it was asked for.
    pub settings: Settings,
    /// By day.
    pub rows: Vec<Cohort>,
    /// All days together, by how long after.
    pub total: Cohort,
    /// Whose revenue is missing.
    pub left_out: LeftOut,
}

/// The visits of one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    /// The day; none for all of them.
    pub day: Option<Date>,
    /// In minor units; none where none is known.
    pub spend: Option<i128>,
    /// How many visits.
    pub visits: u64,
    /// Revenue until D1, until D2 and so on, in minor units.
    pub revenue: Vec<i128>,
}

impl Cohort {
    /// The first day, from 1, until which revenue is at least the spend; none where that isn't so, or there is no spend.
    pub fn break_even(&self) -> Option<usize> {
        let spend = self.spend?;
        let place = self.revenue.iter().position(|revenue| *revenue >= spend);
        place.map(|place| place + 1)
    }

    fn add(&mut self, other: &Self) {
        if let Some(spend) = other.spend {
            *self.spend.get_or_insert(0) += spend;
        }
        self.visits += other.visits;
        for (ours, theirs) in self.revenue.iter_mut().zip(&other.revenue) {
            *ours += theirs;
        }
    }
}

impl Cohorts {
    /// For so many days, which must be at least one. The facts must have been built with the same channels and settings.
    pub fn new(facts: &Facts, spend: &Spend, channels: &Channels, settings: &Settings, days: usize) -> Self {
        let walk = Walk::new(facts, settings, channels);
        let [first, second] = walk.halves(|| Days {
            within: (
                settings.from.map_or(i32::MIN, day_number),
                settings.to.map_or(i32::MAX, day_number),
            ),
            length: days,
            offset: settings.utc_offset,
            cohorts: BTreeMap::new(),
        });
        let mut all = first;
        for (day, cohort) in &second.cohorts {
            all.day(*day).add(cohort);
        }
        for row in &spend.rows {
            if all.is_within(row.day) {
                *all.day(row.day).spend.get_or_insert(0) += i128::from(row.amount);
            }
        }
        let mut total = all.empty();
        let mut rows = Vec::with_capacity(all.cohorts.len());
        for (day, mut cohort) in all.cohorts {
            let mut sum = 0;
            for revenue in &mut cohort.revenue {
                sum += *revenue;
                *revenue = sum;
            }
            total.add(&cohort);
            rows.push(Cohort {
                day: Some(date_of(day)),
                ..cohort
            });
        }
        Self {
            settings: settings.clone(),
            rows,
            total,
            left_out: facts.left_out.clone(),
        }
    }

    /// The cohorts as a table.
    pub fn table(&self) -> Table {
        let days = (1..=self.total.revenue.len()).map(|day| format!("D{day}"));
        let columns = ["day", "spend", "visits"].map(str::to_owned).into_iter();
        Table {
            columns: columns.chain(days).chain(["break_even".to_owned()]).collect(),
            labels: 1,
            rows: self.rows.iter().map(|row| self.cells(row)).collect(),
            total: self.cells(&self.total),
            notes: notes(&self.left_out, &self.settings),
        }
    }

    fn cells(&self, cohort: &Cohort) -> Vec<Cell> {
        let decimals = self.settings.currency.decimals();
        let day = cohort.day.map_or("total".to_owned(), |day| day.to_string());
        let mut cells = vec![
            Cell::Text(day),
            Cell::decimal(cohort.spend, decimals),
            Cell::decimal(Some(cohort.visits.into()), 0),
        ];
        cells.extend(
            cohort
                .revenue
                .iter()
                .map(|revenue| Cell::decimal(Some(*revenue), decimals)),
        );
        let break_even = cohort.break_even().map(|day| format!("D{day}"));
        cells.push(Cell::text(break_even.as_deref()));
        cells
    }
}

#[derive(Debug)]
struct Days {
    within: (i32, i32),
    length: usize,
    offset: UtcOffset,
    cohorts: BTreeMap<i32, Cohort>,
}

impl Days {
    fn is_within(&self, day: i32) -> bool {
        (self.within.0..=self.within.1).contains(&day)
    }

    fn empty(&self) -> Cohort {
        Cohort {
            revenue: vec![0; self.length],
            ..Cohort::default()
        }
    }

    fn day(&mut self, day: i32) -> &mut Cohort {
        let empty = self.empty();
        self.cohorts.entry(day).or_insert(empty)
    }
}

impl Sink for Days {
    fn person(&mut self, visits: &[VisitFact]) {
        for visit in visits {
            let day = self.offset.day_of(visit.at);
            if self.is_within(day) {
                self.day(day).visits += 1;
            }
        }
    }

    fn credit(&mut self, visits: &[VisitFact], credit: &Credit<'_>) {
        let Some(visit) = credit.visit.and_then(|place| visits.get(place)) else {
            return;
        };
        let day = self.offset.day_of(visit.at);
        let after = usize::try_from(self.offset.day_of(credit.conversion.at) - day);
        let is_early = after.is_ok_and(|after| after < self.length);
        if credit.model == 0 && is_early && self.is_within(day) {
            self.day(day).revenue[after.unwrap_or_default()] += i128::from(credit.money);
        }
    }
}
