//! What an `expect` is held against.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// What was observed when an `expect` looked.
pub struct Observed<'a> {
    /// The rows of each section by [`Section::as_str`](super::Section::as_str); a section that is absent has no rows.
    pub sections: BTreeMap<&'static str, Vec<Value>>,
    /// The counts of `deliveries`.
    pub deliveries: Map<String, Value>,
    /// Any id to the canonical visitor who owns it, equal for all ids of one visitor.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
}

impl fmt::Debug for Observed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed")
            .field("sections", &self.sections)
            .field("deliveries", &self.deliveries)
            .finish_non_exhaustive()
    }
}
