use std::collections::hash_map::Entry;

use super::{Fact, fingerprint};
use crate::decode::{Hit, Message};
use crate::hash::HashMap;

/// Every track without an id but with a time, by the fingerprint of what it says and when, and the number of the request
/// that said so first.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracks {
    first: HashMap<u64, u64>,
}

impl Tracks {
    /// Remembers a track, or tells that another was just like it.
    pub(super) fn note(&mut self, message: &Message<'_>, request: u64) -> Option<Fact> {
        let Hit::Track(track) = &message.hit else {
            return None;
        };
        if message.id.is_some() {
            return None;
        }
        let fingerprint = fingerprint::of((fingerprint::of_words(&message.hit), track.at?));
        match self.first.entry(fingerprint) {
            Entry::Occupied(first) => Some(Fact::Twin { first: *first.get() }),
            Entry::Vacant(place) => {
                place.insert(request);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::track;
    use super::{Fact, Tracks};
    use crate::decode::{Hit, Message};

    #[test]
    fn a_track_that_is_just_like_another_is_its_twin() {
        let mut tracks = Tracks::default();
        assert_eq!(tracks.note(&track("u", "A", 0), 1), None);
        assert_eq!(tracks.note(&track("u", "A", 0), 2), Some(Fact::Twin { first: 1 }));
        assert_eq!(tracks.note(&track("u", "A", 1), 3), None);
        assert_eq!(tracks.note(&track("u", "B", 0), 4), None);
        assert_eq!(tracks.note(&track("v", "A", 0), 5), None);
    }

    #[test]
    fn a_track_with_an_id_or_without_a_time_has_no_twin() {
        let mut tracks = Tracks::default();
        let id = Some("msg-1".to_owned());
        let with_id = Message {
            id,
            ..track("u", "A", 0)
        };
        let mut timeless = track("u", "B", 0);
        if let Hit::Track(track) = &mut timeless.hit {
            track.at = None;
        }
        for message in [with_id, timeless] {
            assert_eq!((tracks.note(&message, 1), tracks.note(&message, 2)), (None, None));
        }
    }
}
