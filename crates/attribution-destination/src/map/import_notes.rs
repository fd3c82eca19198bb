//! What the author of a message should know about it, though it is sent: those of the shared [`notes`] that
//! fit. A channel isn't looked at: RudderStack has more of them than Segment, and delivers whatever it is.

use segment_event::json::truthy;
use segment_event::{Event, Kind};

use super::notes;
use crate::diagnostic::Diagnostic;
use crate::settings::Dialect;

/// Everything worth knowing about a message.
pub(super) fn about(event: &Event) -> Vec<Diagnostic> {
    let message = event.message();
    let mut found: Vec<Diagnostic> = notes::near_misses(message, Dialect::Import).collect();
    match event.kind() {
        Kind::Page => {
            let url = event.properties().and_then(|properties| properties.get("url"));
            found.extend(notes::without_absolute_url(url));
            let campaign = event.context().and_then(|context| context.get("campaign"));
            found.extend(campaign.and_then(|campaign| notes::campaign_not_in_url(url, "context", campaign)));
        }
        Kind::Alias if !event.get("previousId").is_some_and(truthy) => found.push(notes::without_previous_id()),
        Kind::Alias | Kind::Identify | Kind::Track | Kind::Screen | Kind::Group => {}
    }
    found
}

#[cfg(test)]
mod tests;
