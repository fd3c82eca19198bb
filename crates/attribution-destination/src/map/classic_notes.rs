//! What the author of a message should know about it, though it is mapped and sent: diagnostics with stable codes.
//!
//! | code | what it means |
//! |---|---|
//! | `date_rewritten` | a string looks like a date and is sent as an instant |
//! | `page_name_is_a_date` | the name of a page or screen does |
//! | `page_like_track` | a track that Attribution can't tell from a page |
//!
//! and every one of the shared [`notes`].

use segment_event::json::quote;
use segment_event::{Event, Kind};
use serde_json::{Map, Value};

use super::classic::{Body, EventName, Hit};
use super::date_like;
use super::notes::{self, note};
use super::rewrites::Rewrites;
use super::rewritten::{Member, Merged};
use crate::diagnostic::Diagnostic;
use crate::settings::Dialect;

/// Everything worth knowing about a message, given what is made of it.
pub(super) fn about(event: &Event, body: &Body<'_>) -> Vec<Diagnostic> {
    let message = event.message();
    let mut found = rewrites(body);
    found.extend(notes::near_misses(message, Dialect::Classic));
    found.extend(notes::unknown_channel(message));
    match (event.kind(), body) {
        (Kind::Page, Body::Hit(hit)) => {
            let url = member(&hit.properties, "url");
            found.extend(name_is_a_date(message, hit));
            found.extend(notes::without_absolute_url(url));
            found.extend(campaign_not_in_url(url, hit));
        }
        (Kind::Screen, Body::Hit(hit)) => found.extend(name_is_a_date(message, hit)),
        (_, Body::Hit(hit)) => found.extend(page_like(hit)),
        (_, Body::Alias(alias)) if alias.previous_id.is_none() => found.push(notes::without_previous_id()),
        (_, Body::Identify(_) | Body::Alias(_)) => {}
    }
    found
}

fn rewrites(body: &Body<'_>) -> Vec<Diagnostic> {
    let mut rewrites = Rewrites::default();
    match body {
        Body::Hit(hit) => {
            rewrites.member(hit.user_id);
            rewrites.member(hit.cookie_id);
            rewrites.member(hit.properties.put_under("category"));
            rewrites.merged(&hit.properties);
            rewrites.merged(&hit.context);
            if let Some(EventName::Given(event)) = hit.event {
                rewrites.member(Some(event));
            }
        }
        Body::Identify(identify) => {
            rewrites.member(identify.user_id);
            rewrites.member(identify.cookie_id);
            rewrites.merged(&identify.traits);
            rewrites.merged(&identify.context);
        }
        Body::Alias(alias) => {
            rewrites.member(alias.previous_id);
            rewrites.member(alias.user_id);
        }
    }
    rewrites.into_diagnostics()
}

fn name_is_a_date(message: &Map<String, Value>, hit: &Hit<'_>) -> Option<Diagnostic> {
    let name = message.get("name")?.as_str()?;
    let instant = date_like::instant(name)?;
    let Some(EventName::Viewed { noun, .. }) = hit.event else {
        return None;
    };
    let text = format!(
        r#"the name "{name}" looks like a date, so the event is "Viewed {instant} {noun}", and from Segment itself a date in JavaScript's words; write a name with another word in it"#
    );
    Some(note("page_name_is_a_date", "/name", text))
}

/// On the wire only the event's name tells a page from a track.
fn page_like(hit: &Hit<'_>) -> Option<Diagnostic> {
    let Some(EventName::Given(Member {
        value: Value::String(event),
        ..
    })) = hit.event
    else {
        return None;
    };
    is_page_like(event).then(|| {
        let event = quote(event);
        let text = format!(
            "Attribution can't tell the event {event} from a page view; send a page call, or choose another name"
        );
        note("page_like_track", "/event", text)
    })
}

fn is_page_like(event: &str) -> bool {
    let name = event
        .strip_prefix("Viewed ")
        .and_then(|rest| rest.strip_suffix(" Page").or(rest.strip_suffix(" Screen")));
    name.is_some_and(|name| !name.is_empty()) || matches!(event, "Loaded a Page" | "Loaded a Screen")
}

fn campaign_not_in_url(url: Option<&Value>, hit: &Hit<'_>) -> Option<Diagnostic> {
    let campaign = member(&hit.context, "campaign")?;
    notes::campaign_not_in_url(url, hit.context.object?.key, campaign)
}

fn member<'a, const N: usize>(merged: &Merged<'a, N>, key: &str) -> Option<&'a Value> {
    merged.object?.value.get(key)
}

#[cfg(test)]
mod tests;
