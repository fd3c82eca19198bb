//! Checks that several dialects have in common: what the author of a message should know about it, though it is mapped
//! and sent. Which of them a dialect makes, its own notes say.
//!
//! | code | what it means |
//! |---|---|
//! | `integrations_key_near_miss` | a key looks like the destination's name but decides nothing |
//! | `unknown_channel` | a channel that no SDK writes |
//! | `page_without_absolute_url` | a page whose visit has no page |
//! | `campaign_not_in_url` | a campaign that Attribution doesn't see |
//! | `alias_without_previous_id` | an alias that merges nothing |
//!
//! Every check is a look-up or two: they run for every message that is sent.

use segment_event::json::quote;
use segment_event::{channel, integrations};
use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::filter;
use crate::settings::Dialect;

pub(super) fn note(code: &'static str, pointer: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    Diagnostic {
        code,
        pointer: pointer.into(),
        message: message.into(),
    }
}

pub(super) fn near_misses(message: &Map<String, Value>, dialect: Dialect) -> impl Iterator<Item = Diagnostic> {
    let name = filter::name(dialect);
    integrations::near_misses(message, name).into_iter().map(move |near| {
        let text = format!(
            "{} is not the destination's name and decides nothing; write {name}",
            quote(&near.key)
        );
        note("integrations_key_near_miss", near.pointer, text)
    })
}

pub(super) fn unknown_channel(message: &Map<String, Value>) -> Option<Diagnostic> {
    let given = channel::unknown(message)?;
    let text = format!(
        "the channel is {}, which Segment may refuse to deliver in cloud mode; write one of {}",
        segment_event::json::describe(given),
        channel::KNOWN.join(", ")
    );
    Some(note("unknown_channel", "/channel", text))
}

const REASON: &str = "Attribution takes the page and its channel from properties.url";

/// `url` is the page's `properties.url`.
pub(super) fn without_absolute_url(url: Option<&Value>) -> Option<Diagnostic> {
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

/// Whether the query has a utm parameter.
pub(super) fn has_utm(url: &str) -> bool {
    let query = url
        .split_once('?')
        .map_or("", |(_, query)| query.split_once('#').map_or(query, |(query, _)| query));
    query.contains("utm_")
}

/// `url` is the page's `properties.url`, and `campaign` that of the context, which stands in the message under `key`.
pub(super) fn campaign_not_in_url(url: Option<&Value>, key: &str, campaign: &Value) -> Option<Diagnostic> {
    let campaign = campaign.as_object().filter(|campaign| !campaign.is_empty())?;
    if url.and_then(Value::as_str).is_some_and(has_utm) {
        return None;
    }
    let parameter = campaign
        .keys()
        .next()
        .map_or("source", |key| if key == "name" { "campaign" } else { key });
    let text =
        format!("{REASON}, which has no utm parameter: this campaign is not seen; keep utm_{parameter} in the URL");
    Some(note("campaign_not_in_url", format!("/{key}/campaign"), text))
}

pub(super) fn without_previous_id() -> Diagnostic {
    let text = "there is nothing to merge; add previousId, the user or anonymous id of the same person until now";
    note("alias_without_previous_id", "/previousId", text)
}
