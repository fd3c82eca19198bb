//! What the unit tests here share.

use jiff::{SignedDuration, Timestamp};
use json_tree::{Object, Value};

use crate::decode::{Hit, Ids, Message, PageHit, PageKind, TrackHit};

/// A track of a user so many minutes into 1970, without an id.
pub(super) fn track(user: &str, event: &str, minute: i64) -> Message<'static> {
    let hit = TrackHit {
        ids: Ids::User(user.to_owned()),
        at: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)),
        event: event.to_owned(),
        properties: Object::new(),
        context: Object::new(),
    };
    Message {
        id: None,
        index: None,
        hit: Hit::Track(hit),
    }
}

/// A page of a cookie so many minutes into 1970.
pub(super) fn page(cookie: &str, minute: i64, url: &str, referrer: &str) -> PageHit<'static> {
    let properties = [("url", url), ("referrer", referrer)];
    PageHit {
        ids: Ids::Cookie(cookie.to_owned()),
        at: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)),
        kind: PageKind::Page,
        name: None,
        properties: Object::from_iter(
            properties.map(|(key, text)| (key.into(), Value::String(text.to_owned().into()))),
        ),
        context: Object::new(),
    }
}
