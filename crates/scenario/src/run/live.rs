use std::time::Duration;

use crate::outcome::Outcome;
use crate::run::RunError;
use crate::scenario::Scenario;

/// Refuses a scenario that took longer than `limit` when it was played in virtual time, naming the step in which the
/// limit was passed.
pub(super) fn refuse_if_too_long(scenario: &Scenario, rehearsal: &Outcome, limit: Duration) -> Result<(), RunError> {
    let mut elapsed = Duration::ZERO;
    let passes_limit = rehearsal.steps.iter().find(|step| {
        elapsed += step.took;
        elapsed > limit
    });
    match passes_limit {
        None => Ok(()),
        Some(step) => Err(RunError::TooLong {
            source: scenario.source.clone(),
            at: step.at,
            needs: rehearsal.virtual_time,
            limit,
        }),
    }
}
