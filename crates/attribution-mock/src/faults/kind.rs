use std::fmt;

use super::action::{FaultAction, FaultAnswer, Statuses, WrongLength};

/// What a fault does, without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// One answer in place of the server's own.
    Respond,
    /// Several answers, one after the other.
    Sequence,
    /// 429 while there is no token.
    Rate,
    /// The answer comes later.
    Delay,
    /// The answer comes slowly.
    Bandwidth,
    /// The answer does not come.
    Hang,
    /// The connection is closed, and nothing is recorded.
    CloseBefore,
    /// The connection is closed after the request was recorded.
    CloseAfter,
    /// The connection is reset, and nothing is recorded.
    ResetBefore,
    /// The connection is reset after the request was recorded.
    ResetAfter,
    /// The answer ends in the middle.
    Truncate,
    /// The answer is no HTTP.
    Garbage,
    /// More is announced than is sent.
    LengthMore,
    /// Less is announced than is sent.
    LengthLess,
    /// The answer says that it is of another type.
    ContentType,
    /// No connection is accepted.
    Refuse,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Respond,
        Self::Sequence,
        Self::Rate,
        Self::Delay,
        Self::Bandwidth,
        Self::Hang,
        Self::CloseBefore,
        Self::CloseAfter,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::Truncate,
        Self::Garbage,
        Self::LengthMore,
        Self::LengthLess,
        Self::ContentType,
        Self::Refuse,
    ];

    /// The words in which a fault says it, as far as they tell the kind: `close: after`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Respond => "respond",
            Self::Sequence => "respond: […]",
            Self::Rate => "rate",
            Self::Delay => "delay",
            Self::Bandwidth => "bandwidth",
            Self::Hang => "hang",
            Self::CloseBefore => "close: before",
            Self::CloseAfter => "close: after",
            Self::ResetBefore => "reset: before",
            Self::ResetAfter => "reset: after",
            Self::Truncate => "truncate",
            Self::Garbage => "garbage",
            Self::LengthMore => "content_length: more",
            Self::LengthLess => "content_length: less",
            Self::ContentType => "content_type",
            Self::Refuse => "connect: refuse",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FaultAction {
    /// Which kind it is of.
    ///
    /// ```
    /// use attribution_mock::{Fault, FaultKind};
    ///
    /// assert_eq!(Fault::respond([503, 200]).action.kind(), FaultKind::Sequence);
    /// ```
    pub const fn kind(&self) -> FaultKind {
        match self {
            Self::Respond(FaultAnswer { status, .. }) => match status {
                Statuses::One(_) => FaultKind::Respond,
                Statuses::Sequence(_) => FaultKind::Sequence,
            },
            Self::Rate(_) => FaultKind::Rate,
            Self::Delay(_) => FaultKind::Delay,
            Self::Bandwidth { .. } => FaultKind::Bandwidth,
            Self::Hang => FaultKind::Hang,
            Self::CloseBefore => FaultKind::CloseBefore,
            Self::CloseAfter => FaultKind::CloseAfter,
            Self::ResetBefore => FaultKind::ResetBefore,
            Self::ResetAfter => FaultKind::ResetAfter,
            Self::Truncate => FaultKind::Truncate,
            Self::Garbage => FaultKind::Garbage,
            Self::ContentLength(WrongLength::More) => FaultKind::LengthMore,
            Self::ContentLength(WrongLength::Less) => FaultKind::LengthLess,
            Self::ContentType(_) => FaultKind::ContentType,
            Self::Refuse => FaultKind::Refuse,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::words::actions;
    use super::FaultKind;

    #[test]
    fn every_word_for_what_happens_has_its_kinds() {
        let word = |kind: FaultKind| kind.as_str().split(':').next().unwrap_or_default();
        let found: BTreeSet<&str> = FaultKind::ALL.into_iter().map(word).collect();
        assert_eq!(found, actions().collect());
        let shown: BTreeSet<&str> = FaultKind::ALL.into_iter().map(FaultKind::as_str).collect();
        assert_eq!(shown.len(), FaultKind::ALL.len(), "no two are written alike");
    }
}
