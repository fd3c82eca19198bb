//! A way into a value: `conversions[0].visitor`.

use std::fmt;

use serde_json::Value;

/// A name and what lies below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// The name.
    pub(crate) root: String,
    below: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    /// From the end where it is negative.
    Index(i64),
}

/// What a path leads to.
pub(crate) enum Found<'a> {
    /// A value, which is not null.
    Value(&'a Value),
    /// It goes no further than this part of the path, where this value is.
    Nothing(String, &'a Value),
}

impl Path {
    /// The path that a text writes, if it writes one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (root, mut rest) = text.split_at(end);
        if !is_name(root) {
            return None;
        }
        let mut below = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest)?;
            below.push(step);
            rest = after;
        }
        let root = root.to_owned();
        Some(Self { root, below })
    }

    /// Whether it is a name with nothing below.
    pub(crate) fn is_bare(&self) -> bool {
        self.below.is_empty()
    }

    /// What it leads to in the value that its name stands for.
    pub(crate) fn walk<'a>(&self, value: &'a Value) -> Found<'a> {
        let mut reached = self.root.clone();
        let mut value = value;
        for step in &self.below {
            let next = match (step, value) {
                (Step::Key(key), Value::Object(object)) => object.get(key),
                (Step::Index(index), Value::Array(items)) => at(items, *index),
                // `rows.0` needs no quotes where `rows[0]` does: between YAML's own brackets.
                (Step::Key(key), Value::Array(items)) => key.parse().ok().and_then(|index| at(items, index)),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => return Found::Nothing(reached, value),
            }
            reached.push_str(&step.to_string());
        }
        match value {
            Value::Null => Found::Nothing(reached, value),
            _ => Found::Value(value),
        }
    }
}

fn at(items: &[Value], index: i64) -> Option<&Value> {
    if let Ok(index) = usize::try_from(index) {
        return items.get(index);
    }
    let back = usize::try_from(index.unsigned_abs()).ok()?;
    items.get(items.len().checked_sub(back)?)
}

/// `.key`, `[0]`, `[-1]` or `["odd key"]`, and what follows.
fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(rest) = text.strip_prefix('.') {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let plain = !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || "]{}\"'".contains(c));
        return plain.then(|| (Step::Key(key.to_owned()), after));
    }
    let inside = text.strip_prefix('[')?;
    for quote in ['"', '\''] {
        if let Some(rest) = inside.strip_prefix(quote) {
            let (key, rest) = rest.split_once(quote)?;
            return Some((Step::Key(key.to_owned()), rest.strip_prefix(']')?));
        }
    }
    let (index, after) = inside.split_once(']')?;
    Some((Step::Index(index.parse().ok()?), after))
}

/// Letters, digits and underscores, and a letter or an underscore first.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        self.below.iter().try_for_each(|step| step.fmt(f))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) if key.contains(|c: char| !c.is_alphanumeric() && c != '_') => write!(f, "[\"{key}\"]"),
            Self::Key(key) => write!(f, ".{key}"),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Found, Path};

    #[test]
    fn a_path_leads_into_a_value() {
        let value = json!([{"a": {"b c": 1}}, {"a": [2, 3]}, {"a": null}]);
        for (path, expected) in [
            ("x[0].a['b c']", Some(json!(1))),
            ("x[1].a[-1]", Some(json!(3))),
            ("x[-3].a", Some(json!({"b c": 1}))),
            ("x.0.a['b c']", Some(json!(1))),
            ("x.-1.a", None),
            ("x.1.a.-2", Some(json!(2))),
            ("x[2].a", None),
            ("x[3]", None),
            ("x[-4]", None),
            ("x.a", None),
        ] {
            let found = match Path::parse(path).expect(path).walk(&value) {
                Found::Value(found) => Some(found.clone()),
                Found::Nothing(..) => None,
            };
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn where_it_ends_is_told() {
        let value = json!([{"a": 1}]);
        let Found::Nothing(reached, there) = Path::parse("x[0].b.c").unwrap().walk(&value) else {
            panic!("there is no b")
        };
        assert_eq!((reached.as_str(), there), ("x[0]", &json!({"a": 1})));
    }

    #[test]
    fn what_is_no_path_is_none() {
        for text in ["", "1a", "a.", "a[", "a[b]", "a[0", "a..b", "a b", "a['b", "a-b", "a]"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_path_reads_as_it_is_written(text in "[a-c]{1,2}([.][a-c]{1,3}|\\[-?[0-9]{1,2}\\]|\\[\"a b\"\\]){0,3}") {
            let path = Path::parse(&text).expect("a path");
            prop_assert_eq!(Path::parse(&path.to_string()), Some(path));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a.\\[\\]\"'é0-9-]{0,12}") {
            let _ = Path::parse(&text);
        }
    }
}
