//! What the unit tests here share.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::decode::{Hit, Ids, Message, PageHit, PageKind, TrackHit};

/// A track of a user so many minutes into 1970, without an id.
pub(super) fn track(user: &str, event: &str, minute: i64) -> Message {
    let hit = TrackHit {
        ids: Ids::User(user.to_owned()),
        at: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)),
        event: event.to_owned(),
        properties: Map::new(),
        context: Map::new(),
    };
    Message {
        id: None,
        index: None,
        hit: Hit::Track(hit),
    }
}

/// A page of a cookie so many minutes into 1970.
pub(super) fn page(cookie: &str, minute: i64, url: &str, referrer: &str) -> PageHit {
    let properties = [("url", url), ("referrer", referrer)];
    PageHit {
        ids: Ids::Cookie(cookie.to_owned()),
        at: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)),
        kind: PageKind::Page,
        name: None,
        properties: Map::from_iter(properties.map(|(key, value)| (key.to_owned(), Value::from(value)))),
        context: Map::new(),
    }
}
