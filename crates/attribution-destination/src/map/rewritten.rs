//! JSON on its way to the wire: borrowed from the message, its date-like strings rewritten while it is written.

use segment_event::json::truthy;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::date_like;

/// A value whose date-like strings are written as instants, at any depth. Keys are never rewritten.
#[derive(Clone, Copy, Debug)]
struct Rewritten<'a>(&'a Value);

impl Serialize for Rewritten<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) => match date_like::instant(text) {
                Some(instant) => instant.serialize(serializer),
                None => serializer.serialize_str(text),
            },
            Value::Array(items) => serializer.collect_seq(items.iter().map(Self)),
            Value::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, Rewritten(value))))
            }
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => plain.serialize(serializer),
        }
    }
}

/// A member of the message, with the key it was found under; written rewritten.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    pub(super) key: &'static str,
    pub(super) value: &'a Value,
}

impl<'a> Member<'a> {
    /// The member of exactly this key, null included.
    pub(super) fn of(message: &'a Map<String, Value>, key: &'static str) -> Option<Self> {
        message.get(key).map(|value| Self { key, value })
    }

    /// The member of this key if JavaScript takes it for true.
    pub(super) fn given(message: &'a Map<String, Value>, key: &'static str) -> Option<Self> {
        Self::of(message, key).filter(|member| truthy(member.value))
    }
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Rewritten(self.value).serialize(serializer)
    }
}

/// An object of the message with some of the message's other members put into it: in the place of members of the same
/// name, else after all others. Without an object they are put into an empty one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merged<'a, const N: usize> {
    pub(super) object: Option<Member<'a>>,
    pub(super) put: [(&'static str, Option<Member<'a>>); N],
}

impl<'a, const N: usize> Merged<'a, N> {
    /// What is put in under this key.
    pub(super) fn put_under(&self, key: &str) -> Option<Member<'a>> {
        self.put
            .iter()
            .find(|(name, _)| *name == key)
            .and_then(|(_, member)| *member)
    }
}

impl<const N: usize> Serialize for Merged<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let empty = Map::new();
        let members = match self.object.map(|object| object.value) {
            None => &empty,
            Some(Value::Object(members)) => members,
            // Only without Segment's ingest: there is nothing to put anything into, so it is shown as it came.
            Some(other) => return Rewritten(other).serialize(serializer),
        };
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in members {
            match self.put_under(key) {
                Some(member) => map.serialize_entry(key, &member)?,
                None => map.serialize_entry(key, &Rewritten(value))?,
            }
        }
        for (key, member) in &self.put {
            if let Some(member) = member.filter(|_| !members.contains_key(*key)) {
                map.serialize_entry(key, &member)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Member, Merged};

    fn written(source: &str) -> String {
        let value: Value = serde_json::from_str(source).unwrap();
        serde_json::to_string(&Member {
            key: "properties",
            value: &value,
        })
        .unwrap()
    }

    #[test]
    fn dates_are_rewritten_at_any_depth_and_keys_never() {
        assert_eq!(
            written(r#"{"2014-10-12":[["2014-10-12"],{"a":{"b":"2014-10-12"}}],"c":"on 2014-10-12"}"#),
            concat!(
                r#"{"2014-10-12":[["2014-10-12T00:00:00.000Z"],{"a":{"b":"2014-10-12T00:00:00.000Z"}}],"#,
                r#""c":"on 2014-10-12"}"#
            )
        );
    }

    #[test]
    fn everything_else_keeps_its_text_and_its_place() {
        let source = concat!(
            r#"{"z":99.90,"a":1e+3,"m":-0,"n":12345678901234567890.5,"e":"","f":false,"o":{},"l":[],"u":null,"#,
            r#""length":3,"__proto__":{"x":1},"t":"tab\tand \u0001 and é and \u007f"}"#
        );
        assert_eq!(written(source).replace('\u{7f}', "\\u007f"), source);
    }

    #[test]
    fn what_is_put_in_takes_the_place_of_its_namesake_or_comes_last() {
        let (object, category, name) = (json!({"name": 1, "b": 2}), json!("C"), json!("2014-10-12"));
        let merged = |object, put| serde_json::to_string(&Merged { object, put }).unwrap();
        let put = [
            (
                "category",
                Some(Member {
                    key: "category",
                    value: &category,
                }),
            ),
            (
                "name",
                Some(Member {
                    key: "name",
                    value: &name,
                }),
            ),
        ];
        let object = Some(Member {
            key: "properties",
            value: &object,
        });
        assert_eq!(
            merged(object, put),
            r#"{"name":"2014-10-12T00:00:00.000Z","b":2,"category":"C"}"#
        );
        assert_eq!(
            merged(None, put),
            r#"{"category":"C","name":"2014-10-12T00:00:00.000Z"}"#
        );
        assert_eq!(
            merged(object, [("category", None), ("name", None)]),
            r#"{"name":1,"b":2}"#
        );
    }

    #[test]
    fn what_is_no_object_is_left_as_it_is() {
        let (list, id) = (json!(["2014-10-12"]), json!("user-1"));
        let merged = Merged {
            object: Some(Member {
                key: "traits",
                value: &list,
            }),
            put: [(
                "id",
                Some(Member {
                    key: "userId",
                    value: &id,
                }),
            )],
        };
        assert_eq!(
            serde_json::to_string(&merged).unwrap(),
            r#"["2014-10-12T00:00:00.000Z"]"#
        );
    }
}
