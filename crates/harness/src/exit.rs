//! The exit codes.

use std::process::ExitCode;

/// How a command ended. Of several, the highest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    /// 0: everything held.
    Passed,
    /// 1: an expectation failed, an event could not be delivered, or a wait ran out.
    Failed,
    /// 2: what the user gave is invalid: usage, a scenario, an event; or no scenario was found.
    Invalid,
    /// 3: it could not run: I/O, a port in use.
    Broken,
}

impl ExitStatus {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Invalid => 2,
            Self::Broken => 3,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitStatus::{Broken, Failed, Invalid, Passed};

    #[test]
    fn the_worst_status_is_the_highest() {
        assert_eq!([Failed, Broken, Passed, Invalid].into_iter().max(), Some(Broken));
        assert_eq!(
            [Passed, Failed, Invalid, Broken].map(super::ExitStatus::code),
            [0, 1, 2, 3]
        );
    }
}
