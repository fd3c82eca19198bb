use std::time::Duration;

use super::tracks;
use crate::case::Demand::{Arrived, Arrives, Attempts, Fails, RetryCount, SameIds, Succeeds, Waits};
use crate::case::{Case, Demand};
use crate::script::Fault::{self, LoseAnswer, Reset, RetryAfter, Status};
use crate::suite::Suite;

pub(super) fn cases() -> Vec<Case> {
    vec![
        again(
            "server-error",
            "a 500 and a 503 are tried again until the batch is taken",
            &[Status(500), Status(503)],
            &[Arrived, Attempts(3), SameIds, Succeeds],
        ),
        again(
            "rate-limit",
            "a 429 is tried again, and not before its Retry-After has passed",
            &[RetryAfter(1)],
            &[Arrived, Attempts(2), SameIds, Waits(Duration::from_secs(1)), Succeeds],
        ),
        again(
            "reset",
            "a connection that is reset is tried again",
            &[Reset],
            &[Arrived, Attempts(2), SameIds, Succeeds],
        ),
        again(
            "lost-answer",
            "what was taken but not answered is sent again under the same ids, so that it counts once",
            &[LoseAnswer],
            &[Arrived, Attempts(2), SameIds, Succeeds],
        ),
        again(
            "retry-count",
            "the second attempt says so in X-Retry-Count",
            &[Status(503)],
            &[Arrived, RetryCount, Succeeds],
        ),
        again(
            "bad-request",
            "a 400 is not tried again, and reported",
            &[Status(400)],
            &[Arrives(0), Attempts(1), Fails],
        ),
        again(
            "after-refusal",
            "a batch that is refused costs only itself",
            &[Status(400)],
            &[Arrives(1), Attempts(2), Fails],
        )
        .config("flushAt", 1),
        again(
            "gives-up",
            "after maxRetries it ends, and reports what was not delivered",
            &[],
            &[Arrives(0), Attempts(3), SameIds, Fails],
        )
        .always_meets(Status(503))
        .config("maxRetries", 2),
    ]
}

fn again(name: &'static str, about: &'static str, faults: &[Fault], demands: &[Demand]) -> Case {
    Case::new(Suite::Retry, name, about, tracks(2))
        .meets(faults)
        .demands(demands)
}
