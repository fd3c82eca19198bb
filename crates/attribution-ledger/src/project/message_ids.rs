use std::collections::HashMap;

/// Every message id that was recorded, and the number of the request that brought it first.
///
/// The ids themselves are kept and not their hashes, so that no message is ever taken for another.
#[derive(Clone, Debug, Default)]
pub(crate) struct MessageIds {
    first: HashMap<Box<str>, u64>,
}

impl MessageIds {
    /// Notes that a request brought this id; the request that did so before, if one did. A message without an id is always
    /// new.
    pub(crate) fn note(&mut self, id: Option<&str>, request: u64) -> Option<u64> {
        let id = id?;
        if let Some(&first) = self.first.get(id) {
            return Some(first);
        }
        self.first.insert(id.into(), request);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::MessageIds;

    #[test]
    fn an_id_is_known_by_the_request_that_brought_it_first() {
        let mut ids = MessageIds::default();
        assert_eq!(ids.note(Some("msg-1"), 1), None);
        assert_eq!(ids.note(Some("msg-1"), 2), Some(1));
        assert_eq!(ids.note(Some("msg-1"), 3), Some(1));
        assert_eq!(ids.note(Some("MSG-1"), 3), None);
    }

    #[test]
    fn messages_without_an_id_are_all_new() {
        let mut ids = MessageIds::default();
        assert_eq!((ids.note(None, 1), ids.note(None, 2)), (None, None));
    }
}
