use jiff::Timestamp;
use segment_event::Event;
use serde_json::{Map, Value};

use super::map;
use crate::settings::{Dialect, Settings};

/// The fields of a message, by their paths, that the mapping of a dialect looks at. Its `type` is not among them, which chooses
/// the request. Of the import dialect, which sends the whole message, they are those of which it makes something else.
///
/// ```
/// use attribution_destination::{Dialect, mapped_fields};
///
/// assert!(mapped_fields(Dialect::Classic).contains(&"sessionId"));
/// assert!(!mapped_fields(Dialect::Actions).contains(&"sessionId"), "a legacy name");
/// ```
pub const fn mapped_fields(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Classic => &[
            "userId",
            "anonymousId",
            "sessionId",
            "timestamp",
            "event",
            "name",
            "category",
            "properties",
            "traits",
            "context",
            "options",
            "previousId",
            "from",
            "to",
        ],
        Dialect::Actions => &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "groupId",
            "previousId",
            "event",
            "name",
            "properties",
            "traits",
            "context",
            "context.traits",
        ],
        Dialect::Import => &["traits", "context.traits", "timestamp", "originalTimestamp"],
    }
}

/// Those of the [`mapped_fields`] without which the request of a message would be another one, or none; none where it has no
/// request. So a field that the message has but that goes nowhere, as another stands before it, is not among them.
///
/// ```
/// use attribution_destination::{ProjectId, Settings, used_fields};
/// use segment_event::Event;
/// use serde_json::json;
///
/// let settings = Settings::new(ProjectId::new("demo-project")?);
/// let message = json!({"type": "identify", "userId": "user-1", "anonymousId": "anon-1", "sessionId": "s-1", "event": "none"});
/// let event = Event::unchecked(message).expect("it has a type");
/// assert_eq!(used_fields(&event, &settings), ["userId", "anonymousId"]);
/// # Ok::<(), attribution_destination::SettingsError>(())
/// ```
pub fn used_fields(event: &Event, settings: &Settings) -> Vec<&'static str> {
    // Whatever time a message gives, this is another one.
    let request = |event: &Event| map(event, settings, Timestamp::MIN).map(|mapped| mapped.request);
    let Ok(whole) = request(event) else { return Vec::new() };
    let is_used = |field: &&&'static str| {
        let mut message = event.message().clone();
        let Some(()) = remove(&mut message, field) else {
            return false;
        };
        let without = Event::unchecked(message.into());
        without.is_ok_and(|without| request(&without).as_ref() != Ok(&whole))
    };
    mapped_fields(settings.dialect)
        .iter()
        .filter(is_used)
        .copied()
        .collect()
}

/// Takes a field out, if it is there; an explicit null is.
fn remove(message: &mut Map<String, Value>, path: &str) -> Option<()> {
    match path.split_once('.') {
        Some((key, rest)) => remove(message.get_mut(key)?.as_object_mut()?, rest),
        None => message.shift_remove(path).map(drop),
    }
}
