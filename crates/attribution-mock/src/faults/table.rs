use std::fmt;
use std::str::FromStr;

use super::error::FaultError;
use super::fault::Fault;
use super::hold::Hold;
use super::resolved::{Resolved, Scripted};
use crate::signal::Signal;

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

/// A fault and how much of it is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledFault {
    /// Its number.
    pub id: FaultId,
    /// The fault as it was installed.
    pub fault: Fault,
    /// How many more requests it strikes; none is without limit.
    pub left: Option<u32>,
}

/// What a fault does to one exchange.
#[derive(Debug)]
pub(crate) enum Strike {
    Respond(Scripted),
    Hold(Hold),
    CloseBefore,
    CloseAfter,
}

/// The installed faults, in the order of their installation.
#[derive(Debug, Default)]
pub(crate) struct FaultTable {
    last: u64,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    public: InstalledFault,
    resolved: Resolved,
    /// Dropped with the row, which lets go whatever this fault holds. A used-up fault keeps its row for that reason.
    release: Signal,
}

impl FaultTable {
    pub(crate) fn add(&mut self, fault: Fault) -> Result<FaultId, FaultError> {
        let resolved = Resolved::of(&fault)?;
        self.last += 1;
        let id = FaultId(self.last);
        let left = fault.times;
        self.rows.push(Row {
            public: InstalledFault { id, fault, left },
            resolved,
            release: Signal::new(),
        });
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

    /// The first fault that fits and has something left strikes.
    pub(crate) fn strike(&mut self, path: &str) -> Option<Strike> {
        let fits = |row: &&mut Row| row.public.left != Some(0) && row.public.fault.fits(path);
        self.rows.iter_mut().find(fits).map(Row::strike)
    }
}

impl Row {
    fn strike(&mut self) -> Strike {
        self.public.left = self.public.left.map(|left| left.saturating_sub(1));
        match &self.resolved {
            Resolved::Respond(scripted) => Strike::Respond(scripted.clone()),
            Resolved::Hold(limit) => Strike::Hold(Hold {
                limit: *limit,
                released: self.release.waiter(),
            }),
            Resolved::CloseBefore => Strike::CloseBefore,
            Resolved::CloseAfter => Strike::CloseAfter,
        }
    }
}
