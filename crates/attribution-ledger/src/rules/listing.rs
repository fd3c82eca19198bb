use std::collections::BTreeMap;
use std::num::NonZeroU64;

use super::Violation;

/// So many places at which a request breaks a rule are listed. A batch can have a hundred thousand of them.
const MOST: u64 = 100;

/// Violations of one request: of each rule the first [`MOST`], and how many more there are.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    violations: Vec<Violation>,
    found: BTreeMap<&'static str, u64>,
}

impl Listing {
    pub(crate) fn add(&mut self, violation: Violation) {
        let found = self.found.entry(violation.rule).or_default();
        *found += 1;
        if *found <= MOST {
            self.violations.push(violation);
        }
    }

    /// All that are listed, as they came. The last of each rule says how many more there are.
    pub(crate) fn finish(self) -> Vec<Violation> {
        let Self {
            mut violations,
            mut found,
        } = self;
        for last in violations.iter_mut().rev() {
            if let Some(found) = found.remove(last.rule) {
                last.more = NonZeroU64::new(found.saturating_sub(MOST));
            }
        }
        violations
    }
}
