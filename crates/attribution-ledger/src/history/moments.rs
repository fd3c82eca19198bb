use jiff::Timestamp;

use super::{Fact, fingerprint};
use crate::decode::Hit;
use crate::hash::HashMap;

/// So many events at the very same time are no coincidence.
const MANY: u8 = 5;

/// For everyone, by the fingerprint of the ids, when the last event was and how many in a row were then.
#[derive(Clone, Debug, Default)]
pub(super) struct Moments {
    last: HashMap<u64, (Timestamp, u8)>,
}

impl Moments {
    /// Remembers the time of a page view or a track, and tells when it is the one too many.
    pub(super) fn note(&mut self, hit: &Hit<'_>) -> Option<Fact> {
        let (ids, at) = match hit {
            Hit::Page(page) => (&page.ids, page.at?),
            Hit::Track(track) => (&track.ids, track.at?),
            Hit::Identify(_) | Hit::Alias(_) | Hit::Group(_) => return None,
        };
        let (last, count) = self.last.entry(fingerprint::of_ids(ids)).or_insert((at, 0));
        *count = if *last == at { count.saturating_add(1) } else { 1 };
        *last = at;
        (*count == MANY).then_some(Fact::ManyAtOnce { count: MANY })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::track;
    use super::{Fact, Moments};

    #[test]
    fn the_fifth_event_at_one_time_is_told_and_no_other() {
        let mut moments = Moments::default();
        let told: Vec<_> = (0..300)
            .filter(|number| moments.note(&track("u", &number.to_string(), 0).hit).is_some())
            .collect();
        assert_eq!(told, [4]);
    }

    #[test]
    fn another_time_or_another_visitor_begins_anew() {
        let mut moments = Moments::default();
        for minute in 0..3 {
            for _ in 0..4 {
                assert_eq!(moments.note(&track("u", "A", minute).hit), None);
            }
            assert_eq!(moments.note(&track("v", "A", minute).hit), None);
        }
        assert!((0..4).all(|_| moments.note(&track("w", "A", 0).hit).is_none()));
        assert_eq!(
            moments.note(&track("w", "A", 0).hit),
            Some(Fact::ManyAtOnce { count: 5 })
        );
    }
}
