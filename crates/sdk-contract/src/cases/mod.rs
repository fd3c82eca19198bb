mod basic;
mod retry;
mod retry_settings;
mod settings;

use serde_json::{Value, json};

use crate::case::Case;
use crate::suite::Suite;

/// The cases of these suites, each suite once and in the order in which they are played.
pub fn cases(suites: &[Suite]) -> Vec<Case> {
    let wanted = Suite::ALL.into_iter().filter(|suite| suites.contains(suite));
    wanted.flat_map(of).collect()
}

fn of(suite: Suite) -> Vec<Case> {
    match suite {
        Suite::Basic => basic::cases(),
        Suite::Retry => retry::cases(),
        Suite::Settings => settings::cases(),
        Suite::RetrySettings => retry_settings::cases(),
    }
}

/// A track by this name.
fn track(event: &str) -> Value {
    json!({"type": "track", "userId": "user-1", "event": event, "properties": {"revenue": 12.5}})
}

/// So many tracks, each by a name of its own.
fn tracks(count: usize) -> Vec<Value> {
    (1..=count).map(|number| track(&format!("Step {number}"))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_case_has_an_id_of_its_own_and_demands_something() {
        let cases = cases(&Suite::ALL);
        let ids: BTreeSet<String> = cases.iter().map(Case::id).collect();
        assert_eq!(ids.len(), cases.len());
        for case in &cases {
            assert!(!case.demands.is_empty(), "{}", case.id());
        }
    }

    #[test]
    fn suites_are_played_once_in_their_order() {
        let asked = [Suite::Retry, Suite::Basic, Suite::Retry];
        let suites: Vec<Suite> = cases(&asked).iter().map(|case| case.suite).collect();
        assert!(suites.is_sorted());
        assert_eq!(suites.len(), basic::cases().len() + retry::cases().len());
    }

    #[test]
    fn an_input_fits_into_an_argument_of_any_system_and_ingest_takes_its_messages() {
        for case in cases(&Suite::ALL) {
            let input = case.input("http://127.0.0.1:65535").to_string();
            assert!(input.len() < 30_000, "{}", case.id());
            for message in case.messages() {
                let taken = segment_event::Event::ingest(message.clone());
                assert!(taken.is_ok(), "{}: {taken:?}", case.id());
            }
        }
    }
}
