use std::time::Duration;

use crate::predicate::Predicate;
use crate::selection::Selection;

/// Who is in an audience.
///
/// ```
/// use segment_engage::{Condition, Count, Predicate, Selection};
///
/// let looked = Condition::event(Selection::page("Pricing"), Count::AtLeast(1), None);
/// let bought = Condition::event(Selection::track("Order Completed"), Count::AtLeast(1), None);
/// let staff = Condition::Trait("email".into(), Predicate::Contains("@shop.example".into()));
/// let undecided = Condition::All(vec![looked, Condition::Not(Box::new(Condition::Any(vec![bought, staff])))]);
/// assert!(matches!(undecided, Condition::All(conditions) if conditions.len() == 2));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every one of these holds: `and`.
    All(Vec<Condition>),
    /// At least one of these holds: `or`.
    Any(Vec<Condition>),
    /// This one does not hold.
    Not(Box<Condition>),
    /// Someone did something so many times.
    Event {
        /// Which events count.
        selection: Selection,
        /// How many of them there are.
        count: Count,
        /// How old they are at most; any age without.
        within: Option<Duration>,
    },
    /// The trait of this name is what the predicate asks for.
    Trait(String, Predicate),
}

impl Condition {
    /// A condition on events.
    pub fn event(selection: Selection, count: Count, within: Option<Duration>) -> Self {
        Self::Event {
            selection,
            count,
            within,
        }
    }
}

/// How many events there must be. Someone who never did it did it exactly zero times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many or more.
    AtLeast(u64),
    /// So many.
    Exactly(u64),
    /// So many or fewer.
    AtMost(u64),
}

impl Count {
    /// Whether this many are as many as there must be.
    pub fn holds(self, count: u64) -> bool {
        match self {
            Self::AtLeast(bound) => count >= bound,
            Self::Exactly(bound) => count == bound,
            Self::AtMost(bound) => count <= bound,
        }
    }

    /// How many events decide: whether there are more than this makes no difference.
    pub(crate) fn enough(self) -> u64 {
        match self {
            Self::AtLeast(bound) => bound,
            Self::Exactly(bound) | Self::AtMost(bound) => bound.saturating_add(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Count;

    proptest! {
        #[test]
        fn more_than_enough_makes_no_difference(bound in 0..6_u64, count in 0..20_u64) {
            for asked in [Count::AtLeast(bound), Count::Exactly(bound), Count::AtMost(bound)] {
                prop_assert_eq!(asked.holds(count), asked.holds(count.min(asked.enough())));
            }
        }
    }
}
