use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use super::Intake;

/// That there is room for an event; it is taken until the outcome is told.
#[derive(Debug)]
pub(in crate::deliver) struct Room {
    _events: OwnedSemaphorePermit,
    _bytes: OwnedSemaphorePermit,
}

impl Room {
    pub(super) fn new(events: OwnedSemaphorePermit, bytes: OwnedSemaphorePermit) -> Self {
        Self {
            _events: events,
            _bytes: bytes,
        }
    }
}

/// That an event is in: dropping it lets the next ones move up, however it comes to be dropped.
#[derive(Debug)]
pub(in crate::deliver) struct Place {
    intake: Arc<Intake>,
    ordinal: u64,
    has_left: bool,
    _room: Room,
}

impl Place {
    pub(super) fn new(intake: &Arc<Intake>, ordinal: u64, room: Room) -> Self {
        Self {
            intake: Arc::clone(intake),
            ordinal,
            has_left: false,
            _room: room,
        }
    }

    /// Which one it is, in the order of submission.
    pub(in crate::deliver) fn ordinal(&self) -> u64 {
        self.ordinal
    }

    /// Leaves with all of these at once, so that those that move up can share a request as these did.
    pub(in crate::deliver) fn leave_together(mut places: Vec<Self>) {
        for place in &mut places {
            place.has_left = true;
        }
        if let [first, ..] = places.as_slice() {
            first.intake.leave(places.iter().map(Self::ordinal));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.has_left {
            self.intake.leave([self.ordinal]);
        }
    }
}

/// Closes the parcel that was being packed when it was made, when it is dropped.
#[derive(Debug)]
pub(in crate::deliver) struct Timer {
    intake: Arc<Intake>,
    number: u64,
}

impl Timer {
    pub(super) fn new(intake: &Arc<Intake>, number: u64) -> Self {
        Self {
            intake: Arc::clone(intake),
            number,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.intake.close_parcel(|packing| packing.number == self.number);
    }
}

/// Lets an event go when it is dropped.
#[derive(Debug)]
pub(in crate::deliver) struct Held {
    intake: Arc<Intake>,
    ordinal: u64,
}

impl Held {
    pub(super) fn new(intake: &Arc<Intake>, ordinal: u64) -> Self {
        Self {
            intake: Arc::clone(intake),
            ordinal,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.intake.let_go(self.ordinal);
    }
}
