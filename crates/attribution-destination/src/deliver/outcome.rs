use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use outbound::Reason;

use super::dead_letter::DeadLetter;
use crate::filter::Skip;
use crate::invalid::Invalid;

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exchanges, in order; none where nothing was sent.
    pub attempts: Vec<Attempt>,
    /// From the submission to the outcome, waits in the lane and between attempts included.
    pub elapsed: Duration,
    /// How it ended.
    pub result: Delivery,
    /// The event itself, where it should have arrived and did not: rejected, expired or interrupted.
    pub dead_letter: Option<Box<DeadLetter>>,
}

/// One exchange with Attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, up to the end of the answer or the failure.
    pub took: Duration,
    /// The answer's status, or why there was no whole answer.
    pub answer: Result<u16, Reason>,
    /// The wait that the answer asked for, by a `Retry-After` that could be read.
    pub retry_after: Option<Duration>,
}

/// How an event ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Attribution answered that it has the event.
    Delivered {
        /// The answer's status, a 2xx.
        status: u16,
    },
    /// The destination doesn't send such an event.
    Skipped(Skip),
    /// The event can't be written as a request.
    Invalid(Invalid),
    /// Attribution refused the event for good.
    Rejected {
        /// The answer's status, as a reason.
        reason: Reason,
        /// The beginning of the answer's body, at most 1 KiB, without the project id should the answer repeat it.
        body: String,
    },
    /// No attempt succeeded, and none may begin any more.
    Expired {
        /// Why the last attempt was no success.
        last: Reason,
    },
    /// The sender was closed, or its runtime stopped, before there was an outcome. Whether an attempt that was under way
    /// arrived is not known; only finished attempts are listed.
    Interrupted,
}

impl Delivery {
    /// Whether Attribution has the event.
    pub fn is_delivered(&self) -> bool {
        matches!(self, Self::Delivered { .. })
    }

    /// Whether Attribution should have the event and, as far as is known, has not.
    pub fn is_undelivered(&self) -> bool {
        matches!(self, Self::Rejected { .. } | Self::Expired { .. } | Self::Interrupted)
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered { status } => write!(f, "delivered: {}", Reason::Status(*status)),
            Self::Skipped(skip) => write!(f, "skipped: {}", skip.reason.as_str()),
            Self::Invalid(invalid) => write!(f, "invalid: {invalid}"),
            Self::Rejected { reason, .. } => write!(f, "rejected: {reason}"),
            Self::Expired { last } => write!(f, "expired: {last}"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_shown_in_one_line() {
        let rejected = Delivery::Rejected {
            reason: Reason::Status(400),
            body: "two\nlines".to_owned(),
        };
        assert_eq!(rejected.to_string(), "rejected: answered 400 Bad Request");
        assert_eq!(
            Delivery::Delivered { status: 200 }.to_string(),
            "delivered: answered 200 OK"
        );
        let expired = Delivery::Expired { last: Reason::Refused };
        assert_eq!(
            expired.to_string(),
            "expired: connection refused: nothing listens at the endpoint"
        );
    }
}
