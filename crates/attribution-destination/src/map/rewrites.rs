//! Reports which strings on their way to the wire are taken for dates.

use std::fmt;

use serde_json::Value;

use super::date_like;
use super::rewritten::{Member, Merged};
use crate::diagnostic::Diagnostic;

/// How many strings of one message are reported one by one.
const HANDFUL: usize = 4;

/// Finds the strings of a message that are written otherwise than they came.
#[derive(Debug, Default)]
pub(super) struct Rewrites {
    found: Vec<Diagnostic>,
    more: usize,
}

impl Rewrites {
    /// Looks through a member of the message.
    pub(super) fn member(&mut self, member: Option<Member<'_>>) {
        if let Some(member) = member {
            self.walk(member.value, &Path::Member(member.key));
        }
    }

    /// Looks through an object of the message, without what is put into it: that is reported where it comes from.
    pub(super) fn merged<const N: usize>(&mut self, merged: &Merged<'_, N>) {
        let Some(Member {
            key,
            value: Value::Object(members),
        }) = merged.object
        else {
            return self.member(merged.object);
        };
        let kept = members.iter().filter(|(key, _)| merged.put_under(key).is_none());
        for (inner, value) in kept {
            self.walk(value, &Path::Key(&Path::Member(key), inner));
        }
    }

    /// How many strings were found so far.
    pub(super) fn count(&self) -> usize {
        self.found.len() + self.more
    }

    /// Everything found, in the order of the message; after a handful only how many more there are.
    pub(super) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if self.more > 0 {
            let message = format!(
                "{} more strings look like dates and are sent as instants in UTC",
                self.more
            );
            self.found.push(Diagnostic {
                code: "date_rewritten",
                pointer: String::new(),
                message,
            });
        }
        self.found
    }

    fn walk(&mut self, value: &Value, path: &Path<'_>) {
        match value {
            Value::String(text) => self.text(text, path),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, &Path::Index(path, index));
                }
            }
            Value::Object(members) => {
                for (key, value) in members {
                    self.walk(value, &Path::Key(path, key));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Looks at one string.
    pub(super) fn text(&mut self, text: &str, path: &Path<'_>) {
        let Some(instant) = date_like::instant(text)
            .map(super::instant::Instant::text)
            .filter(|new| **new != *text)
        else {
            return;
        };
        if self.found.len() == HANDFUL {
            self.more += 1;
            return;
        }
        let message = format!(r#""{text}" looks like a date and is sent as "{}""#, &*instant);
        self.found.push(Diagnostic {
            code: "date_rewritten",
            pointer: path.to_string(),
            message,
        });
    }
}

/// Where a value stands; becomes a JSON pointer only when it is reported.
pub(super) enum Path<'a> {
    Member(&'static str),
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(key) => write!(f, "/{key}"),
            Self::Key(parent, key) if !key.contains(['~', '/']) => write!(f, "{parent}/{key}"),
            Self::Key(parent, key) => write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1")),
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Rewrites;
    use crate::map::rewritten::{Member, Merged};

    fn reported(properties: &Value) -> Vec<(String, String)> {
        let mut rewrites = Rewrites::default();
        rewrites.member(Some(Member {
            key: "properties",
            value: properties,
        }));
        rewrites
            .into_diagnostics()
            .into_iter()
            .map(|found| (found.pointer, found.message))
            .collect()
    }

    #[test]
    fn each_rewritten_string_is_reported_with_its_pointer_and_both_texts() {
        let found = reported(&json!({"a/b": [0, {"c~d": "2014-10-12"}], "e": "2014-10-12T00:00:00.000Z", "f": "2014"}));
        let [(pointer, message)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(pointer, "/properties/a~1b/1/c~0d");
        assert_eq!(
            message,
            r#""2014-10-12" looks like a date and is sent as "2014-10-12T00:00:00.000Z""#
        );
    }

    #[test]
    fn after_a_handful_the_rest_is_only_counted() {
        let found = reported(&json!(vec!["2014-10-12"; 30]));
        assert_eq!(found.len(), 5);
        assert_eq!(found[3].0, "/properties/3");
        assert!(found[4].1.starts_with("26 more strings"), "{found:?}");
    }

    #[test]
    fn what_is_overwritten_is_not_reported() {
        let (traits, id) = (json!({"id": "2014-10-12", "born": "2014-10-12"}), json!("user-1"));
        let mut rewrites = Rewrites::default();
        rewrites.merged(&Merged {
            object: Some(Member {
                key: "traits",
                value: &traits,
            }),
            put: [(
                "id",
                Some(Member {
                    key: "userId",
                    value: &id,
                }),
            )],
        });
        let found = rewrites.into_diagnostics();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pointer, "/traits/born");
    }
}
