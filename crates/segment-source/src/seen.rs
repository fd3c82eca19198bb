use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// The `messageId`s of the last hours.
///
/// An id is remembered as two hashes of 64 bits with keys of this process: no two of half a million ids will ever share both,
/// and nobody who sends can make them.
#[derive(Debug)]
pub(crate) struct Seen {
    ids: HashSet<u128>,
    /// In the order in which they came, with when.
    order: VecDeque<(u128, Duration)>,
    keys: [RandomState; 2],
    most: usize,
    window: Duration,
}

impl Seen {
    pub(crate) fn new(most: usize, window: Duration) -> Self {
        Self {
            ids: HashSet::new(),
            order: VecDeque::new(),
            keys: [RandomState::new(), RandomState::new()],
            most,
            window,
        }
    }

    /// What an id is remembered as; no lock is needed for it.
    pub(crate) fn hashers(&self) -> [RandomState; 2] {
        self.keys.clone()
    }

    /// Remembers an id, and tells whether it was not remembered already. `now` never goes back.
    pub(crate) fn is_new(&mut self, id: u128, now: Duration) -> bool {
        self.forget(now);
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back((id, now));
        if self.order.len() > self.most {
            self.forget_oldest();
        }
        true
    }

    fn forget(&mut self, now: Duration) {
        while self
            .order
            .front()
            .is_some_and(|(_, at)| now.saturating_sub(*at) > self.window)
        {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((id, _)) = self.order.pop_front() {
            self.ids.remove(&id);
        }
    }
}

/// The two hashes of an id.
pub(crate) fn hash(id: &str, keys: &[RandomState; 2]) -> u128 {
    let [high, low] = keys.each_ref().map(|key| key.hash_one(id));
    u128::from(high) << 64 | u128::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn seen(most: usize) -> impl FnMut(&str, u32) -> bool {
        let mut seen = Seen::new(most, 24 * HOUR);
        move |id, hour| {
            let hash = hash(id, &seen.hashers());
            seen.is_new(hash, hour * HOUR)
        }
    }

    #[test]
    fn an_id_is_remembered_for_the_window_since_it_first_came() {
        let mut is_new = seen(100);
        assert!(is_new("a", 0));
        assert!(!is_new("a", 12) && !is_new("a", 24));
        assert!(is_new("a", 25), "what came again meanwhile does not prolong it");
    }

    #[test]
    fn at_one_too_many_the_oldest_is_forgotten() {
        let mut is_new = seen(2);
        assert!(is_new("a", 0) && is_new("b", 0) && is_new("c", 0));
        assert!(!is_new("b", 0) && !is_new("c", 0));
        assert!(is_new("a", 0));
    }
}
