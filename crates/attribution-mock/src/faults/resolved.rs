use std::time::Duration;

use clock::{Random, Seed};
use http::{HeaderValue, StatusCode};
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::de::IgnoredAny;

use super::action::{FaultAction, FaultAnswer, RetryAfter, Statuses, WrongLength};
use super::bucket::Bucket;
use super::conflicts::conflict;
use super::error::FaultError;
use super::fault::Fault;
use super::latency::Latency;
use super::matching::FaultMatch;
use crate::exchange::{INGEST, nearest};

/// The answer that a fault prescribes, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Scripted {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: String,
}

/// A fault that has been found to make sense, in the form in which it strikes, with what it remembers.
#[derive(Debug)]
pub(super) enum Resolved {
    Respond(Scripted),
    /// What is answered in turn, the last first; none lets pass.
    Sequence(Vec<Option<Scripted>>),
    Rate(Bucket),
    /// The source of chance is much larger than all else.
    Delay(Latency, Box<Random>),
    Bandwidth(u64),
    Hang,
    CloseBefore,
    CloseAfter,
    ResetBefore,
    ResetAfter,
    Truncate,
    Garbage,
    ContentLength(WrongLength),
    ContentType(HeaderValue),
    Refuse,
}

impl Resolved {
    /// The seed is that of a fault which has none.
    pub(super) fn of(fault: &Fault, seed: u64) -> Result<Self, FaultError> {
        check_matching(&fault.matching)?;
        if let Some(conflict) = conflict(fault) {
            return Err(conflict);
        }
        Ok(match &fault.action {
            FaultAction::Respond(answer) => Self::respond(answer)?,
            FaultAction::Rate(rate) => Self::Rate(Bucket::new(*rate)?),
            FaultAction::Delay(latency) => {
                latency.check()?;
                let random = Seed::from(fault.seed.unwrap_or(seed)).random("fault latency");
                Self::Delay(*latency, Box::new(random))
            }
            FaultAction::Bandwidth { bytes_per_second: 0 } => return Err(FaultError::Bandwidth),
            FaultAction::Bandwidth { bytes_per_second } => Self::Bandwidth(*bytes_per_second),
            FaultAction::Hang => Self::Hang,
            FaultAction::CloseBefore => Self::CloseBefore,
            FaultAction::CloseAfter => Self::CloseAfter,
            FaultAction::ResetBefore => Self::ResetBefore,
            FaultAction::ResetAfter => Self::ResetAfter,
            FaultAction::Truncate => Self::Truncate,
            FaultAction::Garbage => Self::Garbage,
            FaultAction::ContentLength(wrong) => Self::ContentLength(*wrong),
            FaultAction::ContentType(content_type) => Self::ContentType(media_type(content_type)?),
            FaultAction::Refuse => Self::Refuse,
        })
    }

    fn respond(answer: &FaultAnswer) -> Result<Self, FaultError> {
        let statuses = match &answer.status {
            Statuses::One(status) => return Ok(Self::Respond(Scripted::new(*status, answer)?)),
            Statuses::Sequence(statuses) => statuses,
        };
        if statuses.iter().all(|status| Statuses::passes(*status)) {
            return Err(FaultError::AllPass);
        }
        let in_turn = statuses.iter().rev().map(|status| {
            let passes = Statuses::passes(*status);
            (!passes).then(|| Scripted::new(*status, answer)).transpose()
        });
        in_turn.collect::<Result<_, _>>().map(Self::Sequence)
    }
}

/// Whether events are sent there.
pub(super) fn check_path(path: &str) -> Result<(), FaultError> {
    if INGEST.contains(&path) {
        return Ok(());
    }
    Err(FaultError::UnknownPath {
        path: path.to_owned(),
        nearest: nearest(path, INGEST),
    })
}

fn check_matching(matching: &FaultMatch) -> Result<(), FaultError> {
    matching.path.as_deref().map_or(Ok(()), check_path)?;
    for (word, text) in [("visitor", &matching.visitor), ("event", &matching.event)] {
        if text.as_deref().is_some_and(|text| text.trim().is_empty()) {
            return Err(FaultError::Blank { word });
        }
    }
    if matching.every == Some(0) {
        return Err(FaultError::Every);
    }
    if matching.probability.is_some_and(|part| !(part > 0.0 && part <= 1.0)) {
        return Err(FaultError::Probability);
    }
    if matching.lasting == Some(Duration::ZERO) {
        return Err(FaultError::NoTime);
    }
    if matching.times == Some(0) {
        return Err(FaultError::Never);
    }
    Ok(())
}

impl Scripted {
    fn new(status: u16, answer: &FaultAnswer) -> Result<Self, FaultError> {
        let body = answer.body.clone().unwrap_or_default();
        if matches!(status, 204 | 205 | 304) && !body.is_empty() {
            return Err(FaultError::Bodiless(status));
        }
        Ok(Self {
            status: final_status(status)?,
            retry_after: answer.retry_after.map(header).transpose()?,
            content_type: match &answer.content_type {
                Some(content_type) => Some(media_type(content_type)?),
                None => own_type(&body),
            },
            body,
        })
    }

    /// What a bucket without a token answers.
    pub(super) fn too_many(seconds: u64) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            retry_after: Some(HeaderValue::from(seconds)),
            content_type: None,
            body: String::new(),
        }
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

fn media_type(text: &str) -> Result<HeaderValue, FaultError> {
    let value = HeaderValue::from_str(text).ok().filter(|_| !text.trim().is_empty());
    value.ok_or(FaultError::ContentType)
}

/// What a body is that nobody has said anything about; none where there is no body.
pub(crate) fn own_type(body: &str) -> Option<HeaderValue> {
    if body.is_empty() {
        None
    } else if serde_json::from_str::<IgnoredAny>(body).is_ok() {
        Some(HeaderValue::from_static("application/json"))
    } else {
        Some(HeaderValue::from_static("text/plain; charset=utf-8"))
    }
}
