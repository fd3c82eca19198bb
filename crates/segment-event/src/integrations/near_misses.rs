use serde_json::{Map, Value};

use super::lookup::{Place, Places};
use crate::json::{child, resembles};

/// A key that looks like the destination's name but is not it, and so decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The JSON pointer of the entry.
    pub pointer: String,
    /// The key as the message spells it.
    pub key: String,
}

/// The keys beside which the destination's name would decide, whose letters and digits are the name's but which differ
/// from it: `attribution`, `"Attribution "`, `ATTRIBUTION`.
///
/// Without an integrations object the legacy entries are looked at; there only booleans are near misses, as
/// `context.attribution` may hold anything.
///
/// ```
/// use segment_event::{Event, integrations};
/// use serde_json::json;
///
/// let event = Event::ingest(json!({
///     "type": "page", "userId": "user-1", "integrations": {"attribution": false},
/// })).unwrap();
/// let near = integrations::near_misses(event.message(), "Attribution");
/// assert_eq!(near[0].pointer, "/integrations/attribution");
/// ```
pub fn near_misses(message: &Map<String, Value>, name: &str) -> Vec<NearMiss> {
    let Some(integrations) = Places::of(message).integrations else {
        return Vec::new();
    };
    let providers = integrations.member("providers");
    let mut found = near_misses_in(&integrations, name);
    found.extend(providers.iter().flat_map(|providers| near_misses_in(providers, name)));
    found
}

fn near_misses_in(place: &Place<'_>, name: &str) -> Vec<NearMiss> {
    let counts = |value: &Value| place.is_in_integrations() || value.is_boolean();
    let entries = place.value.as_object().into_iter().flatten();
    entries
        .filter(|(key, value)| *key != name && resembles(key, name) && counts(value))
        .map(|(key, _)| NearMiss {
            pointer: child(&place.pointer(), key),
            key: key.clone(),
        })
        .collect()
}
