//! What the author of a message should know about it, though it is mapped and sent: diagnostics with stable codes.
//!
//! | code | what it means |
//! |---|---|
//! | `alias_previous_id_not_mapped` | the default preset leaves the id to merge out of an alias |
//!
//! and every one of the shared [`notes`].

use segment_event::json::truthy;
use segment_event::{Event, Kind};

use super::actions::Body;
use super::notes::{self, note};
use crate::diagnostic::Diagnostic;
use crate::settings::Dialect;

/// Everything worth knowing about a message, given what is made of it.
pub(super) fn about(event: &Event, body: &Body<'_>) -> Vec<Diagnostic> {
    let message = event.message();
    let mut found: Vec<Diagnostic> = notes::near_misses(message, Dialect::Actions).collect();
    found.extend(notes::unknown_channel(message));
    match event.kind() {
        Kind::Page => {
            let url = body.properties.and_then(|properties| properties.get("url"));
            found.extend(notes::without_absolute_url(url));
            let campaign = body.context.and_then(|context| context.get("campaign"));
            found.extend(campaign.and_then(|campaign| notes::campaign_not_in_url(url, "context", campaign)));
        }
        Kind::Alias if body.previous_id.is_none() => found.push(without_previous_id(event)),
        Kind::Alias | Kind::Identify | Kind::Track | Kind::Screen | Kind::Group => {}
    }
    found
}

/// Either the message has none, or it is not mapped.
fn without_previous_id(event: &Event) -> Diagnostic {
    if !event.get("previousId").is_some_and(truthy) {
        return notes::without_previous_id();
    }
    let text = "the default preset of Segment's destination does not send it, so nothing is merged; there, map \
                previousId to $.previousId, and here, take the previous id as mapped";
    note("alias_previous_id_not_mapped", "/previousId", text)
}

#[cfg(test)]
mod tests;
