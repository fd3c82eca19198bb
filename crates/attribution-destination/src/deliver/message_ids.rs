use std::sync::{Mutex, PoisonError};

use clock::{Random, Seed};
use jiff::Timestamp;
use segment_event::{Event, Kind, MessageId};

use crate::settings::Dialect;

/// Gives events what Segment's ingest would have given them, where the wire carries it: from then on, each event makes
/// the same request whenever it is mapped.
///
/// An event that is sent twice, because its first answer was lost, counts once only if both requests have the same
/// `messageId`; so it has to have one before it is sent first, and with it the time at which it was taken in.
#[derive(Debug)]
pub(super) struct MessageIds(Mutex<Random>);

impl MessageIds {
    pub(super) fn new(seed: Seed) -> Self {
        Self(Mutex::new(seed.random("message ids")))
    }

    /// What is missing of an event that is taken in at this time.
    pub(super) fn missing(&self, event: &Event, dialect: Dialect, at: Timestamp) -> Missing {
        let lacks_id = dialect.carries_message_id() && event.message_id().is_none();
        Missing {
            id: lacks_id.then(|| self.next()),
            dialect,
            at,
        }
    }

    /// A random UUID (RFC 9562, version 4).
    pub(super) fn next(&self) -> MessageId {
        let mut random = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = random.uuid();
        drop(random);
        MessageId::new(text).expect("it is not empty")
    }
}

/// What an event is given that comes without.
#[derive(Clone, Debug)]
pub(super) struct Missing {
    /// The `messageId`, of one that has none where the wire carries it.
    pub(super) id: Option<MessageId>,
    pub(super) dialect: Dialect,
    /// When it was taken in.
    pub(super) at: Timestamp,
}

impl Missing {
    /// The event with a `messageId`, and with a `timestamp` where its request is not to do without one.
    pub(super) fn given_to(self, event: Event) -> Event {
        let event = match self.id {
            Some(id) => event.with_message_id(id),
            None => event,
        };
        if is_timed(event.kind(), self.dialect) {
            event.with_timestamp(self.at)
        } else {
            event
        }
    }
}

/// Whether the request says when the event happened, whatever the message says.
fn is_timed(kind: Kind, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Classic => matches!(kind, Kind::Track | Kind::Page | Kind::Screen),
        Dialect::Actions => true,
        Dialect::Import => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn complete(message: serde_json::Value, dialect: Dialect) -> Event {
        let event = Event::unchecked(message).unwrap();
        let ids = MessageIds::new(Seed::from(1));
        ids.missing(&event, dialect, Timestamp::UNIX_EPOCH).given_to(event)
    }

    #[test]
    fn an_id_is_a_random_uuid_and_the_same_seed_gives_the_same() {
        let [one, other] = [1, 2].map(|_| {
            let ids = MessageIds::new(Seed::from(7));
            [ids.next(), ids.next()]
        });
        assert_eq!(one, other);
        assert_ne!(one[0], one[1]);
        let text = one[0].as_str();
        assert_eq!((text.len(), &text[14..15]), (36, "4"));
        assert!("89ab".contains(&text[19..20]), "{text}");
    }

    #[test]
    fn only_what_is_missing_and_on_the_wire_is_filled_in() {
        let bare = json!({"type": "page", "userId": "u"});
        let classic = complete(bare.clone(), Dialect::Classic);
        assert!(classic.message_id().is_none() && classic.get("timestamp").is_some());
        let untimed = json!({"type": "identify", "userId": "u"});
        let identify = complete(untimed.clone(), Dialect::Classic);
        assert_eq!(identify, Event::unchecked(untimed).unwrap());
        let import = complete(bare.clone(), Dialect::Import);
        assert!(import.message_id().is_some() && import.get("timestamp").is_none());
        let actions = complete(bare, Dialect::Actions);
        assert_eq!(actions.get("timestamp"), Some(&json!("1970-01-01T00:00:00.000Z")));
        let whole = json!({"type": "page", "userId": "u", "messageId": "m", "timestamp": "2024-01-15"});
        assert_eq!(
            complete(whole.clone(), Dialect::Actions),
            Event::unchecked(whole).unwrap()
        );
    }
}
