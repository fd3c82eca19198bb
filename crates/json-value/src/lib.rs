//! JSON from outside as a [`Value`], whatever its keys.
//!
//! So that no digit is lost, `serde_json` hands numbers from its parser to its values as objects with one member, whose key is
//! `$serde_json::private::Number`. Its own [`Value`] therefore takes any object that begins with this key for a number, and
//! fails where there are no digits under it. Whoever sends such an object means an object, and here it is one:
//!
//! ```
//! let value = json_value::from_str(r#"{"$serde_json::private::Number":"1"}"#)?;
//! assert!(value.is_object());
//! assert_eq!(value.to_string(), r#"{"$serde_json::private::Number":"1"}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! In all else it reads what `serde_json` reads, with the same words where it can't. It knows no message.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads a text.
///
/// # Errors
///
/// When it is no JSON, or nested too deep for `serde_json`.
pub fn from_str(text: &str) -> serde_json::Result<Value> {
    whole(serde_json::Deserializer::from_str(text))
}

/// Reads bytes, of which strings must be UTF-8.
///
/// # Errors
///
/// When they are no JSON, or nested too deep for `serde_json`.
pub fn from_slice(bytes: &[u8]) -> serde_json::Result<Value> {
    whole(serde_json::Deserializer::from_slice(bytes))
}

fn whole<'de, R: serde_json::de::Read<'de>>(mut json: serde_json::Deserializer<R>) -> serde_json::Result<Value> {
    let value = deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

/// Reads a field, for `#[serde(deserialize_with = "json_value::deserialize")]`; only from the text of JSON, and not through a
/// flattened or untagged type.
///
/// # Errors
///
/// As [`from_str`].
pub fn deserialize<'de, D: Deserializer<'de>>(json: D) -> Result<Value, D::Error> {
    Tree.deserialize(json)
}

/// The same of a field that must be an object.
///
/// # Errors
///
/// As [`from_str`], and when it is something else.
pub fn object<'de, D: Deserializer<'de>>(json: D) -> Result<Map<String, Value>, D::Error> {
    match deserialize(json)? {
        Value::Object(object) => Ok(object),
        _ => Err(D::Error::custom("invalid type: expected a map")),
    }
}

/// A value where a type is asked for, as by `serde_json::Deserializer::into_iter`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(pub Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        deserialize(json).map(Self)
    }
}

#[derive(Clone, Copy)]
struct Tree;

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        let mut next = match map.next_key_seed(First)? {
            Some(Key::Number) => return number(&map.next_value::<String>()?),
            Some(Key::Member(key)) => Some(key),
            None => None,
        };
        while let Some(key) = next {
            members.insert(key, map.next_value_seed(self)?);
            next = map.next_key()?;
        }
        Ok(Value::Object(members))
    }
}

fn number<E: Error>(digits: &str) -> Result<Value, E> {
    digits.parse::<Number>().map(Value::Number).map_err(E::custom)
}

/// The first key of what is either an object or a number.
enum Key {
    Member(String),
    Number,
}

/// A key that stands in the text can be asked for as one that may be missing. The key under which `serde_json` hands a number
/// over is no such thing: whatever is asked for, it hands out its name.
struct First;

impl<'de> DeserializeSeed<'de> for First {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Key, D::Error> {
        key.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for First {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_some<D: Deserializer<'de>>(self, key: D) -> Result<Key, D::Error> {
        String::deserialize(key).map(Key::Member)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Key, E> {
        Ok(Key::Number)
    }
}

#[cfg(test)]
mod tests;
