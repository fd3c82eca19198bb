use std::time::Duration;

use serde_json::{Value, json};

use super::tracks;
use crate::case::Demand::{Arrived, Arrives, Attempts, Fails, Fetches, Succeeds, Waits};
use crate::case::{Case, Demand};
use crate::script::Fault::{Status, Take};
use crate::suite::Suite;

/// Names, units (seconds, percent) and meanings as in the `httpConfig` of analytics-kotlin and analytics-react-native.
pub(super) fn cases() -> Vec<Case> {
    vec![
        told(
            "max-retry-count",
            "backoffConfig.maxRetryCount 1 is one retry",
            &json!({"maxRetryCount": 1}),
            &[Fetches, Arrives(0), Attempts(2), Fails],
        )
        .always_meets(Status(503)),
        told(
            "base-interval",
            "backoffConfig.baseBackoffInterval 1 waits a second before the first retry",
            &json!({"baseBackoffInterval": 1}),
            &[Fetches, Arrived, Attempts(2), Waits(Duration::from_secs(1)), Succeeds],
        )
        .meets(&[Status(503), Take]),
        told(
            "dropped-status",
            "a 503 that statusCodeOverrides drops is not tried again",
            &json!({"statusCodeOverrides": {"503": "drop"}}),
            &[Fetches, Arrives(0), Attempts(1), Fails],
        )
        .meets(&[Status(503)]),
        told(
            "retried-status",
            "a 400 that statusCodeOverrides retries is tried again",
            &json!({"statusCodeOverrides": {"400": "retry"}}),
            &[Fetches, Arrived, Attempts(2), Succeeds],
        )
        .meets(&[Status(400)]),
    ]
}

fn told(name: &'static str, about: &'static str, backoff: &Value, demands: &[Demand]) -> Case {
    let mut whole = json!({
        "enabled": true,
        "maxRetryCount": 5,
        "baseBackoffInterval": 0.1,
        "maxBackoffInterval": 2,
        "maxTotalBackoffDuration": 60,
        "jitterPercent": 0,
        "default4xxBehavior": "drop",
        "default5xxBehavior": "retry",
    });
    if let (Some(whole), Some(changed)) = (whole.as_object_mut(), backoff.as_object()) {
        whole.extend(changed.clone());
    }
    let limits = json!({"enabled": true, "maxRetryCount": 5, "maxRetryInterval": 5, "maxRateLimitDuration": 60});
    Case::new(Suite::RetrySettings, name, about, tracks(2))
        .without("maxRetries")
        .http_config(json!({"backoffConfig": whole, "rateLimitConfig": limits}))
        .demands(demands)
}
