use std::time::Duration;

use clock::{Random, Seed};

use super::error::FaultError;
use super::hold::Hold;
use super::matching::Seen;
use super::resolved::{Resolved, Scripted};
use super::strike::{OnTheWire, Strike};
use super::table::InstalledFault;
use crate::signal::Signal;

/// An installed fault with all that it remembers.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) public: InstalledFault,
    resolved: Resolved,
    installed: Duration,
    /// How many requests had everything that it asks for but the right number and luck.
    fitting: u64,
    chance: Random,
    /// Dropped with the row, which lets go whatever this fault holds. A used-up fault keeps its row for that reason.
    release: Signal,
}

impl Row {
    pub(super) fn new(public: InstalledFault, now: Duration) -> Result<Self, FaultError> {
        let number = public.id.number();
        let seed = public.fault.seed.unwrap_or(number);
        Ok(Self {
            resolved: Resolved::of(&public.fault, number)?,
            public,
            installed: now,
            fitting: 0,
            chance: Seed::from(seed).random("fault chance"),
            release: Signal::new(),
        })
    }

    /// What becomes of a request; nothing if this fault lets it pass.
    pub(super) fn strike(&mut self, request: Seen<'_>, now: Duration) -> Option<Strike> {
        let refuses = matches!(self.resolved, Resolved::Refuse);
        if refuses || !self.public.fault.matching.fits(request) || !self.takes_next(now) {
            return None;
        }
        let strike = self.verdict(now);
        if strike.is_some() {
            self.count();
        }
        strike
    }

    /// Whether a connection that is accepted now is refused.
    pub(super) fn refuses(&mut self, now: Duration) -> bool {
        let refuses = matches!(self.resolved, Resolved::Refuse) && self.takes_next(now);
        if refuses {
            self.count();
        }
        refuses
    }

    /// Whether a connection that is yet to come may be refused.
    pub(super) fn may_refuse(&self) -> bool {
        matches!(self.resolved, Resolved::Refuse) && self.public.left != Some(0)
    }

    /// Whether the time, the number and the luck of one that fits otherwise are right.
    fn takes_next(&mut self, now: Duration) -> bool {
        let matching = &self.public.fault.matching;
        if self.public.left == Some(0) || !matching.is_due(self.installed, now) {
            return false;
        }
        self.fitting += 1;
        let its_turn = matching.every.is_none_or(|n| self.fitting.is_multiple_of(n.into()));
        its_turn && matching.probability.is_none_or(|part| self.chance.unit() < part)
    }

    fn count(&mut self) {
        self.public.struck += 1;
        // A list of statuses counts those that pass, too, and has done so already.
        if !matches!(self.resolved, Resolved::Sequence(_)) {
            self.public.left = self.public.left.map(|left| left.saturating_sub(1));
        }
    }

    fn verdict(&mut self, now: Duration) -> Option<Strike> {
        let released = self.release.waiter();
        Some(match &mut self.resolved {
            Resolved::Respond(scripted) => Strike::Respond(scripted.clone()),
            Resolved::Sequence(in_turn) => {
                let next = in_turn.pop();
                self.public.left = u32::try_from(in_turn.len()).ok();
                Strike::Respond(next??)
            }
            Resolved::Rate(bucket) => Strike::Respond(Scripted::too_many(bucket.take(now).err()?)),
            Resolved::Delay(latency, random) => Strike::Hold(Hold {
                limit: Some(latency.draw(random)),
                released,
            }),
            Resolved::Hang => Strike::Hold(Hold { limit: None, released }),
            Resolved::Bandwidth(bytes_per_second) => Strike::Spoil(OnTheWire::Trickle {
                bytes_per_second: *bytes_per_second,
                released,
            }),
            Resolved::CloseBefore => Strike::Before(OnTheWire::Close),
            Resolved::CloseAfter => Strike::After(OnTheWire::Close),
            Resolved::ResetBefore => Strike::Before(OnTheWire::Reset),
            Resolved::ResetAfter => Strike::After(OnTheWire::Reset),
            Resolved::Truncate => Strike::Spoil(OnTheWire::Truncate),
            Resolved::Garbage => Strike::Spoil(OnTheWire::Garbage),
            Resolved::ContentLength(wrong) => Strike::Spoil(OnTheWire::ContentLength(*wrong)),
            Resolved::ContentType(content_type) => Strike::Mislabel(content_type.clone()),
            Resolved::Refuse => return None,
        })
    }
}
