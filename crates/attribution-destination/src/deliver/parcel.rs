use std::fmt;
use std::mem;

use super::policy::Batch;
use super::record::Record;
use crate::request::WireRequest;

/// One event on its way, and who is told of its outcome.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) ordinal: u64,
    pub(super) record: Record,
}

/// The events that share a request; at least one.
pub(super) struct Parcel(Vec<Item>);

impl Parcel {
    /// The one request of all of them, in their order.
    pub(super) fn request(&self) -> WireRequest {
        match self.0.as_slice() {
            [alone] => alone.record.request().clone(),
            items => {
                let requests: Vec<_> = items.iter().map(|item| item.record.request()).collect();
                WireRequest::join(&requests).expect("only where the dialect has batches is more than one event packed")
            }
        }
    }

    /// Where its request goes.
    pub(super) fn path(&self) -> &'static str {
        self.0.first().map_or("", |item| item.record.request().path)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn items(&mut self) -> &mut [Item] {
        &mut self.0
    }

    pub(super) fn into_items(self) -> Vec<Item> {
        self.0
    }

    /// The first half and the second one, unless there is only one event.
    pub(super) fn halves(mut self) -> Result<[Self; 2], Self> {
        if self.0.len() < 2 {
            return Err(self);
        }
        let second = self.0.split_off(self.0.len() / 2);
        Ok([self, Self(second)])
    }
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Parcel").field(&self.0.len()).finish()
    }
}

/// For how many events a parcel has room from its beginning, if it may have so many.
const BEGUN_WITH: usize = 16;

/// The parcel that is being packed.
#[derive(Debug, Default)]
pub(super) struct Packing {
    items: Vec<Item>,
    bytes: usize,
    /// How many were closed before it: by this a timer knows whether it is still the same one.
    pub(super) number: u64,
}

impl Packing {
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether a request of so many bytes must go into another parcel.
    pub(super) fn has_no_room_for(&self, bytes: usize, batch: &Batch) -> bool {
        !self.is_empty() && self.bytes.saturating_add(bytes) > batch.bytes
    }

    /// Takes an event in, and says whether that makes it full.
    pub(super) fn add(&mut self, item: Item, batch: &Batch) -> bool {
        if self.is_empty() {
            // A vector would begin with room for four, also where there is never more than one.
            self.items.reserve_exact(batch.events.min(BEGUN_WITH));
        }
        self.bytes += item.record.request().body.len();
        self.items.push(item);
        self.items.len() >= batch.events || self.bytes >= batch.bytes
    }

    /// The ordinals in it.
    pub(super) fn ordinals(&self) -> impl Iterator<Item = u64> {
        self.items.iter().map(|item| item.ordinal)
    }

    /// Closes it, and begins the next one.
    pub(super) fn close(&mut self) -> Option<Parcel> {
        self.number += 1;
        self.bytes = 0;
        let items = mem::take(&mut self.items);
        (!items.is_empty()).then_some(Parcel(items))
    }
}
