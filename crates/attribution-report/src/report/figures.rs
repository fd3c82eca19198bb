use serde::Serialize;

use super::group::Group;
use super::table::Cell;
use super::walk::ONE;
use crate::money::Currency;

/// One row: what it is for, and its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is for.
    pub group: Group,
    /// Its figures.
    pub figures: Figures,
}

/// Spend, visits, and credit by each model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// In minor units; none where no spend is known at all.
    pub spend: Option<i128>,
    /// How many visits.
    pub visits: u64,
    /// How many persons had one of them.
    pub visitors: u64,
    /// By the models' places among those asked for.
    pub models: Vec<ModelFigures>,
}

/// What visits of a row get by one model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ModelFigures {
    /// Conversions in billionths, refunds not counted.
    pub conversions: i128,
    /// Revenue in minor units, refunds taken off.
    pub revenue: i128,
}

impl Figures {
    pub(super) fn new(models: usize) -> Self {
        Self {
            models: vec![ModelFigures::default(); models],
            ..Self::default()
        }
    }

    /// Adds another's. Persons who are in both count twice.
    pub(super) fn add(&mut self, other: &Self) {
        if let Some(spend) = other.spend {
            *self.spend.get_or_insert(0) += spend;
        }
        self.visits += other.visits;
        self.visitors += other.visitors;
        for (ours, theirs) in self.models.iter_mut().zip(&other.models) {
            ours.conversions += theirs.conversions;
            ours.revenue += theirs.revenue;
        }
    }

    /// Takes off the visits and the credit of some who are in it.
    pub(super) fn subtract(&mut self, some: &Self) {
        self.visits -= some.visits;
        self.visitors -= some.visitors;
        for (ours, theirs) in self.models.iter_mut().zip(&some.models) {
            ours.conversions -= theirs.conversions;
            ours.revenue -= theirs.revenue;
        }
    }

    /// Spend ÷ visits, in minor units; a half is rounded away from zero.
    pub fn cost_per_visit(&self) -> Option<i128> {
        rounded(self.spend?, self.visits.into())
    }

    /// Spend ÷ conversions, in minor units.
    pub fn cost_per_conversion(&self, model: usize) -> Option<i128> {
        rounded(self.spend? * i128::from(ONE), self.models.get(model)?.conversions)
    }

    /// Revenue ÷ spend, in hundredths.
    pub fn roas(&self, model: usize) -> Option<i128> {
        rounded(self.models.get(model)?.revenue * 100, self.spend?)
    }

    /// Revenue − spend, in minor units; without any spend the revenue.
    pub fn profit(&self, model: usize) -> Option<i128> {
        Some(self.models.get(model)?.revenue - self.spend.unwrap_or(0))
    }

    /// The cells of [`columns`].
    pub(super) fn cells(&self, currency: Currency) -> Vec<Cell> {
        let money = |units: Option<i128>| Cell::decimal(units, currency.decimals());
        let count = |count: u64| Cell::decimal(Some(count.into()), 0);
        let mut cells = vec![
            money(self.spend),
            count(self.visits),
            count(self.visitors),
            money(self.cost_per_visit()),
        ];
        for (place, model) in self.models.iter().enumerate() {
            cells.extend([
                Cell::decimal(Some(model.conversions), 9).trimmed(),
                money(Some(model.revenue)),
                money(self.cost_per_conversion(place)),
                Cell::decimal(self.roas(place), 2),
                money(self.profit(place)),
            ]);
        }
        cells
    }
}

/// What the figures are called that no model changes.
pub(super) const SHARED: [&str; 4] = ["spend", "visits", "visitors", "cost_per_visit"];

/// What those of each model are called.
pub(super) const BY_MODEL: [&str; 5] = ["conversions", "revenue", "cost_per_conversion", "roas", "profit"];

/// What the cells of figures are called.
pub(super) fn columns(models: &[String]) -> Vec<String> {
    let mut columns: Vec<String> = SHARED.map(str::to_owned).to_vec();
    for model in models {
        columns.extend(BY_MODEL.map(|name| format!("{model} {name}")));
    }
    columns
}

/// A quotient with a half rounded away from zero; none by zero.
fn rounded(dividend: i128, divisor: i128) -> Option<i128> {
    if divisor == 0 {
        return None;
    }
    let (size, by) = (dividend.unsigned_abs(), divisor.unsigned_abs());
    let quotient = i128::try_from((size + by / 2) / by).ok()?;
    Some(if (dividend < 0) == (divisor < 0) {
        quotient
    } else {
        -quotient
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_rounded_and_nothing_is_divided_by_zero() {
        let figures = Figures {
            spend: Some(1000),
            visits: 3,
            visitors: 2,
            models: vec![ModelFigures {
                conversions: 1_500_000_000,
                revenue: 2555,
            }],
        };
        assert_eq!(figures.cost_per_visit(), Some(333));
        assert_eq!(figures.cost_per_conversion(0), Some(667));
        assert_eq!(figures.roas(0), Some(256));
        assert_eq!(figures.profit(0), Some(1555));
        assert_eq!(rounded(-5, 2), Some(-3));
        let nothing = Figures::new(1);
        assert_eq!(
            (nothing.cost_per_visit(), nothing.roas(0), nothing.profit(0)),
            (None, None, Some(0))
        );
    }
}
