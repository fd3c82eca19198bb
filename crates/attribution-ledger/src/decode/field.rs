//! Single fields out of a body, for the decoders of every dialect.

use std::borrow::Cow;

use jiff::Timestamp;
use json_tree::{Object, Value};

use super::{AliasHit, IdField, Ids, Names, timestamp};

/// A usable id.
pub(super) fn id(body: &Object<'_>, key: &str) -> Option<String> {
    IdField::of(body, key).usable().map(Cow::into_owned)
}

/// Whom the body names; none when it names nobody.
pub(super) fn ids(body: &Object<'_>, names: Names) -> Option<Ids> {
    Ids::new(id(body, names.user), id(body, names.cookie))
}

/// The ids of an alias; none when it names nobody.
pub(super) fn alias(body: &Object<'_>, names: Names, at: Option<Timestamp>) -> Option<AliasHit> {
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
pub(super) fn at(body: &Object<'_>) -> Option<Timestamp> {
    let text = body.get("timestamp").and_then(Value::as_str)?;
    timestamp::read(text).map(timestamp::Reading::timestamp)
}

/// A text that is not empty, out of the body.
pub(super) fn text(body: &mut Object<'_>, key: &str) -> Option<String> {
    match body.remove(key) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.into_owned()),
        _ => None,
    }
}

/// An object, out of the body; empty where there is none.
pub(super) fn object<'a>(body: &mut Object<'a>, key: &str) -> Object<'a> {
    match body.remove(key) {
        Some(Value::Object(object)) => object,
        _ => Object::new(),
    }
}
