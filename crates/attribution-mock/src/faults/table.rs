use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::action::{FaultAction, FaultAnswer, Statuses};
use super::error::FaultError;
use super::fault::Fault;
use super::matching::Seen;
use super::row::Row;
use super::strike::Strike;

/// The number of an installed fault. A mock never gives the same one twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaultId(u64);

impl FaultId {
    /// The number itself, as the admin API shows it.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for FaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FaultId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A fault, what it has done and how much of it is left.
#[derive(Clone, Debug, PartialEq)]
pub struct InstalledFault {
    /// Its number.
    pub id: FaultId,
    /// The fault as it was installed.
    pub fault: Fault,
    /// How many requests it has struck.
    pub struck: u64,
    /// How many more it may strike, or lets pass by its list of statuses; none is without limit.
    pub left: Option<u32>,
}

/// The installed faults, in the order of their installation.
#[derive(Debug, Default)]
pub(crate) struct FaultTable {
    last: u64,
    rows: Vec<Row>,
}

impl FaultTable {
    pub(crate) fn add(&mut self, fault: Fault, now: Duration) -> Result<FaultId, FaultError> {
        let number = self.last + 1;
        let id = FaultId(number);
        let left = left(&fault);
        let public = InstalledFault {
            id,
            fault,
            struck: 0,
            left,
        };
        self.rows.push(Row::new(public, now)?);
        self.last = number;
        Ok(id)
    }

    /// Whether there was such a fault.
    pub(crate) fn remove(&mut self, id: FaultId) -> bool {
        let before = self.rows.len();
        self.rows.retain(|row| row.public.id != id);
        self.rows.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    pub(crate) fn installed(&self) -> Vec<InstalledFault> {
        self.rows.iter().map(|row| row.public.clone()).collect()
    }

    /// The first fault that takes the request strikes.
    pub(crate) fn strike(&mut self, request: Seen<'_>, now: Duration) -> Option<Strike> {
        self.rows.iter_mut().find_map(|row| row.strike(request, now))
    }

    /// Whether a connection that is being accepted now is refused.
    pub(crate) fn refuses(&mut self, now: Duration) -> bool {
        self.rows.iter_mut().any(|row| row.refuses(now))
    }

    /// Whether a connection that is yet to come may be refused.
    pub(crate) fn may_refuse(&self) -> bool {
        self.rows.iter().any(Row::may_refuse)
    }
}

fn left(fault: &Fault) -> Option<u32> {
    match &fault.action {
        FaultAction::Respond(FaultAnswer {
            status: Statuses::Sequence(statuses),
            ..
        }) => u32::try_from(statuses.len()).ok(),
        _ => fault.matching.times,
    }
}
