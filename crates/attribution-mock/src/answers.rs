use std::fmt;

use axum::body::Bytes;
use http::{HeaderValue, StatusCode};

use crate::faults::own_type;

/// What senders are told where the live service's own answers are not public.
///
/// That it answers something of the 2xx when it takes an event is all that its public clients rely on; none of them reads the
/// body. Which status it gives to what it refuses, and with what in it, is known of none.
///
/// ```
/// use attribution_mock::Answers;
///
/// let answers = Answers::default().success(202, "accepted")?.refused(422)?;
/// assert!(answers.clone().success(204, "not even this").is_err(), "an answer of status 204 has no body");
/// # Ok::<(), attribution_mock::AnswersError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub(crate) success: (StatusCode, Fixed),
    pub(crate) refused: Refusal,
    pub(crate) unauthenticated: Refusal,
}

/// A body that is always the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fixed {
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) length: HeaderValue,
    pub(crate) bytes: Bytes,
}

impl From<String> for Fixed {
    fn from(body: String) -> Self {
        Self {
            content_type: own_type(&body),
            length: body.len().into(),
            bytes: body.into(),
        }
    }
}

/// The answer to an event that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// In place of what the double has to say about it.
    pub(crate) body: Option<Fixed>,
}

impl Refusal {
    fn new(status: StatusCode) -> Self {
        Self { status, body: None }
    }
}

impl Default for Answers {
    /// 200 `{"success":true}`, 400 and 401.
    fn default() -> Self {
        Self {
            success: (StatusCode::OK, r#"{"success":true}"#.to_owned().into()),
            refused: Refusal::new(StatusCode::BAD_REQUEST),
            unauthenticated: Refusal::new(StatusCode::UNAUTHORIZED),
        }
    }
}

impl Answers {
    /// The statuses that a sender is told in these answers: the event is taken, it breaks a denying rule, the credentials are
    /// wrong.
    pub fn statuses(&self) -> [u16; 3] {
        [self.success.0, self.refused.status, self.unauthenticated.status].map(|status| status.as_u16())
    }

    /// An event that is taken is answered so: as JSON if the body is JSON, else as plain text. Default 200
    /// `{"success":true}`.
    ///
    /// # Errors
    ///
    /// When the status is not of the 2xx, or has no room for the body.
    pub fn success(self, status: u16, body: impl Into<String>) -> Result<Self, AnswersError> {
        let body: String = body.into();
        let status = of_class(status, 2..=2)?;
        if matches!(status.as_u16(), 204 | 205) && !body.is_empty() {
            return Err(AnswersError::Bodiless(status.as_u16()));
        }
        let success = (status, body.into());
        Ok(Self { success, ..self })
    }

    /// The status of the answer to what breaks a denying rule. Default 400.
    ///
    /// # Errors
    ///
    /// When it is not of the 4xx or 5xx.
    pub fn refused(mut self, status: u16) -> Result<Self, AnswersError> {
        self.refused.status = of_class(status, 4..=5)?;
        Ok(self)
    }

    /// The body of that answer, as JSON if it is JSON, else as plain text. Default the broken rules; the record has them
    /// whatever is answered.
    #[must_use]
    pub fn refused_body(mut self, body: impl Into<String>) -> Self {
        self.refused.body = Some(body.into().into());
        self
    }

    /// The status of the answer to wrong or missing credentials. Default 401.
    ///
    /// # Errors
    ///
    /// When it is not of the 4xx or 5xx.
    pub fn unauthenticated(mut self, status: u16) -> Result<Self, AnswersError> {
        self.unauthenticated.status = of_class(status, 4..=5)?;
        Ok(self)
    }

    /// The body of that answer, as JSON if it is JSON, else as plain text. Default what is wrong with the credentials.
    #[must_use]
    pub fn unauthenticated_body(mut self, body: impl Into<String>) -> Self {
        self.unauthenticated.body = Some(body.into().into());
        self
    }
}

fn of_class(status: u16, classes: std::ops::RangeInclusive<u16>) -> Result<StatusCode, AnswersError> {
    let fits = classes.contains(&(status / 100));
    let known = StatusCode::from_u16(status).ok().filter(|_| fits);
    known.ok_or(AnswersError::Status {
        status,
        first: *classes.start(),
    })
}

/// Why an answer can't be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswersError {
    /// The status says something else.
    Status {
        /// The status as given.
        status: u16,
        /// The first digit of the lowest status that would do.
        first: u16,
    },
    /// An answer of this status has no body (RFC 9110, sections 15.3.5 and 15.3.6).
    Bodiless(u16),
}

impl fmt::Display for AnswersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { status, first: 2 } => {
                write!(
                    f,
                    "{status} doesn't say that an event was taken: give a status from 200 to 299"
                )
            }
            Self::Status { status, first: _ } => {
                write!(
                    f,
                    "{status} doesn't say that an event was refused: give a status from 400 to 599"
                )
            }
            Self::Bodiless(status) => write!(f, "an answer of status {status} has no body: give an empty one"),
        }
    }
}

impl std::error::Error for AnswersError {}
