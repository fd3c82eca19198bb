//! What one `expect` says.

use std::collections::BTreeSet;

use super::pattern::Pattern;
use super::section::Section;
use crate::source::Span;

/// One `expect`: sections with what each must hold.
#[derive(Clone, Debug)]
pub struct Expectations {
    /// The whole `expect` in the text.
    pub at: Span,
    /// The sections with lists of rows, as written.
    pub lists: Vec<ListExpectation>,
    /// `deliveries`: a partial match of the counts.
    pub deliveries: Option<Pattern>,
}

impl Expectations {
    /// The sections it speaks of, each once, in the order of [`Section::ALL`]: all that must be observed to check it.
    pub fn sections(&self) -> impl Iterator<Item = Section> + use<> {
        let deliveries = self.deliveries.as_ref().map(|_| Section::Deliveries);
        let named: BTreeSet<Section> = self.lists.iter().map(|list| list.section).chain(deliveries).collect();
        named.into_iter()
    }
}

/// What one section must hold.
#[derive(Clone, Debug)]
pub struct ListExpectation {
    /// Which one; never [`Section::Deliveries`].
    pub section: Section,
    /// The section's value in the text.
    pub at: Span,
    /// A plain list: exactly these rows, in this order.
    pub exactly: Option<Vec<Pattern>>,
    /// `contains`: each matches a row of its own, in any order.
    pub contains: Option<Vec<Pattern>>,
    /// `ordered`: each matches a row, each row behind the one before it; others may stand between.
    pub ordered: Option<Vec<Pattern>>,
    /// `never`: no row matches any of these.
    pub never: Option<Vec<Pattern>>,
    /// `count`: how many rows there are.
    pub count: Option<Pattern>,
}
