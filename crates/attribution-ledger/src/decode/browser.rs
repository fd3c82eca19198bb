//! The browser dialect: attribution.js, which posts a Segment message in camelCase as text.
//!
//! Source: the vendor's public client, analytics.js-integration-attribution. It sends `text/plain`, so that a browser asks
//! no permission first, and no `Authorization`: the body carries `projectId`. Its paths are `/v1/` and the first letter of
//! the call, without screens; older builds left out the `/v1`, and the oldest posted to the paths of the classic wire, with
//! `project_id`. On a path that is shared, it is for the server to tell who speaks.
//!
//! A message is read as the actions dialect reads it. What is decided here beyond that, because the vendor's own reading is
//! not public:
//!
//! - An alias names its ids `previousId` and `userId`, or else `from` and `to`, which the client puts into their places
//!   before it sends.
//! - The oldest builds have no path for pages: on `/track` a message whose `type` is `page` is one.
//! - `sentAt` is not read: how far the visitor's clock is off is not made good.
//! - The oldest builds wrote each id twice, as `userId` and `user_id`. Only the first is read.
//! - Analytics.js checks little of what a page passes to it, so most rules only warn.

use json_tree::{Object, Value};

use super::{Call, IdField, Message, Names, spec};

/// What the ids are called.
pub(crate) const NAMES: Names = spec::NAMES;

/// What is read of a message; any other field may stand beside these.
pub(crate) use super::import::FIELDS;

/// Where attribution.js posts a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BrowserRoute {
    path: &'static str,
    call: Call,
}

impl BrowserRoute {
    /// Every one: of the current build, of older ones, and of the oldest.
    pub const ALL: [Self; 13] = [
        Self::new("/v1/t", Call::Track),
        Self::new("/v1/p", Call::Page),
        Self::new("/v1/i", Call::Identify),
        Self::new("/v1/g", Call::Group),
        Self::new("/v1/a", Call::Alias),
        Self::new("/t", Call::Track),
        Self::new("/p", Call::Page),
        Self::new("/i", Call::Identify),
        Self::new("/g", Call::Group),
        Self::new("/a", Call::Alias),
        Self::new("/track", Call::Track),
        Self::new("/identify", Call::Identify),
        Self::new("/alias", Call::Alias),
    ];

    /// Those that no other dialect has.
    pub(super) const OWN: [Self; 5] = [Self::ALL[5], Self::ALL[6], Self::ALL[7], Self::ALL[8], Self::ALL[9]];

    const fn new(path: &'static str, call: Call) -> Self {
        Self { path, call }
    }

    /// The request path.
    pub const fn path(self) -> &'static str {
        self.path
    }

    /// The call of a message that is posted there.
    pub(crate) fn call(self, message: &Object<'_>) -> Call {
        let is_page = || message.get("type").and_then(Value::as_str) == Some(Call::Page.as_str());
        match self.path {
            "/track" if is_page() => Call::Page,
            _ => self.call,
        }
    }

    /// Puts the other names of an alias's ids in place of those that are missing, as the client does.
    pub(crate) fn complete(self, message: &mut Object<'_>) {
        if self.call != Call::Alias {
            return;
        }
        for (name, other) in [(NAMES.previous, "from"), (NAMES.user, "to")] {
            if let Some(id) = message.remove(other)
                && IdField::of(message, name).is_blank()
            {
                message.insert(name, id);
            }
        }
    }
}

/// Whether the oldest builds wrote this field beside the one that is read.
pub(crate) fn is_twin(message: &Object<'_>, field: &str) -> bool {
    let read = match field {
        "user_id" => NAMES.user,
        "cookie_id" | "anonymous_id" => NAMES.cookie,
        "previous_id" => NAMES.previous,
        _ => return false,
    };
    message.contains_key(read)
}

/// Reads a body, leaving out what can't be used; none when nothing of it can be attributed to anyone.
pub(crate) fn decode(route: BrowserRoute, body: Object<'_>) -> Option<Message<'_>> {
    spec::decode(route.call(&body), None, body)
}

#[cfg(test)]
mod tests;
