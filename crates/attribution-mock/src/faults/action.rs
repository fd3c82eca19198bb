use http::StatusCode;
use jiff::Timestamp;

use super::latency::Latency;

/// What happens to a request that is struck.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultAction {
    /// It is answered this and not recorded.
    Respond(FaultAnswer),
    /// It is answered 429 and not recorded while there is no token for it.
    Rate(Rate),
    /// It is recorded when it arrives, and answered so much later.
    Delay(Latency),
    /// It is recorded when it arrives, and answered at so many bytes a second; then the connection is closed. What is
    /// read of the request is not slowed down.
    Bandwidth {
        /// From 1.
        bytes_per_second: u64,
    },
    /// It is recorded when it arrives, and answered when the fault is removed or the server stops.
    Hang,
    /// The connection is closed without an answer, and nothing is recorded.
    CloseBefore,
    /// The request is recorded, then the connection is closed without an answer: a sender that tries again makes a
    /// duplicate.
    CloseAfter,
    /// The connection is reset (RST) without an answer, and nothing is recorded.
    ResetBefore,
    /// The request is recorded, then the connection is reset (RST) without an answer.
    ResetAfter,
    /// It is recorded; the answer ends in the middle of its body, whose whole length was announced.
    Truncate,
    /// It is recorded; what comes back is no HTTP, and then the connection is closed.
    Garbage,
    /// It is recorded; the answer announces a wrong length for its body, and then the connection is closed.
    ContentLength(WrongLength),
    /// It is recorded; the answer says that it is of this type.
    ContentType(String),
    /// No request is struck but a connection: it is reset as soon as it is accepted, before a byte is read, for the
    /// admin API as well. A listening socket can refuse no single connection; this is as near as it comes.
    Refuse,
}

/// An answer in place of the server's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultAnswer {
    /// The HTTP status, or several in a row.
    pub status: Statuses,
    /// The answer's `Retry-After`.
    pub retry_after: Option<RetryAfter>,
    /// The answer's body; none is an empty one. An answer of status 204, 205 or 304 has none.
    pub body: Option<String>,
    /// What the answer says its body is. None says so of JSON, and of other text that it is plain text.
    pub content_type: Option<String>,
}

impl FaultAnswer {
    /// This status with an empty body.
    pub fn new(status: impl Into<Statuses>) -> Self {
        Self {
            status: status.into(),
            retry_after: None,
            body: None,
            content_type: None,
        }
    }

    /// The same answer with a `Retry-After`.
    #[must_use]
    pub fn retry_after(self, retry_after: RetryAfter) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..self
        }
    }

    /// The same answer with a body.
    #[must_use]
    pub fn body(self, body: impl Into<String>) -> Self {
        Self {
            body: Some(body.into()),
            ..self
        }
    }

    /// The same answer, said to be of this type.
    #[must_use]
    pub fn content_type(self, content_type: impl Into<String>) -> Self {
        Self {
            content_type: Some(content_type.into()),
            ..self
        }
    }
}

/// The statuses of an answer, 200 to 599.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statuses {
    /// The same for each request that is struck. A 2xx is a lie: nothing is recorded.
    One(u16),
    /// One request each, and then the fault is used up. A 2xx lets its request pass: it is recorded and answered as if
    /// there were no such fault.
    Sequence(Vec<u16>),
}

impl Statuses {
    /// Whether a request whose turn in a sequence this is passes.
    pub(super) fn passes(status: u16) -> bool {
        StatusCode::from_u16(status).is_ok_and(|status| status.is_success())
    }
}

impl From<u16> for Statuses {
    fn from(status: u16) -> Self {
        Self::One(status)
    }
}

impl<const N: usize> From<[u16; N]> for Statuses {
    fn from(statuses: [u16; N]) -> Self {
        Self::Sequence(statuses.into())
    }
}

impl From<Vec<u16>> for Statuses {
    fn from(statuses: Vec<u16>) -> Self {
        Self::Sequence(statuses)
    }
}

/// The two forms of `Retry-After` (RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u64),
    /// Not before this time.
    Date(Timestamp),
}

/// A bucket of tokens: each request takes one and passes, and without one it is answered 429, with the seconds until
/// the next token as its `Retry-After`, rounded up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// How many tokens come a second; less than one is fine.
    pub per_second: f64,
    /// How many tokens the bucket holds; it is full at first.
    pub burst: u32,
}

/// How a length is wrong, seen from the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongLength {
    /// More is announced than is sent.
    More,
    /// Less is announced than is sent.
    Less,
}
