//! What the author of a message should know about it, though it is mapped and sent: diagnostics with stable codes.
//!
//! | code | what it means |
//! |---|---|
//! | `date_rewritten` | a string looks like a date and is sent as an instant |
//! | `page_name_is_a_date` | the name of a page or screen does |
//! | `integrations_key_near_miss` | a key looks like the destination's name but decides nothing |
//! | `unknown_channel` | a channel that no SDK writes |
//! | `page_like_track` | a track that Attribution can't tell from a page |
//! | `page_without_absolute_url` | a page whose visit has no page |
//! | `campaign_not_in_url` | a campaign that Attribution doesn't see |
//! | `alias_without_previous_id` | an alias that merges nothing |
//!
//! Every check is a look-up or two: they run for every message that is sent.

use segment_event::json::quote;
use segment_event::{Event, Kind, channel, integrations};
use serde_json::{Map, Value};

use super::classic::{Body, EventName, Hit};
use super::date_like;
use super::rewrites::Rewrites;
use super::rewritten::{Member, Merged};
use crate::diagnostic::Diagnostic;
use crate::filter::NAME;

/// Everything worth knowing about a message, given what is made of it.
pub(super) fn about(event: &Event, body: &Body<'_>) -> Vec<Diagnostic> {
    let message = event.message();
    let mut notes = rewrites(body);
    notes.extend(near_misses(message));
    notes.extend(unknown_channel(message));
    match (event.kind(), body) {
        (Kind::Page, Body::Hit(hit)) => {
            notes.extend(name_is_a_date(message, hit));
            notes.extend(without_absolute_url(&hit.properties));
            notes.extend(campaign_not_in_url(hit));
        }
        (Kind::Screen, Body::Hit(hit)) => notes.extend(name_is_a_date(message, hit)),
        (_, Body::Hit(hit)) => notes.extend(page_like(hit)),
        (_, Body::Alias(alias)) if alias.previous_id.is_none() => notes.push(without_previous_id()),
        (_, Body::Identify(_) | Body::Alias(_)) => {}
    }
    notes
}

fn note(code: &'static str, pointer: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    Diagnostic {
        code,
        pointer: pointer.into(),
        message: message.into(),
    }
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

fn near_misses(message: &Map<String, Value>) -> impl Iterator<Item = Diagnostic> {
    integrations::near_misses(message, NAME).into_iter().map(|near| {
        let text = format!(
            "{} is not the destination's name and decides nothing; write {NAME}",
            quote(&near.key)
        );
        note("integrations_key_near_miss", near.pointer, text)
    })
}

fn unknown_channel(message: &Map<String, Value>) -> Option<Diagnostic> {
    let given = channel::unknown(message)?;
    let text = format!(
        "the channel is {}, which Segment may refuse to deliver in cloud mode; write one of {}",
        segment_event::json::describe(given),
        channel::KNOWN.join(", ")
    );
    Some(note("unknown_channel", "/channel", text))
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

const REASON: &str = "Attribution takes the page and its channel from properties.url";

fn without_absolute_url(properties: &Merged<'_, 2>) -> Option<Diagnostic> {
    let url = member(properties, "url");
    if url.and_then(Value::as_str).is_some_and(is_absolute) {
        return None;
    }
    let what = match url {
        Some(url) => format!("{} is not an absolute URL", segment_event::json::describe(url)),
        None => "the page has no URL".to_owned(),
    };
    let text = format!(r#"{what}, and {REASON}; write one such as "https://shop.example/pricing""#);
    Some(note("page_without_absolute_url", "/properties/url", text))
}

/// A scheme and something after it.
pub(super) fn is_absolute(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, rest)| {
        let scheme_like = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(scheme_like)
            && !rest.trim().is_empty()
    })
}

fn campaign_not_in_url(hit: &Hit<'_>) -> Option<Diagnostic> {
    let context = hit.context.object?;
    let campaign = context
        .value
        .get("campaign")?
        .as_object()
        .filter(|campaign| !campaign.is_empty())?;
    let url = member(&hit.properties, "url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if has_utm(url) {
        return None;
    }
    let key = campaign
        .keys()
        .next()
        .map_or("source", |key| if key == "name" { "campaign" } else { key });
    let text = format!("{REASON}, which has no utm parameter: this campaign is not seen; keep utm_{key} in the URL");
    Some(note("campaign_not_in_url", format!("/{}/campaign", context.key), text))
}

/// Whether the query has a utm parameter.
pub(super) fn has_utm(url: &str) -> bool {
    let query = url
        .split_once('?')
        .map_or("", |(_, query)| query.split_once('#').map_or(query, |(query, _)| query));
    query.contains("utm_")
}

fn member<'a, const N: usize>(merged: &Merged<'a, N>, key: &str) -> Option<&'a Value> {
    merged.object?.value.get(key)
}

fn without_previous_id() -> Diagnostic {
    let text = "there is nothing to merge; add previousId, the user or anonymous id of the same person until now";
    note("alias_without_previous_id", "/previousId", text)
}

#[cfg(test)]
mod tests;
