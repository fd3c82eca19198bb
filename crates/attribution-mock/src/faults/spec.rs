//! A fault as the admin API lists it, in the words of a scenario's `fault:` step.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Serialize;
use serde_json::Value;

use super::fault::{Fault, FaultAction, RetryAfter};
use super::table::InstalledFault;

/// What [`read`](super::read()) reads: exactly one of the actions is there.
#[derive(Clone, Debug, Default, Serialize)]
struct FaultSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    respond: Option<u16>,
    /// Seconds as a number, or an HTTP date as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// `10s`, `1m 30s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hang: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    close: Option<Close>,
    /// Null goes on until the fault is removed.
    times: Option<u32>,
}

/// When the connection is closed, seen from the recording.
#[derive(Clone, Copy, Debug, Serialize)]
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
    use super::super::read::read;
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
            let written = FaultSpec::from(read(text.as_bytes()).unwrap());
            assert_eq!(serde_json::to_string(&written).unwrap(), text);
        }
    }
}
