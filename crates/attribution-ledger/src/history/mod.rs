//! What the record remembers so that a message can be told from those before it: one file for each thing remembered.
//!
//! All of it is looked at and added to when a message is recorded, in the order of arrival, and is a function of what was
//! recorded before. Each memory takes at most a fixed number of bytes for each message, visitor or id that is recorded
//! anyway.

mod aliases;
mod cookies;
mod fact;
mod fingerprint;
mod message_ids;
mod moments;
mod referrers;
#[cfg(test)]
mod testing;
mod tracks;

use std::time::Duration;

use aliases::Aliases;
use cookies::Cookies;
pub(crate) use fact::Fact;
use jiff::Timestamp;
use message_ids::MessageIds;
use moments::Moments;
use referrers::Referrers;
use tracks::Tracks;

use crate::decode::{Hit, IdentifyHit, Message, PageHit, TrackHit};
use crate::project::people::People;

/// Everything that is remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    message_ids: MessageIds,
    tracks: Tracks,
    moments: Moments,
    cookies: Cookies,
    referrers: Referrers,
    aliases: Aliases,
}

/// What is to be done with a message, and what is known about it.
#[derive(Debug)]
pub(crate) struct Noted {
    /// Whether it counts: its id was not recorded before.
    pub(crate) is_new: bool,
    pub(crate) facts: Vec<Fact>,
}

impl History {
    /// Tells what has to do with this message, and remembers it. So long without a page view ends a visit. The people are
    /// those of the messages before it.
    pub(crate) fn note(
        &mut self,
        message: &Message,
        request: u64,
        received_at: Timestamp,
        gap: Duration,
        people: &People,
    ) -> Noted {
        if let Some(known) = self.message_ids.note(message, request) {
            let facts = vec![known];
            return Noted { is_new: false, facts };
        }
        let mut facts = Vec::new();
        let twin = self.tracks.note(message, request);
        if twin.is_none() {
            facts.extend(self.moments.note(&message.hit));
        }
        facts.extend(twin);
        if let Hit::Page(page) = &message.hit {
            facts.extend(self.referrers.note(page, request, received_at, gap));
        }
        match &message.hit {
            Hit::Page(PageHit { ids, context, .. })
            | Hit::Track(TrackHit { ids, context, .. })
            | Hit::Identify(IdentifyHit { ids, context, .. }) => {
                // Engage sends one message for each anonymous id of a profile.
                if context.contains_key("personas") {
                    facts.extend((!people.know(ids)).then_some(Fact::Stranger));
                } else {
                    facts.extend(self.cookies.note(ids, received_at));
                }
            }
            Hit::Alias(alias) => facts.extend(self.aliases.note(alias, request)),
            Hit::Group(_) => {}
        }
        Noted { is_new: true, facts }
    }
}
