//! What came of it, as expectations.

use expectation::Section;
use serde_json::Value;

use super::yaml::{self, Yaml};

/// What is looked at, in the order of the language's documentation.
pub(super) const SECTIONS: [Section; 8] = [
    Section::Visits,
    Section::Identities,
    Section::Conversions,
    Section::Merges,
    Section::Violations,
    Section::Skips,
    Section::Rejections,
    Section::Deliveries,
];

/// More rows than this are counted: nobody reads them one by one.
const MOST_ROWS: usize = 200;

/// The rows of each of [`SECTIONS`].
pub(super) struct Expected {
    pub(super) rows: Vec<Vec<Value>>,
}

impl Expected {
    /// Writes `expect`. What there is nothing of is left out.
    pub(super) fn write(&self, yaml: &mut Yaml) {
        yaml.line(0, "expect:");
        for (section, rows) in SECTIONS.into_iter().zip(&self.rows) {
            if section == Section::Deliveries {
                let counts = rows.first().map(|row| said(row, section)).unwrap_or_default();
                yaml.line(2, &format!("{section}: {}", yaml::mapping(&counts)));
            } else if rows.len() > MOST_ROWS {
                yaml.line(2, &format!("{section}: {{ count: {} }}", rows.len()));
            } else if !rows.is_empty() {
                yaml.line(2, &format!("{section}:"));
                for row in rows {
                    yaml.line(4, &format!("- {}", yaml::mapping(&said(row, section))));
                }
            }
        }
    }
}

/// What is worth saying of a row; what it has nothing of is not.
fn said(row: &Value, section: Section) -> Vec<(&'static str, Value)> {
    let worth = |key: &'static str| {
        let value = row.get(key)?;
        let is_nothing = match value {
            Value::Null => true,
            Value::Number(number) => number.as_u64() == Some(0),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        // A delivery without an event to deliver is the one count of which nothing says something.
        (!is_nothing || key == "events").then(|| (key, value.clone()))
    };
    keys(section).iter().copied().filter_map(worth).collect()
}

/// What tells a row from others. Times, and which request brought it, would break with every change.
fn keys(section: Section) -> &'static [&'static str] {
    match section {
        Section::Visits => &["visitor", "page", "source", "medium", "campaign"],
        Section::Identities => &["visitor", "user_ids", "cookie_ids", "name", "email"],
        Section::Conversions => &["visitor", "event", "revenue", "currency"],
        Section::Merges => &["from", "into"],
        Section::Violations => &["rule"],
        Section::Skips => &["kind", "event", "reason"],
        Section::Rejections => &["kind", "code", "pointer"],
        Section::Deliveries => &["events", "delivered", "rejected", "expired", "skipped", "invalid"],
        Section::PageViews | Section::Visitors | Section::Report | Section::Requests => &[],
    }
}
