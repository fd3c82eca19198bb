use std::time::Duration;

use http::{HeaderValue, StatusCode};
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::de::IgnoredAny;

use super::error::FaultError;
use super::fault::{Fault, FaultAction, RetryAfter};
use crate::exchange::{INGEST, nearest};

/// The answer that a fault prescribes, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Scripted {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<HeaderValue>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: String,
}

/// A fault that has been found to make sense, in the form in which it strikes.
#[derive(Clone, Debug)]
pub(super) enum Resolved {
    Respond(Scripted),
    /// For so long; none is forever.
    Hold(Option<Duration>),
    CloseBefore,
    CloseAfter,
}

impl Resolved {
    pub(super) fn of(fault: &Fault) -> Result<Self, FaultError> {
        if let Some(path) = fault.path.as_deref().filter(|path| !INGEST.contains(path)) {
            return Err(FaultError::UnknownPath {
                path: path.to_owned(),
                nearest: nearest(path, INGEST),
            });
        }
        if fault.times == Some(0) {
            return Err(FaultError::Never);
        }
        Ok(match &fault.action {
            FaultAction::Respond {
                status,
                retry_after,
                body,
            } => Self::Respond(Scripted::new(*status, *retry_after, body.clone().unwrap_or_default())?),
            FaultAction::Delay(delay) => Self::Hold(Some(*delay)),
            FaultAction::Hang => Self::Hold(None),
            FaultAction::CloseBefore => Self::CloseBefore,
            FaultAction::CloseAfter => Self::CloseAfter,
        })
    }
}

impl Scripted {
    fn new(status: u16, retry_after: Option<RetryAfter>, body: String) -> Result<Self, FaultError> {
        let retry_after = retry_after.map(header).transpose()?;
        if matches!(status, 204 | 205 | 304) && !body.is_empty() {
            return Err(FaultError::Bodiless(status));
        }
        Ok(Self {
            status: final_status(status)?,
            retry_after,
            content_type: content_type(&body),
            body,
        })
    }
}

/// A 1xx would announce an answer and not be one.
fn final_status(status: u16) -> Result<StatusCode, FaultError> {
    let known = StatusCode::from_u16(status)
        .ok()
        .filter(|_| (200..=599).contains(&status));
    known.ok_or(FaultError::Status(status))
}

fn header(retry_after: RetryAfter) -> Result<HeaderValue, FaultError> {
    let text = match retry_after {
        RetryAfter::Seconds(seconds) => return Ok(HeaderValue::from(seconds)),
        RetryAfter::Date(date) => DateTimePrinter::new().timestamp_to_rfc9110_string(&date),
    };
    text.ok()
        .and_then(|text| HeaderValue::from_str(&text).ok())
        .ok_or(FaultError::RetryAfter)
}

/// As what a prescribed body is sent; none where there is no body.
pub(crate) fn content_type(body: &str) -> Option<&'static str> {
    if body.is_empty() {
        None
    } else if serde_json::from_str::<IgnoredAny>(body).is_ok() {
        Some("application/json")
    } else {
        Some("text/plain; charset=utf-8")
    }
}
