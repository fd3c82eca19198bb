//! What is remembered of the events that one condition or computed trait looks at, of one profile.

use std::time::Duration;

use jiff::Timestamp;
use segment_event::Event;
use serde_json::Value;

use crate::number;
use crate::selection::Selection;

/// Which events are remembered, and what of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slot {
    pub(crate) selection: Selection,
    pub(crate) within: Option<Duration>,
    pub(crate) keeps: Keeps,
}

/// What is remembered of an event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Keeps {
    /// That there was one.
    Count,
    /// When it was, of so many of the latest.
    Times { enough: usize },
    /// When it was, and a property.
    Values { property: String, is_number: bool },
}

/// What is remembered.
#[derive(Clone, Debug)]
pub(crate) enum Memory {
    Count(u64),
    /// In order.
    Times(Vec<Timestamp>),
    /// In order.
    Rows(Vec<Row>),
}

/// An event's property.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    at: Timestamp,
    /// The number of the message in the order of arrival.
    order: u64,
    pub(crate) value: Value,
}

impl Slot {
    /// What there is to remember of an event that is meant.
    pub(crate) fn of(&self, event: &Event, at: Timestamp, order: u64) -> Option<Memory> {
        if !self.selection.matches(event) {
            return None;
        }
        match &self.keeps {
            Keeps::Count => Some(Memory::Count(1)),
            Keeps::Times { .. } => Some(Memory::Times(vec![at])),
            Keeps::Values { property, is_number } => {
                let value = event.properties()?.get(property)?;
                let counts = match value {
                    Value::Null => false,
                    Value::Number(number) => !is_number || number::is_usable(number),
                    Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => !is_number,
                };
                let value = counts.then(|| value.clone())?;
                Some(Memory::Rows(vec![Row { at, order, value }]))
            }
        }
    }

    /// Forgets what makes no difference any more: all but the latest, where the latest are enough.
    pub(crate) fn trim(&self, memory: &mut Memory) {
        if let (Keeps::Times { enough }, Memory::Times(times)) = (&self.keeps, memory) {
            let surplus = times.len().saturating_sub(*enough);
            times.drain(..surplus);
        }
    }

    /// Forgets what has become too old at this moment.
    pub(crate) fn prune(&self, memory: &mut Memory, now: Timestamp) {
        let Some(oldest) = self.within.and_then(|within| now.checked_sub(within).ok()) else {
            return;
        };
        match memory {
            Memory::Count(_) => {}
            Memory::Times(times) => {
                times.drain(..times.partition_point(|at| *at < oldest));
            }
            Memory::Rows(rows) => {
                rows.drain(..rows.partition_point(|row| row.at < oldest));
            }
        }
    }

    /// The moment after which something here is too old.
    pub(crate) fn wake(&self, memory: &Memory) -> Option<Timestamp> {
        let oldest = match memory {
            Memory::Count(_) => None,
            Memory::Times(times) => times.first().copied(),
            Memory::Rows(rows) => rows.first().map(|row| row.at),
        };
        oldest?.checked_add(self.within?).ok()
    }
}

impl Memory {
    /// Remembers what another memory of the same slot does.
    pub(crate) fn absorb(&mut self, other: Self) {
        match (self, other) {
            (Self::Count(count), Self::Count(more)) => *count += more,
            (Self::Times(times), Self::Times(more)) => merge(times, more, |at| *at),
            (Self::Rows(rows), Self::Rows(more)) => merge(rows, more, |row| (row.at, row.order)),
            (Self::Count(_) | Self::Times(_) | Self::Rows(_), _) => unreachable!("a slot has one kind of memory"),
        }
    }

    /// How many events are remembered.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Count(count) => *count,
            Self::Times(times) => times.len() as u64,
            Self::Rows(rows) => rows.len() as u64,
        }
    }
}

/// Puts more items among those that are in order already. Almost always it is one item, which comes last.
fn merge<T, K: Ord>(items: &mut Vec<T>, mut more: Vec<T>, key: impl Fn(&T) -> K) {
    let follows = match (items.last(), more.first()) {
        (Some(last), Some(first)) => key(last) <= key(first),
        _ => true,
    };
    if follows {
        items.append(&mut more);
    } else if more.len() == 1 {
        for item in more {
            let place = items.partition_point(|known| key(known) <= key(&item));
            items.insert(place, item);
        }
    } else {
        items.append(&mut more);
        items.sort_by_key(key);
    }
}
