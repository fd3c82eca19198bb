//! Faults and when they strike.

use crate::scenario::FaultStep;

/// Faults in the order in which they are planned.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schedule {
    pub(crate) strikes: Vec<Strike>,
}

/// A fault that is planned before a step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strike {
    /// The step's index in `steps`.
    pub(crate) before: usize,
    /// What is planned.
    pub(crate) fault: FaultStep,
}

impl Schedule {
    /// What is planned before a step.
    pub(crate) fn before(&self, step: usize) -> impl Iterator<Item = &FaultStep> {
        let at_step = self.strikes.iter().filter(move |strike| strike.before == step);
        at_step.map(|strike| &strike.fault)
    }
}

impl Strike {
    /// How many times it strikes, where that is counted.
    pub(crate) fn times(&self) -> Option<u32> {
        match &self.fault {
            FaultStep::Server(fault) => fault.matching.times,
            FaultStep::Link { times, .. } => *times,
        }
    }

    /// The same so many times.
    #[must_use]
    pub(crate) fn with_times(mut self, number: u32) -> Self {
        match &mut self.fault {
            FaultStep::Server(fault) => fault.matching.times = Some(number),
            FaultStep::Link { times, .. } => *times = Some(number),
        }
        self
    }
}
