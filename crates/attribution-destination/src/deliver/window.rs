use std::collections::VecDeque;

use super::ordinals::ByOrdinal;

/// For how many ordinals there is a place side by side, whether there is something in it or not.
const SPAN: usize = 16_384;

/// Something for each of the events that are under way, by their ordinals. These come one after the other and most are gone
/// again soon, so what is recent lies side by side and is found by counting. What stays for longer is kept apart, so that one
/// event that waits for an hour doesn't keep the places of all that came and went since.
#[derive(Debug)]
pub(super) struct Window<T> {
    /// The ordinal of the first of the recent ones.
    first: u64,
    recent: VecDeque<Option<T>>,
    stragglers: ByOrdinal<T>,
    len: usize,
}

impl<T> Default for Window<T> {
    fn default() -> Self {
        Self {
            first: 0,
            recent: VecDeque::new(),
            stragglers: ByOrdinal::default(),
            len: 0,
        }
    }
}

impl<T> Window<T> {
    /// Puts in what is newer than anything that was put in before.
    pub(super) fn push(&mut self, ordinal: u64, value: T) {
        if self.recent.is_empty() {
            self.first = ordinal;
        }
        while self.place(ordinal).is_some_and(|place| place > self.recent.len()) {
            self.add(None);
        }
        debug_assert_eq!(
            self.place(ordinal),
            Some(self.recent.len()),
            "{ordinal} is not newer than all before it"
        );
        self.add(Some(value));
        self.len += 1;
    }

    pub(super) fn get(&self, ordinal: u64) -> Option<&T> {
        match self.place(ordinal) {
            Some(place) => self.recent.get(place)?.as_ref(),
            None => self.stragglers.get(&ordinal),
        }
    }

    pub(super) fn get_mut(&mut self, ordinal: u64) -> Option<&mut T> {
        match self.place(ordinal) {
            Some(place) => self.recent.get_mut(place)?.as_mut(),
            None => self.stragglers.get_mut(&ordinal),
        }
    }

    pub(super) fn contains(&self, ordinal: u64) -> bool {
        self.get(ordinal).is_some()
    }

    pub(super) fn remove(&mut self, ordinal: u64) -> Option<T> {
        let removed = match self.place(ordinal) {
            Some(place) => self.recent.get_mut(place)?.take(),
            None => self.stragglers.remove(&ordinal),
        }?;
        self.len -= 1;
        while self.recent.front().is_some_and(Option::is_none) {
            self.recent.pop_front();
            self.first += 1;
        }
        Some(removed)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Where it is among the recent ones, if it is not older than they are.
    fn place(&self, ordinal: u64) -> Option<usize> {
        usize::try_from(ordinal.checked_sub(self.first)?).ok()
    }

    /// Adds a place at the end; the first one makes room for it.
    fn add(&mut self, value: Option<T>) {
        if self.recent.len() == SPAN {
            if let Some(old) = self.recent.pop_front().flatten() {
                self.stragglers.insert(self.first, old);
            }
            self.first += 1;
        }
        self.recent.push_back(value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_that_stays_keeps_no_place_of_those_that_come_and_go() {
        let mut window = Window::default();
        window.push(0, "stays");
        for ordinal in 1..1_000_000 {
            window.push(ordinal, "goes");
            assert_eq!(window.remove(ordinal), Some("goes"));
        }
        assert!(
            window.recent.len() <= SPAN && window.recent.capacity() <= SPAN,
            "{}",
            window.recent.len()
        );
        assert_eq!((window.len(), window.get(0)), (1, Some(&"stays")));
        assert_eq!(window.remove(0), Some("stays"));
        assert!(window.stragglers.is_empty() && window.recent.is_empty());
    }

    proptest! {
        /// A window is a map, however far apart the ordinals are and in whichever order they go.
        #[test]
        fn a_window_holds_what_a_map_holds(
            steps in prop::collection::vec((prop_oneof![9 => 1..4_u64, 1 => 1..40_000_u64], any::<prop::sample::Index>(), 0..3_usize), 0..200),
        ) {
            let mut window = Window::default();
            let mut map = std::collections::BTreeMap::new();
            let mut next = 0;
            for (apart, index, removed) in steps {
                next += apart;
                window.push(next, next * 2);
                map.insert(next, next * 2);
                for _ in 0..removed.min(map.len()) {
                    let ordinal = *index.get(&map.keys().copied().collect::<Vec<u64>>());
                    prop_assert_eq!(window.remove(ordinal), map.remove(&ordinal));
                    prop_assert_eq!(window.remove(ordinal), None);
                }
                prop_assert_eq!(window.len(), map.len());
                for (ordinal, value) in &map {
                    prop_assert_eq!(window.get(*ordinal), Some(value));
                    prop_assert_eq!(window.get_mut(*ordinal).copied(), Some(*value));
                }
                prop_assert!(!window.contains(next + 1));
            }
        }
    }
}
