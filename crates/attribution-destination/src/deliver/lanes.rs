use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use slab::Slab;

use super::ordinals::ByOrdinal;
use super::window::Window;

/// Who comes after whom: one lane for each visitor, with its last event at the end.
///
/// A lane is known by ids. An event with ids of several lanes makes them one, and all their ids stay together: the
/// smaller lane's ids move to the larger one, so an id moves at most log₂ n times. Every event is the last one of its
/// lane until the next one comes, so it has at most one next event, which waits for one event of each lane it joined.
///
/// What is remembered is bounded: a lane of a single id is forgotten as soon as it is idle, and of the idle lanes of
/// several ids those that were idle for longest, once they have more ids together than are to be remembered. A lane that is
/// never idle and gets ids all the time (of many users behind one cookie, say) loses those that were not in use lately,
/// once the busy lanes have more than that. No id is forgotten that an event under way has, so forgetting can only
/// let later events of ids that were once joined go side by side.
#[derive(Debug)]
pub(super) struct Lanes {
    /// By the hash that an id is known by; see [`Visitor`](super::visitor::Visitor).
    lane_of: ByOrdinal<Known>,
    by_key: Slab<Lane>,
    events: Window<Event>,
    /// The idle lanes by the last event that was in them.
    idle: BTreeMap<u64, usize>,
    /// How many ids the idle lanes have.
    idle_ids: usize,
    remembered: usize,
}

/// What is known of an id.
#[derive(Clone, Copy, Debug)]
struct Known {
    lane: usize,
    /// The last event that has it.
    last: u64,
}

#[derive(Debug, Default)]
struct Lane {
    /// Each with the last event that was known to have it when it was queued here.
    ids: VecDeque<(u64, u64)>,
    last: Option<u64>,
    /// Its key among the idle ones.
    idle: Option<u64>,
}

/// An event that has not ended.
#[derive(Debug)]
struct Event {
    /// The lane that it was put at the end of; none where it has no ids. While it is the last one there, that lane goes on.
    lane: Option<usize>,
    /// How many events it waits for.
    before: usize,
    /// How many of those are in the parcel that is being packed.
    packed_before: usize,
    packed: bool,
    next: Option<u64>,
}

impl Event {
    /// Whether everything before it has ended or would travel with it.
    fn may_be_packed(&self) -> bool {
        self.before == self.packed_before
    }
}

impl Lanes {
    /// No lanes; so many ids are remembered beyond those under way.
    pub(super) fn new(remembered: usize) -> Self {
        Self {
            lane_of: ByOrdinal::default(),
            by_key: Slab::new(),
            events: Window::default(),
            idle: BTreeMap::new(),
            idle_ids: 0,
            remembered,
        }
    }

    /// Puts an event at the end of the lane of all these ids, and says whether it may be packed. Each event's ordinal is
    /// larger than those before it.
    pub(super) fn enter(&mut self, ordinal: u64, ids: &[u64]) -> bool {
        let mut before = Vec::new();
        let lane = (!ids.is_empty()).then(|| self.unite(ordinal, ids, &mut before));
        let mut packed_before = 0;
        for other in &before {
            if let Some(other) = self.events.get_mut(*other) {
                other.next = Some(ordinal);
                packed_before += usize::from(other.packed);
            }
        }
        let event = Event {
            lane,
            before: before.len(),
            packed_before,
            packed: false,
            next: None,
        };
        let may_be_packed = event.may_be_packed();
        self.events.push(ordinal, event);
        if let Some(key) = lane {
            self.forget_some_of(key, 2 * ids.len());
        }
        may_be_packed
    }

    /// Takes note that an event is in the parcel that is being packed; the event that may be packed because of that.
    pub(super) fn pack(&mut self, ordinal: u64) -> Option<u64> {
        let event = self.events.get_mut(ordinal)?;
        event.packed = true;
        let next = event.next?;
        let follower = self.events.get_mut(next)?;
        follower.packed_before += 1;
        follower.may_be_packed().then_some(next)
    }

    /// Takes note that the parcel with this event is closed: whatever comes after it waits for its end.
    pub(super) fn seal(&mut self, ordinal: u64) {
        let Some(event) = self.events.get_mut(ordinal) else {
            return;
        };
        event.packed = false;
        if let Some(next) = event.next.and_then(|next| self.events.get_mut(next)) {
            next.packed_before -= 1;
        }
    }

    /// Whether everything before an event has ended.
    pub(super) fn is_first(&self, ordinal: u64) -> bool {
        self.events.get(ordinal).is_none_or(|event| event.before == 0)
    }

    /// Takes note that an event has ended; the one after it, if nothing keeps that from being packed now. Where the two
    /// travelled together, it is under way already.
    pub(super) fn leave(&mut self, ordinal: u64) -> Option<u64> {
        let event = self.events.remove(ordinal)?;
        self.rest(ordinal, event.lane);
        let next = event.next?;
        let follower = self.events.get_mut(next)?;
        follower.before -= 1;
        follower.packed_before -= usize::from(event.packed);
        follower.may_be_packed().then_some(next)
    }

    /// Lets the lane of an ended event rest, if that was its last one.
    fn rest(&mut self, ordinal: u64, lane: Option<usize>) {
        let Some(key) = lane else {
            return;
        };
        let Some(lane) = self.by_key.get_mut(key).filter(|lane| lane.last == Some(ordinal)) else {
            return;
        };
        lane.last = None;
        if lane.ids.len() == 1 {
            self.forget(key);
            return;
        }
        lane.idle = Some(ordinal);
        self.idle_ids += lane.ids.len();
        self.idle.insert(ordinal, key);
        while self.idle_ids > self.remembered
            && let Some((_, oldest)) = self.idle.pop_first()
        {
            self.forget(oldest);
        }
    }

    fn forget(&mut self, key: usize) {
        let Some(lane) = self.by_key.try_remove(key) else {
            return;
        };
        if lane.idle.is_some() {
            self.idle_ids -= lane.ids.len();
        }
        for (id, _) in lane.ids {
            self.lane_of.remove(&id);
        }
    }

    /// Looks at a few of a lane's ids, those first that were not looked at for longest, and forgets the ones that no event
    /// has had since, as long as busy lanes have more ids than are to be remembered.
    fn forget_some_of(&mut self, key: usize, looks: usize) {
        let Some(lane) = self.by_key.get_mut(key) else {
            return;
        };
        for _ in 0..looks.min(lane.ids.len()) {
            if self.lane_of.len() - self.idle_ids <= self.remembered {
                return;
            }
            let Some((id, last)) = lane.ids.pop_front() else {
                return;
            };
            match self.lane_of.get(&id) {
                Some(known) if known.last != last || self.events.contains(last) => {
                    lane.ids.push_back((id, known.last));
                }
                _ => {
                    self.lane_of.remove(&id);
                }
            }
        }
    }

    /// Makes all the ids those of one lane with this event at its end, and returns the lane's key; `before` gets the events
    /// that were the last ones of the lanes that it is made of.
    fn unite(&mut self, ordinal: u64, ids: &[u64], before: &mut Vec<u64>) -> usize {
        let mut keys: Vec<usize> = ids.iter().filter_map(|id| Some(self.lane_of.get(id)?.lane)).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in &keys {
            self.wake(*key);
        }
        let largest = keys
            .iter()
            .copied()
            .max_by_key(|key| self.by_key.get(*key).map_or(0, |lane| lane.ids.len()));
        let home = largest.unwrap_or_else(|| self.by_key.insert(Lane::default()));
        let mut moved: Vec<(u64, u64)> = Vec::new();
        for lane in keys
            .iter()
            .filter(|key| **key != home)
            .filter_map(|key| self.by_key.try_remove(*key))
        {
            moved.extend(lane.ids);
            before.extend(lane.last);
        }
        for (id, _) in &moved {
            if let Some(known) = self.lane_of.get_mut(id) {
                known.lane = home;
            }
        }
        let lane = &mut self.by_key[home];
        lane.ids.extend(moved);
        before.extend(lane.last.replace(ordinal));
        let known = Known {
            lane: home,
            last: ordinal,
        };
        for id in ids {
            match self.lane_of.entry(*id) {
                Entry::Occupied(mut before) => *before.get_mut() = known,
                Entry::Vacant(place) => {
                    place.insert(known);
                    lane.ids.push_back((*id, ordinal));
                }
            }
        }
        home
    }

    /// Takes a lane from among the idle ones.
    fn wake(&mut self, key: usize) {
        if let Some(lane) = self.by_key.get_mut(key)
            && let Some(idle) = lane.idle.take()
        {
            self.idle_ids -= lane.ids.len();
            self.idle.remove(&idle);
        }
    }
}

#[cfg(test)]
mod tests;
