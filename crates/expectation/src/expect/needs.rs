//! How little of a section has to be looked at to tell whether what is said of it holds.

use std::collections::BTreeSet;

use super::ListExpectation;
use super::matching::VISITOR;
use super::pattern::{Pattern, PatternKind};

/// What has to be known of a section to tell whether a [`ListExpectation`] holds. To tell why it doesn't, all of its rows
/// have to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs<'a> {
    /// How many rows there are, and none of them.
    Count,
    /// The rows of whoever has one of these ids, as no other can make a difference.
    Visitors(BTreeSet<&'a str>),
    /// All rows.
    Everything,
}

impl ListExpectation {
    /// How little will do.
    ///
    /// ```
    /// use expectation::{Expectations, Section};
    ///
    /// let needs = |text: &str| {
    ///     let expectations = Expectations::from_json(text.as_bytes(), &Section::RECORDED).expect("it can be read");
    ///     format!("{:?}", expectations.lists[0].needs())
    /// };
    /// assert_eq!(needs(r#"{"conversions": {"contains": [{"visitor": "user-1"}]}}"#), r#"Visitors({"user-1"})"#);
    /// assert_eq!(needs(r#"{"conversions": {"count": 2}}"#), "Count");
    /// assert_eq!(needs(r#"{"conversions": [{"visitor": "user-1"}]}"#), "Everything");
    /// ```
    pub fn needs(&self) -> Needs<'_> {
        let mut items = self.items().peekable();
        match (&self.exactly, &self.count, items.peek()) {
            (None, Some(_), None) => Needs::Count,
            (None, None, Some(_)) if self.has_visitors() => items
                .map(Pattern::visitor)
                .collect::<Option<_>>()
                .map_or(Needs::Everything, Needs::Visitors),
            _ => Needs::Everything,
        }
    }

    /// Every id of a visitor that it names.
    pub fn visitors(&self) -> BTreeSet<&str> {
        let mut ids = BTreeSet::new();
        if self.has_visitors() {
            self.items().for_each(|item| item.name_visitors(false, &mut ids));
        }
        ids
    }

    /// Whether it can make a difference to it what the visitor of a row is called.
    pub fn is_about_visitors(&self) -> bool {
        self.has_visitors() && self.items().any(Pattern::is_about_visitors)
    }

    fn items(&self) -> impl Iterator<Item = &Pattern> {
        let parts = [&self.exactly, &self.contains, &self.ordered, &self.never];
        parts.into_iter().flatten().flatten()
    }

    fn has_visitors(&self) -> bool {
        self.section.keys().contains(&VISITOR)
    }
}

impl Pattern {
    /// Collects the ids by which it names visitors, as a row or as the visitor of one.
    fn name_visitors<'a>(&'a self, is_of_visitor: bool, ids: &mut BTreeSet<&'a str>) {
        match &self.kind {
            PatternKind::Partial(_) => {
                if let Some(visitor) = self.field(VISITOR).filter(|_| !is_of_visitor) {
                    visitor.name_visitors(true, ids);
                }
            }
            PatternKind::Literal(id) => ids.extend(id.as_str().filter(|_| is_of_visitor)),
            PatternKind::Not(pattern) => pattern.name_visitors(is_of_visitor, ids),
            PatternKind::OneOf(patterns) | PatternKind::All(patterns) => {
                for pattern in patterns {
                    pattern.name_visitors(is_of_visitor, ids);
                }
            }
            _ => {}
        }
    }

    /// Whether it says anything of the visitor of a row.
    fn is_about_visitors(&self) -> bool {
        match &self.kind {
            PatternKind::Partial(_) => self.field(VISITOR).is_some(),
            PatternKind::Exactly(_) => true,
            PatternKind::Not(pattern) => pattern.is_about_visitors(),
            PatternKind::OneOf(patterns) | PatternKind::All(patterns) => patterns.iter().any(Self::is_about_visitors),
            _ => false,
        }
    }
}

impl Pattern {
    /// The id of the only visitor whose row can be as this says, where it names one.
    pub(super) fn visitor(&self) -> Option<&str> {
        match &self.field(VISITOR)?.kind {
            PatternKind::Literal(id) => id.as_str(),
            _ => None,
        }
    }

    /// What is said of the value of this key, where it is a mapping that says something.
    pub(super) fn field(&self, key: &str) -> Option<&Self> {
        let PatternKind::Partial(fields) = &self.kind else {
            return None;
        };
        let (_, pattern) = fields.iter().find(|(known, _)| known == key)?;
        Some(pattern)
    }
}

#[cfg(test)]
mod tests;
