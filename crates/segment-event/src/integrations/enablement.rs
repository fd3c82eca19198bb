use serde_json::{Map, Value};

use super::lookup::{Place, Places};
use crate::json::{describe, truthy};

/// Whether a destination is enabled for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enablement {
    /// The message may be sent to it.
    Enabled,
    /// The message says that it is not for this destination.
    Disabled {
        /// The JSON pointer of the value that says so.
        pointer: String,
        /// What it says, as `integrations.All is false and Attribution is not named`.
        detail: String,
    },
}

impl Enablement {
    /// Whether the message may be sent.
    pub fn is_enabled(&self) -> bool {
        matches!(self, Self::Enabled)
    }
}

/// Whether the destination of exactly this name is enabled for the message.
///
/// 1. The destination's own entry in the integrations: a boolean counts as it is, anything else means enabled (null, `0`
///    and `"false"` too).
/// 2. Its entry in the legacy `providers`: its truthiness.
/// 3. `All`, whatever its case: the first boolean of the legacy `providers.all`, the legacy `all` and the integrations' `all`.
/// 4. Enabled.
///
/// Legacy entries are those of `options`, or else of `context`; without integrations they count in their place.
/// Source: `enabled` in `segmentio/facade`, which Segment's classic destinations ask.
///
/// ```
/// use segment_event::{Event, integrations};
/// use serde_json::json;
///
/// let event = Event::ingest(json!({
///     "type": "page", "userId": "user-1", "integrations": {"All": false, "attribution": true},
/// })).unwrap();
/// assert!(!integrations::enablement(event.message(), "Attribution").is_enabled());
/// assert!(integrations::enablement(event.message(), "attribution").is_enabled());
/// ```
pub fn enablement(message: &Map<String, Value>, name: &str) -> Enablement {
    let places = Places::of(message);
    if let Some(verdict) = explicit(&places, name) {
        return verdict;
    }
    match all(&places) {
        Some(place) if place.value == &Value::Bool(false) => Enablement::Disabled {
            pointer: place.pointer(),
            detail: format!("{} is false and {name} is not named", place.path()),
        },
        _ => Enablement::Enabled,
    }
}

/// What the entries of the destination's own name say.
fn explicit(places: &Places<'_>, name: &str) -> Option<Enablement> {
    let integrations = places.integrations.as_ref()?;
    if let Some(entry) = integrations.member(name) {
        return Some(verdict(&entry, entry.value != &Value::Bool(false)));
    }
    let entry = integrations.member("providers")?.member(name)?;
    Some(verdict(&entry, truthy(entry.value)))
}

fn verdict(entry: &Place<'_>, enabled: bool) -> Enablement {
    if enabled {
        return Enablement::Enabled;
    }
    let legacy = if entry.is_in_integrations() {
        ""
    } else {
        " and the message has no integrations"
    };
    Enablement::Disabled {
        pointer: entry.pointer(),
        detail: format!("{} is {}{legacy}", entry.path(), describe(entry.value)),
    }
}

/// The first boolean that speaks for every destination that is not named.
fn all<'a>(places: &Places<'a>) -> Option<Place<'a>> {
    let legacy = places.legacy.as_ref();
    let integrations = places.integrations.as_ref();
    let look_ups = [(legacy, "providers.all"), (legacy, "all"), (integrations, "all")];
    look_ups
        .into_iter()
        .filter_map(|(place, path)| place?.look_up(path))
        .find(|place| place.value.is_boolean())
}
