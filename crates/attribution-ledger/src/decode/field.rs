//! Single fields out of a body, for the decoders of every dialect.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::property::get_mut;
use super::{AliasHit, IdField, Ids, Names, get, timestamp};

/// A usable id.
pub(super) fn id(body: &Map<String, Value>, key: &str) -> Option<String> {
    IdField::of(body, key).usable().map(Cow::into_owned)
}

/// Whom the body names; none when it names nobody.
pub(super) fn ids(body: &Map<String, Value>, names: Names) -> Option<Ids> {
    Ids::new(id(body, names.user), id(body, names.cookie))
}

/// The ids of an alias; none when it names nobody.
pub(super) fn alias(body: &Map<String, Value>, names: Names, at: Option<Timestamp>) -> Option<AliasHit> {
    let previous = id(body, names.previous);
    let user = id(body, names.user);
    let cookie = if user.is_none() { id(body, names.cookie) } else { None };
    let anyone = previous.is_some() || user.is_some() || cookie.is_some();
    anyone.then_some(AliasHit {
        at,
        previous,
        user,
        cookie,
    })
}

/// The time in `timestamp`, where it is one.
pub(super) fn at(body: &Map<String, Value>) -> Option<Timestamp> {
    let text = get(body, "timestamp").and_then(Value::as_str)?;
    timestamp::read(text).map(timestamp::Reading::timestamp)
}

/// A text that is not empty, out of the body.
pub(super) fn text(body: &mut Map<String, Value>, key: &str) -> Option<String> {
    match take(body, key) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// An object, out of the body; empty where there is none.
pub(super) fn object(body: &mut Map<String, Value>, key: &str) -> Map<String, Value> {
    match take(body, key) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// What stands in a field, out of the body.
fn take(body: &mut Map<String, Value>, key: &str) -> Option<Value> {
    get_mut(body, key).map(Value::take)
}
