use super::tracks;
use crate::case::Demand::{Arrived, Attempts, BatchesOf, Fetches, Succeeds, WriteKey};
use crate::case::{Case, Demand};
use crate::suite::Suite;

pub(super) fn cases() -> Vec<Case> {
    vec![
        given(
            "write-key",
            "each request names the write key, in a Basic header or in its body",
            &[Arrived, WriteKey, Succeeds],
        ),
        given(
            "flush-at",
            "flushAt 1 sends each call by itself",
            &[Arrived, BatchesOf(1), Attempts(3), Succeeds],
        )
        .config("flushAt", 1),
        given(
            "fetched",
            "the settings are fetched from cdnHost before anything is sent",
            &[Fetches, Arrived, Succeeds],
        ),
    ]
}

fn given(name: &'static str, about: &'static str, demands: &[Demand]) -> Case {
    Case::new(Suite::Settings, name, about, tracks(3)).demands(demands)
}
