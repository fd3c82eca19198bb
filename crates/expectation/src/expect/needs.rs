//! How little of a section has to be looked up to tell whether what is said of it holds.

use serde_json::Value;

use super::ListExpectation;
use super::matching::VISITOR;
use super::pattern::{Pattern, PatternKind};

/// What has to be known of a section to tell whether a [`ListExpectation`] holds. To tell why it doesn't, all of its rows
/// have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs<'a> {
    /// How many rows there are, and none of them.
    Count,
    /// The rows of whoever has this id, as no other can make a difference.
    Visitor(&'a str),
    /// All rows.
    Everything,
}

/// That much of a section.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// How many rows there are.
    Count(usize),
    /// Rows, in their order.
    Rows(&'a [Value]),
}

impl ListExpectation {
    /// How little will do.
    ///
    /// ```
    /// use expectation::{Expectations, Needs, Section};
    ///
    /// let needs = |text: &str| {
    ///     let expectations = Expectations::from_json(text.as_bytes(), &Section::RECORDED).expect("it can be read");
    ///     format!("{:?}", expectations.lists[0].needs())
    /// };
    /// assert_eq!(needs(r#"{"conversions": {"contains": [{"visitor": "user-1"}]}}"#), r#"Visitor("user-1")"#);
    /// assert_eq!(needs(r#"{"conversions": {"count": 2}}"#), "Count");
    /// assert_eq!(needs(r#"{"conversions": [{"visitor": "user-1"}]}"#), "Everything");
    /// ```
    pub fn needs(&self) -> Needs<'_> {
        let Self {
            section,
            at: _,
            exactly,
            contains,
            ordered,
            never,
            count,
        } = self;
        let mut items = [contains, ordered, never].into_iter().flatten().flatten().peekable();
        match (exactly, count, items.peek()) {
            (None, Some(_), None) => Needs::Count,
            (None, None, Some(first)) if section.keys().contains(&VISITOR) => match first.visitor() {
                Some(id) if items.all(|item| item.visitor() == Some(id)) => Needs::Visitor(id),
                _ => Needs::Everything,
            },
            _ => Needs::Everything,
        }
    }
}

impl ListExpectation {
    /// Whether whatever it says of a visitor is one of their ids.
    pub(super) fn names_visitors_by_id(&self) -> bool {
        let parts = [&self.exactly, &self.contains, &self.ordered, &self.never];
        let mut items = parts.into_iter().flatten().flatten();
        let is_plain = |item: &Pattern| match &item.kind {
            PatternKind::Partial(_) => item.field(VISITOR).is_none() || item.visitor().is_some(),
            _ => false,
        };
        !self.section.keys().contains(&VISITOR) || items.all(is_plain)
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
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Known, Needs};
    use crate::{Expectations, ListExpectation, Section};

    fn list(section: &str, says: &Value) -> ListExpectation {
        let text = json!({ section: says }).to_string();
        let read = Expectations::from_json(text.as_bytes(), &Section::RECORDED).unwrap();
        read.lists.into_iter().next().unwrap()
    }

    #[test]
    fn all_rows_are_needed_where_one_of_anybody_can_make_a_difference() {
        let ada = json!({ "visitor": "ada" });
        for (section, says) in [
            ("conversions", json!([ada])),
            ("conversions", json!({ "contains": [ada], "count": 1 })),
            ("conversions", json!({ "contains": [ada, { "visitor": "bob" }] })),
            (
                "conversions",
                json!({ "contains": [ada], "never": [{ "event": "Refund" }] }),
            ),
            (
                "conversions",
                json!({ "contains": [{ "visitor": { "$regex": "ada" } }] }),
            ),
            ("violations", json!({ "contains": [{ "rule": "ATT001" }] })),
        ] {
            assert_eq!(list(section, &says).needs(), Needs::Everything, "{section}: {says}");
        }
        let both = json!({ "ordered": [ada, ada], "never": [{ "visitor": "ada", "event": "Refund" }] });
        assert_eq!(list("conversions", &both).needs(), Needs::Visitor("ada"));
    }

    fn row() -> impl Strategy<Value = Value> {
        (prop::sample::select(vec!["ada", "bob"]), 0..3_u8)
            .prop_map(|(visitor, revenue)| json!({ "visitor": visitor, "event": "Sale", "revenue": revenue }))
    }

    fn items() -> impl Strategy<Value = Value> {
        let item = (prop::sample::select(vec!["ada", "ada-2", "bob", "nobody"]), 0..3_u8)
            .prop_map(|(visitor, revenue)| json!({ "visitor": visitor, "revenue": revenue }));
        prop::collection::vec(item, 1..3).prop_map(Value::from)
    }

    fn says() -> impl Strategy<Value = Value> {
        let one = |key: &'static str| items().prop_map(move |items| json!({ key: items }));
        let count = (0..5_u8).prop_map(|count| json!({ "count": count }));
        prop_oneof![one("contains"), one("ordered"), one("never"), count]
    }

    proptest! {
        #[test]
        fn what_is_needed_tells_the_same_as_everything(rows in prop::collection::vec(row(), 0..6), says in says()) {
            let resolve = |id: &str| match id {
                "ada" | "ada-2" => Some("ada".to_owned()),
                "bob" => Some("bob".to_owned()),
                _ => None,
            };
            let list = list("conversions", &says);
            let of_all = list.holds(Known::Rows(&rows), &resolve);
            let of_needed = match list.needs() {
                Needs::Count => list.holds(Known::Count(rows.len()), &resolve),
                Needs::Visitor(id) => {
                    let name = resolve(id);
                    let theirs = rows.iter().filter(|row| row["visitor"].as_str() == name.as_deref());
                    let theirs: Vec<Value> = theirs.cloned().collect();
                    list.holds(Known::Rows(&theirs), &resolve)
                }
                Needs::Everything => of_all,
            };
            prop_assert_eq!(of_needed, of_all, "{}", says);
        }
    }
}
