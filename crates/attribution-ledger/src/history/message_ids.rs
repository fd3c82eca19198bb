use super::{Fact, fingerprint};
use crate::decode::Message;
use crate::hash::HashMap;

/// Every message id that was recorded, the number of the request that brought it first, and a fingerprint of what it said.
///
/// The ids themselves are kept and not their hashes, so that no message is ever taken for another.
#[derive(Clone, Debug, Default)]
pub(super) struct MessageIds {
    first: HashMap<Box<str>, (u64, u64)>,
}

impl MessageIds {
    /// Remembers the message's id, or tells that it came before. A message without an id is always new.
    pub(super) fn note(&mut self, message: &Message<'_>, request: u64) -> Option<Fact> {
        let id = message.id.as_deref()?;
        let words = fingerprint::of_words(&message.hit);
        let Some(&(first, first_words)) = self.first.get(id) else {
            self.first.insert(id.into(), (request, words));
            return None;
        };
        Some(if words == first_words {
            Fact::Repeated { first }
        } else {
            Fact::Reused { first }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::track;
    use super::{Fact, MessageIds};
    use crate::decode::Message;

    fn with_id(id: Option<&str>, message: Message<'static>) -> Message<'static> {
        let id = id.map(str::to_owned);
        Message { id, ..message }
    }

    #[test]
    fn an_id_is_known_by_the_request_that_brought_it_first() {
        let mut ids = MessageIds::default();
        let mut note = |id, request| ids.note(&with_id(Some(id), track("u", "A", 0)), request);
        assert_eq!(note("msg-1", 1), None);
        assert_eq!(note("msg-1", 2), Some(Fact::Repeated { first: 1 }));
        assert_eq!(note("msg-1", 3), Some(Fact::Repeated { first: 1 }));
        assert_eq!(note("MSG-1", 3), None);
    }

    #[test]
    fn an_id_that_says_something_else_is_reused_and_another_time_is_nothing_else() {
        let mut ids = MessageIds::default();
        let mut note = |message| ids.note(&with_id(Some("msg-1"), message), 1);
        assert_eq!(note(track("u", "A", 0)), None);
        assert_eq!(note(track("u", "A", 5)), Some(Fact::Repeated { first: 1 }));
        assert_eq!(note(track("u", "B", 0)), Some(Fact::Reused { first: 1 }));
        assert_eq!(note(track("v", "A", 0)), Some(Fact::Reused { first: 1 }));
    }

    #[test]
    fn messages_without_an_id_are_all_new() {
        let mut ids = MessageIds::default();
        let message = with_id(None, track("u", "A", 0));
        assert_eq!((ids.note(&message, 1), ids.note(&message, 2)), (None, None));
    }
}
