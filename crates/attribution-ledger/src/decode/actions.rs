//! The actions dialect: `/v1/` and the first letter of the call, with bodies in camelCase.
//!
//! Source: Segment's Attribution (Actions), the destination `attribution` of the public action-destinations, run with its
//! default preset; its output is restated field by field in the wire fixtures. It requires `messageId` and `timestamp` of
//! every call, `event` of a track, `userId` of an alias and `groupId` of a group, and writes ids as text.
//!
//! What is decided here, because the vendor's own reading is not public:
//!
//! - The path and `type` tell pages from tracks: a track named `Viewed Pricing Page` is a conversion, and a page's name is
//!   `name`.
//! - The landing url and the referrer are `properties.url` and `properties.referrer` alone, as on the classic wire, though
//!   the context travels with every call: Attribution's early ingest never looked into `context.page`.
//! - Identify and alias carry a `timestamp` here, and it is the time that histories and merges show. Who is who and which
//!   traits lie on top is decided by the order of arrival all the same.
//! - A timestamp passes Segment's Actions as it was given. One that is no RFC 3339 date-time is not read: the time of
//!   receipt counts.
//! - An alias merges what `previousId` names into the user. Its `anonymousId` counts only where no user is named.
//! - A group is accepted, and nothing is made of it: Attribution attributes to companies by a trait of identify.

use json_tree::Object;

use super::{Call, Message, Names, spec};

/// What the ids are called.
pub(crate) const NAMES: Names = spec::NAMES;

/// What each call's body may hold, in the order in which the destination writes it.
pub(crate) const fn fields(call: Call) -> &'static [&'static str] {
    match call {
        Call::Track => &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "event",
            "properties",
            "traits",
        ],
        Call::Page | Call::Screen => &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "name",
            "properties",
            "traits",
        ],
        Call::Identify => &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "traits",
        ],
        Call::Group => &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "groupId",
            "traits",
        ],
        Call::Alias => &[
            "messageId",
            "timestamp",
            "userId",
            "anonymousId",
            "context",
            "type",
            "previousId",
        ],
    }
}

/// Reads a body, leaving out what can't be used; none when nothing of it can be attributed to anyone.
pub(crate) fn decode(call: Call, body: Object<'_>) -> Option<Message<'_>> {
    spec::decode(call, None, body)
}

#[cfg(test)]
mod tests;
