//! A fault in the admin API's JSON, in the words of a scenario's `fault:` step.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::{Fault, FaultAction, RetryAfter};
use super::table::InstalledFault;

/// `{"path": "/track", "respond": 503, "retry_after": 30, "times": 2}`: exactly one of the actions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultSpec {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    respond: Option<u16>,
    /// Seconds as a number, or an HTTP date as text; only with `respond`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<Value>,
    /// Only with `respond`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// `10s`, `1m 30s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hang: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    close: Option<Close>,
    /// Absent is once, as in a scenario; null goes on until the fault is removed.
    #[serde(default = "once")]
    times: Option<u32>,
}

/// When the connection is closed, seen from the recording.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Close {
    Before,
    After,
}

/// An installed fault as the admin API lists it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FaultRow {
    id: u64,
    fault: FaultSpec,
    left: Option<u32>,
}

/// Why this JSON describes no fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpecError {
    Misplaced,
    Actions,
    RetryAfter(Value),
    Delay(String),
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misplaced => f.write_str("retry_after and body belong to respond"),
            Self::Actions => f.write_str("a fault has exactly one of respond, delay, hang: true and close"),
            Self::RetryAfter(value) => {
                write!(
                    f,
                    "retry_after must be a number of seconds or an HTTP date, not {value}"
                )
            }
            Self::Delay(text) => write!(f, "a delay must be a duration such as 10s or 1m 30s, not {text}"),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "serde wants a default of the field's type")]
fn once() -> Option<u32> {
    Some(1)
}

impl FaultSpec {
    /// The fault it describes.
    pub(crate) fn into_fault(self) -> Result<Fault, SpecError> {
        if self.respond.is_none() && (self.retry_after.is_some() || self.body.is_some()) {
            return Err(SpecError::Misplaced);
        }
        let (path, times) = (self.path.clone(), self.times);
        let mut actions = self.actions()?;
        match (actions.pop(), actions.is_empty()) {
            (Some(action), true) => Ok(Fault { path, action, times }),
            _ => Err(SpecError::Actions),
        }
    }

    fn actions(self) -> Result<Vec<FaultAction>, SpecError> {
        let retry_after = self.retry_after.as_ref().map(retry_after).transpose()?;
        let delay = self.delay.as_deref().map(duration).transpose()?;
        let body = self.body;
        let respond = self.respond.map(|status| FaultAction::Respond {
            status,
            retry_after,
            body,
        });
        let hang = self.hang.filter(|hang| *hang).map(|_| FaultAction::Hang);
        let close = self.close.map(|close| match close {
            Close::Before => FaultAction::CloseBefore,
            Close::After => FaultAction::CloseAfter,
        });
        Ok([respond, delay.map(FaultAction::Delay), hang, close]
            .into_iter()
            .flatten()
            .collect())
    }
}

fn retry_after(value: &Value) -> Result<RetryAfter, SpecError> {
    let date = |text| DateTimeParser::new().parse_timestamp(text).ok();
    let seconds = value.as_u64().map(RetryAfter::Seconds);
    seconds
        .or_else(|| value.as_str().and_then(date).map(RetryAfter::Date))
        .ok_or_else(|| SpecError::RetryAfter(value.clone()))
}

fn duration(text: &str) -> Result<Duration, SpecError> {
    let parsed = text.parse::<SignedDuration>().ok();
    parsed
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| SpecError::Delay(text.to_owned()))
}

impl From<Fault> for FaultSpec {
    fn from(fault: Fault) -> Self {
        let spec = Self {
            path: fault.path,
            times: fault.times,
            ..Self::default()
        };
        match fault.action {
            FaultAction::Respond {
                status,
                retry_after,
                body,
            } => Self {
                respond: Some(status),
                retry_after: retry_after.map(written),
                body,
                ..spec
            },
            FaultAction::Delay(delay) => Self {
                delay: Some(friendly(delay)),
                ..spec
            },
            FaultAction::Hang => Self {
                hang: Some(true),
                ..spec
            },
            FaultAction::CloseBefore => Self {
                close: Some(Close::Before),
                ..spec
            },
            FaultAction::CloseAfter => Self {
                close: Some(Close::After),
                ..spec
            },
        }
    }
}

fn friendly(delay: Duration) -> String {
    format!("{:#}", SignedDuration::try_from(delay).unwrap_or(SignedDuration::MAX))
}

fn written(retry_after: RetryAfter) -> Value {
    match retry_after {
        RetryAfter::Seconds(seconds) => Value::from(seconds),
        RetryAfter::Date(date) => {
            let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&date);
            Value::from(text.unwrap_or_else(|_| date.to_string()))
        }
    }
}

impl From<InstalledFault> for FaultRow {
    fn from(installed: InstalledFault) -> Self {
        Self {
            id: installed.id.number(),
            fault: installed.fault.into(),
            left: installed.left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_read_as_it_is_written() {
        for text in [
            r#"{"path":"/track","respond":429,"retry_after":30,"body":"later","times":2}"#,
            r#"{"respond":503,"retry_after":"Wed, 21 Oct 2015 07:28:00 GMT","times":null}"#,
            r#"{"delay":"1m 30s","times":1}"#,
            r#"{"hang":true,"times":1}"#,
            r#"{"close":"before","times":1}"#,
            r#"{"close":"after","times":1}"#,
        ] {
            let spec: FaultSpec = serde_json::from_str(text).unwrap();
            let written = FaultSpec::from(spec.into_fault().unwrap());
            assert_eq!(serde_json::to_string(&written).unwrap(), text);
        }
    }

    #[test]
    fn a_fault_strikes_once_unless_it_says_how_often() {
        let spec: FaultSpec = serde_json::from_str(r#"{"respond":503}"#).unwrap();
        assert_eq!(spec.into_fault().unwrap(), Fault::respond(503).times(1));
    }
}
