//! Whether the specification would have something to say about a message. Too often is as good as exactly.

use segment_event::{Kind, channel};

use super::message::{CAMPAIGN, Message, URL, text};
use crate::map::notes;
use crate::settings::Dialect;
use json_scan::{Shape, Span};

pub(super) fn is(message: &Message<'_>, dialect: Dialect) -> bool {
    let of_its_kind = match message.kind {
        Some(Kind::Page) => page(message),
        Some(Kind::Track) => message
            .event
            .is_some_and(|event| is_named_like_a_page(event.raw(message.source))),
        Some(Kind::Alias) if dialect == Dialect::Import => !message.previous_id.is_some_and(|id| id.is_text()),
        Some(Kind::Alias) => message.previous().is_none(),
        _ => false,
    };
    of_its_kind
        || message
            .channel
            .is_some_and(|channel| is_unknown(message.source, &channel))
}

fn is_unknown(source: &[u8], channel: &Span) -> bool {
    match channel.shape {
        Shape::Null => false,
        Shape::Plain => !channel::KNOWN
            .iter()
            .any(|known| known.as_bytes() == channel.raw(source)),
        _ => true,
    }
}

/// As far as its first escape the name may begin like one of a page.
fn is_named_like_a_page(event: &[u8]) -> bool {
    let names: [&[u8]; 2] = [b"Viewed ", b"Loaded a "];
    let plain = || event.iter().take_while(|byte| **byte != b'\\');
    names
        .iter()
        .any(|name| plain().zip(*name).all(|(byte, expected)| byte == expected))
}

/// Without an absolute URL, or with a campaign that isn't in the URL.
fn page(message: &Message<'_>) -> bool {
    let Some(url) = message.properties.members[URL] else {
        return true;
    };
    let url = match url.shape {
        Shape::Plain | Shape::Escaped => text(message.source, &url),
        _ => return true,
    };
    let has_campaign = message.context.members[CAMPAIGN].is_some_and(|campaign| campaign.shape == Shape::Object);
    !notes::is_absolute(&url) || (has_campaign && !notes::has_utm(&url))
}
