//! Engage beside the source: it sees what Segment takes in, and at each sync it sends what the destination is to know.

use clock::{Random, Seed};
use jiff::Timestamp;
use segment_engage::{Engage, Messages, Timetable};
use segment_event::Event;
use serde_json::Value;

use crate::scenario::{EngageSettings, Scenario};

/// The audiences and computed traits of a scenario, at work.
pub(super) struct Engagement {
    engage: Engage,
    messages: Messages,
    timetable: Timetable,
    times: Random,
    ids: Random,
    /// Whether messages that Segment refuses are unseen.
    ingest: bool,
}

impl Engagement {
    /// Sets everything up at the scenario's start, if there is anything to set up.
    pub(super) fn of(scenario: &Scenario, seed: Seed) -> Option<Self> {
        let EngageSettings {
            audiences,
            traits,
            schedule,
            form,
            aliases,
        } = scenario.engage.clone()?;
        let engage = Engage::new(audiences, traits).expect("the parser refuses what has no key of its own");
        let engage = engage.with_aliases(aliases);
        let mut times = seed.random("engage syncs");
        let mut ids = seed.random("engage ids");
        let destination = scenario.settings.dialect.destination();
        Some(Self {
            messages: Messages::new(destination, form, engage.computations(), &mut || ids.next_u64()),
            timetable: Timetable::new(schedule, scenario.start, &mut || times.next_u64()),
            engage,
            times,
            ids,
            ingest: scenario.settings.ingest,
        })
    }

    /// Sees a message that was sent to Segment.
    pub(super) fn record(&mut self, message: &Value, now: Timestamp) {
        let event = if self.ingest {
            Event::ingest(message.clone())
        } else {
            Event::unchecked(message.clone())
        };
        if let Ok(event) = event {
            self.engage.record(&event, now);
        }
    }

    /// When the next sync is.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.timetable.due()
    }

    /// When the next sync up to `until` is that could tell anything. Those before it are done with. Nothing may be recorded
    /// until then.
    pub(super) fn next_before(&mut self, until: Timestamp) -> Option<Timestamp> {
        loop {
            let due = self.timetable.due().filter(|due| *due <= until)?;
            if self.engage.may_change(due) {
                return Some(due);
            }
            self.advance();
        }
    }

    /// The sync that is due: what the destination is to be told.
    pub(super) fn sync(&mut self) -> Vec<Value> {
        let Some(due) = self.timetable.due() else {
            return Vec::new();
        };
        let (messages, ids) = (&self.messages, &mut self.ids);
        let changes = self.engage.sync(due);
        let told = changes.map(|change| messages.message(&change, due, &mut || ids.next_u64()));
        let told = told.collect();
        self.advance();
        told
    }

    fn advance(&mut self) {
        let times = &mut self.times;
        self.timetable.advance(&mut || times.next_u64());
    }
}
