use std::sync::Arc;

use super::Intake;

/// That there is room for an event; it is taken until the outcome is told.
#[derive(Debug)]
pub(in crate::deliver) struct Room {
    intake: Arc<Intake>,
    bytes: u32,
    is_given_back: bool,
}

impl Room {
    pub(super) fn new(intake: &Arc<Intake>, bytes: u32) -> Self {
        Self {
            intake: Arc::clone(intake),
            bytes,
            is_given_back: false,
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if !self.is_given_back {
            self.intake.give_back(1, self.bytes as usize);
        }
    }
}

/// Where an event is: dropping it lets the next ones move up, however it comes to be dropped.
#[derive(Debug)]
pub(in crate::deliver) struct Place {
    /// Which one it is, in the order of submission; none before it is in, and when it has left.
    ordinal: Option<u64>,
    room: Room,
}

impl Place {
    /// One that is not in yet.
    pub(in crate::deliver) fn before(room: Room) -> Self {
        Self { ordinal: None, room }
    }

    /// Goes in.
    pub(in crate::deliver) fn enter(&mut self, ordinal: u64) {
        self.ordinal = Some(ordinal);
    }

    pub(in crate::deliver) fn ordinal(&self) -> Option<u64> {
        self.ordinal
    }

    pub(in crate::deliver) fn intake(&self) -> &Intake {
        &self.room.intake
    }

    /// Leaves with all of these at once, so that those that move up can share a request as these did.
    pub(in crate::deliver) fn leave_together(mut places: Vec<Self>) {
        let Some(intake) = places.first().map(|place| Arc::clone(&place.room.intake)) else {
            return;
        };
        intake.leave(places.iter_mut().filter_map(|place| place.ordinal.take()));
        let mut bytes = 0;
        for place in &mut places {
            place.room.is_given_back = true;
            bytes += place.room.bytes as usize;
        }
        intake.give_back(places.len(), bytes);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(ordinal) = self.ordinal.take() {
            self.room.intake.leave([ordinal]);
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
