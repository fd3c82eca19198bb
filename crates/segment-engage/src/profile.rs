//! What is remembered of one profile.

use jiff::Timestamp;
use serde_json::Value;

use crate::memory::Memory;
use crate::program::{Program, SlotId, TraitId};

/// One profile. It holds only what it has: a visitor who did nothing of interest takes no memory beside the ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    /// By slot, in order.
    memories: Vec<(SlotId, Memory)>,
    /// By trait, in order.
    traits: Vec<(TraitId, Trait)>,
    /// When it has to be looked at next, if nothing happens before.
    pub(crate) wake: Option<Timestamp>,
    /// Whether it is among those that are looked at in the next sync.
    pub(crate) is_listed: bool,
}

#[derive(Clone, Debug)]
struct Trait {
    value: Value,
    /// The number of the message that set it, in the order of arrival.
    order: u64,
}

impl Profile {
    /// Remembers something of an event.
    pub(crate) fn remember(&mut self, slot: SlotId, memory: Memory, program: &Program) {
        match self.memories.binary_search_by_key(&slot, |(slot, _)| *slot) {
            Ok(place) => {
                let known = &mut self.memories[place].1;
                known.absorb(memory);
                program.slot(slot).trim(known);
            }
            Err(place) => {
                let mut memory = memory;
                program.slot(slot).trim(&mut memory);
                self.memories.insert(place, (slot, memory));
            }
        }
    }

    /// Sets a trait, unless it was set by a later message; returns whether its value is another one than before.
    pub(crate) fn set(&mut self, id: TraitId, value: Value, order: u64) -> bool {
        match self.traits.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(place) => {
                let known = &mut self.traits[place].1;
                if known.order > order {
                    return false;
                }
                let is_other = known.value != value;
                *known = Trait { value, order };
                is_other
            }
            Err(place) => {
                self.traits.insert(place, (id, Trait { value, order }));
                true
            }
        }
    }

    /// Remembers all that another profile does.
    pub(crate) fn absorb(&mut self, other: Self, program: &Program) {
        for (slot, memory) in other.memories {
            self.remember(slot, memory, program);
        }
        for (id, Trait { value, order }) in other.traits {
            self.set(id, value, order);
        }
    }

    /// Forgets what has become too old, and returns the moment after which more of it is.
    pub(crate) fn prune(&mut self, program: &Program, now: Timestamp) -> Option<Timestamp> {
        let mut wake: Option<Timestamp> = None;
        for (slot, memory) in &mut self.memories {
            let slot = program.slot(*slot);
            slot.prune(memory, now);
            wake = [wake, slot.wake(memory)].into_iter().flatten().min();
        }
        wake
    }

    /// What is remembered for a slot.
    pub(crate) fn memory(&self, slot: SlotId) -> Option<&Memory> {
        let place = self.memories.binary_search_by_key(&slot, |(slot, _)| *slot).ok()?;
        Some(&self.memories[place].1)
    }

    /// A trait's value.
    pub(crate) fn value(&self, id: TraitId) -> Option<&Value> {
        let place = self.traits.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(&self.traits[place].1.value)
    }
}
