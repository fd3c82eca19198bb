use std::hash::{BuildHasher as _, RandomState};

/// An event names its visitor by so many ids at most: a user, a cookie, and the three that an alias may have besides.
const MOST: usize = 5;

/// Who an event is about, as its lane knows it: by the hashes of its ids, each once.
///
/// Two ids of the same hash would be one visitor's, whose events wait for each other without need. The hash is keyed, so
/// nobody can choose such ids, and of 2^64 hashes no two meet by chance.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Visitor {
    ids: [u64; MOST],
    count: usize,
}

impl Visitor {
    /// The visitor of all these ids.
    pub(super) fn of<'a>(ids: impl IntoIterator<Item = &'a str>, key: &RandomState) -> Self {
        let mut visitor = Self::default();
        ids.into_iter().for_each(|id| visitor.add(id, key));
        visitor
    }

    /// Has this id, too.
    pub(super) fn add(&mut self, id: &str, key: &RandomState) {
        let hash = key.hash_one(id);
        if !self.ids().contains(&hash)
            && let Some(place) = self.ids.get_mut(self.count)
        {
            *place = hash;
            self.count += 1;
        }
    }

    pub(super) fn ids(&self) -> &[u64] {
        &self.ids[..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_counts_once_and_is_the_same_wherever_it_stands() {
        let key = RandomState::new();
        let both = Visitor::of(["user-1", "cookie-1", "user-1"], &key);
        assert_eq!(both.ids().len(), 2);
        assert_eq!(Visitor::of(["cookie-1"], &key).ids(), &both.ids()[1..]);
        assert!(Visitor::of([], &key).ids().is_empty());
        let all = ["u", "a", "previous", "from", "to"];
        assert_eq!(Visitor::of(all, &key).ids().len(), all.len());
    }
}
