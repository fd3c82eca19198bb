//! Where in a message the integrations are, and how members are found there.

use serde_json::{Map, Value};

use crate::json::{child, truthy};

/// A value and the keys that lead to it from the message.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    keys: Vec<&'a str>,
    pub(super) value: &'a Value,
}

impl<'a> Place<'a> {
    /// The value as a JSON pointer.
    pub(super) fn pointer(&self) -> String {
        self.keys.iter().fold(String::new(), |parent, key| child(&parent, key))
    }

    /// The value as one would write it in JavaScript: `integrations.All`, `integrations["A-l l"]`.
    pub(super) fn path(&self) -> String {
        let (first, rest) = self
            .keys
            .split_first()
            .map_or(("", &[][..]), |(first, rest)| (*first, rest));
        rest.iter().fold(first.to_owned(), |path, key| path + &accessor(key))
    }

    /// Whether the place lies in the integrations object itself rather than in a legacy field.
    pub(super) fn is_in_integrations(&self) -> bool {
        self.keys.first() == Some(&"integrations")
    }

    /// The member of exactly this name.
    pub(super) fn member(&self, name: &str) -> Option<Place<'a>> {
        let (key, value) = self.value.as_object()?.get_key_value(name)?;
        Some(self.step_into(key, value))
    }

    /// The loose look-up of a path of lower-case names joined by dots.
    ///
    /// Members are tried in order. The first whose letters are the path, or the start of it up to a dot, is taken without
    /// going back. Source: `segmentio/obj-case`, with which Segment's classic destinations read these fields.
    pub(super) fn look_up(&self, path: &str) -> Option<Place<'a>> {
        let mut members = self.value.as_object()?.iter();
        let (key, value, rest) = members.find_map(|(key, value)| Some((key, value, rest_after(path, key)?)))?;
        let found = self.step_into(key, value);
        if rest.is_empty() {
            Some(found)
        } else {
            found.look_up(rest)
        }
    }

    fn step_into(&self, key: &'a str, value: &'a Value) -> Place<'a> {
        let mut keys = self.keys.clone();
        keys.push(key);
        Place { keys, value }
    }
}

/// What is left of the path after the key's letters, digits and dots in lower case, if they are all of it or end at a dot.
fn rest_after<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    let mut rest = path;
    let counted = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
    for byte in key.bytes().filter(counted) {
        rest = rest.strip_prefix(char::from(byte.to_ascii_lowercase()))?;
    }
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('.')
    }
}

/// `.All`, or `["A-l l"]` where a dot would not do.
fn accessor(key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        format!(".{key}")
    } else {
        format!("[{}]", Value::from(key))
    }
}

/// The two places that decide.
pub(super) struct Places<'a> {
    /// `options`, or else `context`.
    pub(super) legacy: Option<Place<'a>>,
    /// `integrations`, or else the legacy `providers`, or else [`Self::legacy`] as a whole.
    pub(super) integrations: Option<Place<'a>>,
}

impl<'a> Places<'a> {
    pub(super) fn of(message: &'a Map<String, Value>) -> Self {
        let legacy = top(message, "options").or_else(|| top(message, "context"));
        let providers = || {
            legacy
                .as_ref()?
                .look_up("providers")
                .filter(|place| truthy(place.value))
        };
        let integrations = top(message, "integrations")
            .or_else(providers)
            .or_else(|| legacy.clone());
        Self { legacy, integrations }
    }
}

/// A member of the message counts when JavaScript takes it for true: null is as good as none.
fn top<'a>(message: &'a Map<String, Value>, name: &str) -> Option<Place<'a>> {
    let (key, value) = message.get_key_value(name)?;
    truthy(value).then(|| Place { keys: vec![key], value })
}
