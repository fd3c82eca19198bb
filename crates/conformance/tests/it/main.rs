//! The golden cases against real servers: doubles, and others that answer what they like.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod cases;
mod others;
mod recorded;

use std::time::Duration;

use attribution_mock::Upstream;
use clock::Clock;
use conformance::{Case, CaseReport, Player, golden};

/// A player of the project `demo-project` there.
fn player(uri: &str) -> Player {
    let target = Upstream::new(uri, Duration::from_secs(20), &Clock::system()).unwrap();
    Player::new(target, "demo-project".into(), Clock::system())
}

/// The golden case of this name.
fn case(name: &str) -> Case {
    golden().into_iter().find(|case| case.name == name).unwrap()
}

/// What comes of these cases, one after the other.
async fn reports(player: &Player, cases: &[Case]) -> Vec<CaseReport> {
    let mut reports = Vec::new();
    let count = player.play_all(cases, |report| {
        reports.push(report.clone());
        true
    });
    assert_eq!(count.await, reports.len());
    reports
}
