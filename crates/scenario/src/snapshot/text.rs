//! The text of a snapshot.

use expectation::Section;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::made_up::MadeUp;
use super::placeholder::{DURATION, Placeholders};

/// The rows, or of deliveries the counts, as indented JSON: a line a value, so that a change shows which. Of each row
/// there are these fields, or all where none is named.
pub(crate) fn text(
    rows: &[Value],
    of: Section,
    fields: &[String],
    (made_up, project_id, now): (&MadeUp, &str, Timestamp),
) -> String {
    let mut placeholders = Placeholders::new(made_up, project_id, now);
    let mut shown = rows.iter().map(|row| match row {
        Value::Object(entries) => Value::Object(
            entries
                .iter()
                .filter(|(key, _)| fields.is_empty() || fields.contains(key))
                .map(|(key, value)| (key.clone(), field(key, value, of, &mut placeholders)))
                .collect(),
        ),
        other => filled(other, &mut placeholders),
    });
    let whole = match of {
        Section::Deliveries => shown.next().unwrap_or_default(),
        _ => shown.collect(),
    };
    format!("{whole:#}\n")
}

fn field<'v>(key: &str, value: &'v Value, of: Section, placeholders: &mut Placeholders<'v>) -> Value {
    match (of, key, value) {
        (Section::Deliveries, "delivered_within", Value::Number(_)) => DURATION.into(),
        _ => filled(value, placeholders),
    }
}

fn filled<'v>(value: &'v Value, placeholders: &mut Placeholders<'v>) -> Value {
    match value {
        Value::String(text) => placeholders.fill(text).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, placeholders)).collect(),
        Value::Object(entries) => {
            let entry = |(key, value): (&'v String, &'v Value)| (placeholders.fill(key), filled(value, placeholders));
            Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn frozen(rows: &[Value], of: Section, fields: &[&str]) -> String {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        text(rows, of, &fields, (&MadeUp::default(), "secret", Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn each_value_has_a_line_and_numbers_keep_their_digits() {
        let rows: Vec<Value> =
            serde_json::from_str(r#"[{"revenue":99.90,"properties":{"secret":["secret"]}}]"#).unwrap();
        let expected = r#"[
  {
    "revenue": 99.90,
    "properties": {
      "[project-id]": [
        "[project-id]"
      ]
    }
  }
]
"#;
        assert_eq!(frozen(&rows, Section::Conversions, &[]), expected);
        assert_eq!(
            frozen(&rows, Section::Conversions, &["revenue"]),
            "[\n  {\n    \"revenue\": 99.90\n  }\n]\n"
        );
        assert_eq!(frozen(&[], Section::Visits, &[]), "[]\n");
    }

    #[test]
    fn how_long_deliveries_took_is_not_told() {
        let counts = json!({ "delivered": 2, "delivered_within": 0.25 });
        let expected = "{\n  \"delivered\": 2,\n  \"delivered_within\": \"[duration]\"\n}\n";
        assert_eq!(frozen(&[counts], Section::Deliveries, &[]), expected);
        let never = json!({ "delivered_within": null });
        assert_eq!(
            frozen(&[never], Section::Deliveries, &[]),
            "{\n  \"delivered_within\": null\n}\n"
        );
    }
}
