use std::time::Duration;

use jiff::Timestamp;

use super::error::FaultError;
use super::resolved::Resolved;

/// What goes wrong, for which requests, and how often.
///
/// A fault strikes requests that passed authentication and the limits, so it never hides a wrong project id.
/// Of several that fit a request, the one installed first that has not struck as often as it may strikes it.
///
/// ```
/// use attribution_mock::Fault;
///
/// let outage = Fault::respond(503).on("/track").times(2);
/// assert_eq!((outage.path.as_deref(), outage.times), (Some("/track"), Some(2)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The one path it strikes; none strikes every path that takes events.
    pub path: Option<String>,
    /// What happens to a request that is struck.
    pub action: FaultAction,
    /// How many requests it strikes; none goes on until the fault is removed.
    pub times: Option<u32>,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultAction {
    /// It is answered this and not recorded.
    Respond {
        /// The HTTP status, 200 to 599.
        status: u16,
        /// The answer's `Retry-After`.
        retry_after: Option<RetryAfter>,
        /// The answer's body, sent as JSON if it is JSON, else as plain text; none is an empty one.
        /// An answer of status 204, 205 or 304 has none.
        body: Option<String>,
    },
    /// It is recorded when it arrives, and answered so much later.
    Delay(Duration),
    /// It is recorded when it arrives, and answered when the fault is removed or the server stops.
    Hang,
    /// The connection is closed without an answer, and nothing is recorded.
    CloseBefore,
    /// The request is recorded, then the connection is closed without an answer: a sender that tries again makes a
    /// duplicate.
    CloseAfter,
}

/// The two forms of `Retry-After` (RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u64),
    /// Not before this time.
    Date(Timestamp),
}

impl Fault {
    /// This action for every request that takes events, until the fault is removed.
    pub fn new(action: FaultAction) -> Self {
        Self {
            path: None,
            action,
            times: None,
        }
    }

    /// A fault that answers this status with an empty body.
    pub fn respond(status: u16) -> Self {
        Self::new(FaultAction::Respond {
            status,
            retry_after: None,
            body: None,
        })
    }

    /// The same fault for this path only.
    #[must_use]
    pub fn on(self, path: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            ..self
        }
    }

    /// The same fault for so many requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// Whether the fault could be installed: it can strike, and what it prescribes can be said in HTTP.
    ///
    /// # Errors
    ///
    /// [`FaultError`], the same that installing it would end with.
    pub fn check(&self) -> Result<(), FaultError> {
        Resolved::of(self).map(drop)
    }

    pub(crate) fn fits(&self, path: &str) -> bool {
        self.path.as_deref().is_none_or(|only| only == path)
    }
}
