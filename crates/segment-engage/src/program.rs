//! Audiences and computed traits, prepared: what has to be remembered for them, and what is computed from that.

use std::collections::HashMap;

use segment_event::{Event, Kind};
use serde_json::Value;

use crate::computation::{Aggregate, Audience, ComputedTrait};
use crate::condition::{Condition, Count};
use crate::memory::{Keeps, Memory, Slot};
use crate::predicate::Predicate;
use crate::profile::Profile;
use crate::value;

/// A [`Slot`], by its number.
pub(crate) type SlotId = u32;

/// A trait that is looked at, by its number.
pub(crate) type TraitId = u32;

/// The trait that travels along with every change.
pub(crate) const EMAIL: TraitId = 0;

/// What is computed, and what for.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    slots: Vec<Slot>,
    slots_by_name: HashMap<String, Vec<SlotId>>,
    traits: Vec<String>,
    audiences: Vec<Prepared>,
    computed: Vec<(SlotId, Aggregate)>,
}

/// A condition that knows where what it asks for is remembered.
#[derive(Clone, Debug)]
enum Prepared {
    All(Vec<Prepared>),
    Any(Vec<Prepared>),
    Not(Box<Prepared>),
    Event(SlotId, Count),
    Trait(TraitId, Predicate),
}

impl Program {
    pub(crate) fn new(audiences: Vec<Audience>, traits: Vec<ComputedTrait>) -> Self {
        let mut program = Self {
            slots: Vec::new(),
            slots_by_name: HashMap::new(),
            traits: vec!["email".to_owned()],
            audiences: Vec::new(),
            computed: Vec::new(),
        };
        for audience in audiences {
            let prepared = program.prepare(audience.when);
            program.audiences.push(prepared);
        }
        for computed in traits {
            let slot = program.slot_id(Slot {
                keeps: kept_for(&computed),
                selection: computed.events,
                within: computed.within,
            });
            program.computed.push((slot, computed.aggregate));
        }
        program
    }

    fn prepare(&mut self, condition: Condition) -> Prepared {
        match condition {
            Condition::All(all) => Prepared::All(all.into_iter().map(|one| self.prepare(one)).collect()),
            Condition::Any(any) => Prepared::Any(any.into_iter().map(|one| self.prepare(one)).collect()),
            Condition::Not(one) => Prepared::Not(Box::new(self.prepare(*one))),
            Condition::Trait(name, predicate) => Prepared::Trait(self.trait_id(name), predicate),
            Condition::Event {
                selection,
                count,
                within,
            } => {
                let enough = usize::try_from(count.enough()).unwrap_or(usize::MAX);
                let keeps = if within.is_some() {
                    Keeps::Times { enough }
                } else {
                    Keeps::Count
                };
                let slot = self.slot_id(Slot {
                    selection,
                    within,
                    keeps,
                });
                Prepared::Event(slot, count)
            }
        }
    }

    /// What is asked for twice is remembered once.
    fn slot_id(&mut self, slot: Slot) -> SlotId {
        if let Some(place) = self.slots.iter().position(|known| *known == slot) {
            return number(place);
        }
        let id = number(self.slots.len());
        let name = slot.selection.name().to_owned();
        self.slots_by_name.entry(name).or_default().push(id);
        self.slots.push(slot);
        id
    }

    fn trait_id(&mut self, name: String) -> TraitId {
        if let Some(place) = self.traits.iter().position(|known| *known == name) {
            return number(place);
        }
        self.traits.push(name);
        number(self.traits.len() - 1)
    }

    pub(crate) fn slot(&self, slot: SlotId) -> &Slot {
        &self.slots[slot as usize]
    }

    /// The slots that may have to do with an event.
    pub(crate) fn slots_of(&self, event: &Event) -> &[SlotId] {
        let name = crate::selection::Selection::name_of(event);
        name.and_then(|name| self.slots_by_name.get(name))
            .map_or(&[], Vec::as_slice)
    }

    /// The traits that an event sets and that are looked at.
    pub(crate) fn traits_of<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = (TraitId, &'a Value)> {
        let traits = event.traits().filter(|_| event.kind() == Kind::Identify);
        let value = move |name: &String| traits.and_then(|traits| traits.get(name));
        let watched = self.traits.iter().enumerate();
        watched.filter_map(move |(id, name)| Some((number(id), value(name)?)))
    }

    /// Whether a profile is in an audience, each in its order.
    pub(crate) fn memberships(&self, profile: &Profile) -> impl Iterator<Item = bool> {
        self.audiences.iter().map(|condition| condition.holds(profile))
    }

    /// What the computed traits of a profile are, each in its order, with what they are without any event.
    pub(crate) fn values(&self, profile: &Profile) -> impl Iterator<Item = (Option<Value>, Value)> {
        self.computed.iter().map(|(slot, aggregate)| {
            let memory = profile.memory(*slot).filter(|memory| memory.count() > 0);
            let value = memory.map(|memory| value::of(aggregate, memory));
            (value, value::of_nothing(aggregate))
        })
    }

    pub(crate) fn audiences(&self) -> usize {
        self.audiences.len()
    }
}

fn kept_for(computed: &ComputedTrait) -> Keeps {
    let (property, is_number) = match &computed.aggregate {
        Aggregate::Count if computed.within.is_none() => return Keeps::Count,
        Aggregate::Count => return Keeps::Times { enough: usize::MAX },
        Aggregate::Sum(property)
        | Aggregate::Minimum(property)
        | Aggregate::Maximum(property)
        | Aggregate::Average(property) => (property, true),
        Aggregate::MostFrequent(property)
        | Aggregate::First(property)
        | Aggregate::Last(property)
        | Aggregate::UniqueList(property)
        | Aggregate::UniqueCount(property) => (property, false),
    };
    Keeps::Values {
        property: property.clone(),
        is_number,
    }
}

impl Prepared {
    fn holds(&self, profile: &Profile) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds(profile)),
            Self::Any(any) => any.iter().any(|one| one.holds(profile)),
            Self::Not(one) => !one.holds(profile),
            Self::Event(slot, count) => count.holds(profile.memory(*slot).map_or(0, Memory::count)),
            Self::Trait(id, predicate) => predicate.holds(profile.value(*id)),
        }
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("fewer than 2³² conditions fit into memory")
}
