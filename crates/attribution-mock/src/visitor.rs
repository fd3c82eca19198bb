//! One visitor, by any of their ids.

use attribution_ledger::{Conversion, Identity, Merge, OneVisitor, PageView, Visit, Visitor};
use serde::Serialize;

use crate::mock::Mock;

/// All that is known of one visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitorReport {
    /// Who they are, by their canonical name and all of their ids, and how much they did.
    pub visitor: Visitor,
    /// What was said of them; none while they were never identified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Their sessions of page views, by time.
    pub visits: Vec<Visit>,
    /// Their page and screen views, by time.
    pub page_views: Vec<PageView>,
    /// Their events that are no page views, by time.
    pub conversions: Vec<Conversion>,
    /// The aliases that name one of their ids, in the order of arrival.
    pub merges: Vec<Merge>,
}

impl VisitorReport {
    fn of(visitor: &OneVisitor<'_>) -> Option<Self> {
        Some(Self {
            visitor: visitor.row()?,
            identity: visitor.identity(),
            visits: visitor.visits(),
            page_views: visitor.page_views(),
            conversions: visitor.conversions(),
            merges: visitor.merges(),
        })
    }
}

impl Mock {
    /// The visitor who has this id today, be it a user's, a cookie's, or one that was merged into another.
    ///
    /// ```
    /// let mock = attribution_mock::Mock::new(attribution_mock::MockConfig::new(clock::Clock::system()));
    /// assert!(mock.visitor("user-1").is_none());
    /// ```
    pub fn visitor(&self, id: &str) -> Option<VisitorReport> {
        self.with_ledger(|ledger| VisitorReport::of(&ledger.visitor(id)?))
    }

    /// The ids that are spelt most like one that nobody has, the nearest first.
    pub(crate) fn ids_like(&self, id: &str) -> Vec<String> {
        /// How many are shown.
        const MOST: usize = 3;
        /// How many are compared: enough for any test, and soon done.
        const COMPARED: usize = 10_000;
        /// Longer ids are not compared: nobody types them.
        const LONGEST: usize = 200;
        /// How alike two ids must be, of 1.
        const ALIKE: f64 = 0.6;
        if id.len() > LONGEST {
            return Vec::new();
        }
        let is_near = |known: &&str| known.len().abs_diff(id.len()) <= id.len() / 2 + 1;
        let near = |ledger: &attribution_ledger::Ledger| -> Vec<String> {
            ledger.ids().filter(is_near).take(COMPARED).map(str::to_owned).collect()
        };
        let scored = self.with_ledger(near).into_iter();
        let scored = scored.map(|known| (strsim::normalized_damerau_levenshtein(id, &known), known));
        let mut alike: Vec<(f64, String)> = scored.filter(|(likeness, _)| *likeness >= ALIKE).collect();
        // The sort is stable: of equals, who was heard of first comes first.
        alike.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        alike.into_iter().map(|(_, known)| known).take(MOST).collect()
    }
}
