use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::oneshot;

/// Who comes after whom: one lane for each visitor, with its last event at the end.
///
/// A lane is known by ids. An event with ids of several lanes makes them one, and all their ids stay together: the
/// smaller lane's ids move to the larger one, so an id moves at most log₂ n times. A lane of a single id is forgotten
/// as soon as it is idle, so what is remembered is what is under way and the ids that were joined.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lane_of: HashMap<Arc<str>, u64>,
    lanes: HashMap<u64, Lane>,
}

#[derive(Debug, Default)]
struct Lane {
    ids: Vec<Arc<str>>,
    last: Option<Last>,
}

#[derive(Debug)]
struct Last {
    ordinal: u64,
    done: oneshot::Receiver<()>,
}

/// The events directly before one. It may begin when all of them have ended.
#[derive(Debug)]
pub(super) struct Turn(Vec<oneshot::Receiver<()>>);

impl Turn {
    pub(super) async fn come(self) {
        for before in self.0 {
            // An end is signalled by dropping the mark, so that a panic is one too.
            let _ = before.await;
        }
    }
}

/// An event's place in its lane; the events behind it wait until it is dropped.
#[derive(Debug)]
pub(super) struct Mark {
    ordinal: u64,
    /// Any of its ids; none where the event has none, and then it is in no lane.
    id: Option<String>,
    _done: oneshot::Sender<()>,
}

impl Lanes {
    /// Puts an event at the end of the lane of all these ids. No two events have the same ordinal.
    pub(super) fn join(&mut self, ordinal: u64, ids: Vec<String>) -> (Turn, Mark) {
        let (sender, done) = oneshot::channel();
        let mut before = Vec::new();
        if !ids.is_empty() {
            let (key, ends) = self.unite(ordinal, &ids);
            before.extend(ends);
            let lane = self.lanes.entry(key).or_default();
            before.extend(lane.last.replace(Last { ordinal, done }));
        }
        let mark = Mark {
            ordinal,
            id: ids.into_iter().next(),
            _done: sender,
        };
        (Turn(before.into_iter().map(|last| last.done).collect()), mark)
    }

    /// Takes note that an event has ended. Those behind it begin when the mark is dropped.
    pub(super) fn leave(&mut self, mark: &Mark) {
        let Some(key) = mark.id.as_deref().and_then(|id| self.lane_of.get(id)).copied() else {
            return;
        };
        let Some(lane) = self.lanes.get_mut(&key).filter(|lane| lane.ends_with(mark.ordinal)) else {
            return;
        };
        lane.last = None;
        if let [id] = lane.ids.as_slice() {
            self.lane_of.remove(id);
            self.lanes.remove(&key);
        }
    }

    /// Makes all the ids those of one lane: its key, and the ends of the lanes that are no longer.
    fn unite(&mut self, ordinal: u64, ids: &[String]) -> (u64, Vec<Last>) {
        let mut keys: Vec<u64> = ids
            .iter()
            .filter_map(|id| self.lane_of.get(id.as_str()).copied())
            .collect();
        let largest = keys
            .iter()
            .copied()
            .max_by_key(|key| self.lanes.get(key).map_or(0, |lane| lane.ids.len()));
        // An ordinal is in use as a key only if that event made the lane, and this one is new.
        let home = largest.unwrap_or(ordinal);
        keys.retain(|key| *key != home);
        let mut moved = Vec::new();
        let mut ends = Vec::new();
        for lane in keys.iter().filter_map(|key| self.lanes.remove(key)).collect::<Vec<_>>() {
            moved.extend(lane.ids);
            ends.extend(lane.last);
        }
        moved.extend(
            ids.iter()
                .filter(|id| !self.lane_of.contains_key(id.as_str()))
                .map(|id| Arc::from(id.as_str())),
        );
        for id in &moved {
            self.lane_of.insert(Arc::clone(id), home);
        }
        self.lanes.entry(home).or_default().ids.extend(moved);
        (home, ends)
    }
}

impl Lane {
    fn ends_with(&self, ordinal: u64) -> bool {
        self.last.as_ref().is_some_and(|last| last.ordinal == ordinal)
    }
}

#[cfg(test)]
mod tests;
