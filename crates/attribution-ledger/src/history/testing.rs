//! What the unit tests here share.

use jiff::{SignedDuration, Timestamp};
use serde_json::Map;

use crate::decode::{Hit, Ids, Message, TrackHit};

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
