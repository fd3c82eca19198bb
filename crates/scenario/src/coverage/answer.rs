use std::fmt;

use attribution_destination::deliver::{Reason, TRIED_AGAIN};
use attribution_mock::Answers;

/// What came back of an exchange, as far as a sender makes a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    /// This status.
    Status(u16),
    /// No whole answer.
    None,
}

impl Answer {
    /// Those that a sender is told where nothing goes wrong with the server, those that it tries again after, and none at all.
    pub(super) fn all() -> Vec<Self> {
        let mut statuses: Vec<u16> = Answers::default().statuses().into_iter().chain(TRIED_AGAIN).collect();
        statuses.sort_unstable();
        statuses.into_iter().map(Self::Status).chain([Self::None]).collect()
    }

    pub(crate) fn of(answer: &Result<u16, Reason>) -> Self {
        answer.as_ref().map_or(Self::None, |status| Self::Status(*status))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => status.fmt(f),
            Self::None => f.write_str("none"),
        }
    }
}
