//! One scenario, from its beginning to its end.

use attribution_destination::deliver::{Batch, RetryPolicy};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::Strictness;
use clock::{Clock, Seed};
use pipeline::{Config, Pipeline, StartError, Transport};

use crate::chaos::Schedule;
use crate::outcome::Outcome;
use crate::run::player::Player;
use crate::scenario::Scenario;
use crate::template::Scope;

/// Plays in virtual time. The runtime's clock must be paused.
pub(super) async fn in_memory(scenario: &Scenario, seed: Seed, schedule: &Schedule) -> Result<Outcome, StartError> {
    let clock = Clock::starting_at(scenario.start);
    play(scenario, seed, schedule, (clock, Transport::Memory)).await
}

/// Plays over loopback sockets in real time; the scenario's clock still begins at its `start`.
pub(super) async fn live(scenario: &Scenario, seed: Seed) -> Result<Outcome, StartError> {
    let clock = Clock::flowing_from(scenario.start);
    play(scenario, seed, &Schedule::default(), (clock, Transport::Loopback)).await
}

/// What was expected in the end is looked at only when every step was played, because otherwise most of it would fail
/// for the reason that is told already; what is to happen in the end happens whatever came before.
async fn play(
    scenario: &Scenario,
    seed: Seed,
    schedule: &Schedule,
    (clock, transport): (Clock, Transport),
) -> Result<Outcome, StartError> {
    let pipeline = Pipeline::start(config(scenario, seed, clock.clone(), transport)).await?;
    let scope = Scope::new(&scenario.variables, clock, seed);
    let mut player = Player::new(scenario, pipeline, scope, seed);
    let story = match player.begin() {
        Ok(()) => player.story(schedule).await,
        Err(stopped) => Err(stopped),
    };
    player.settle().await;
    if story.is_ok() {
        player.look_at_the_end().await;
    }
    if !scenario.finally.is_empty() {
        // Whatever stops these steps is told among the failures.
        let _ = player.all(&scenario.finally).await;
        player.settle().await;
    }
    Ok(player.outcome())
}

fn config(scenario: &Scenario, seed: Seed, clock: Clock, transport: Transport) -> Config {
    let settings = &scenario.settings;
    let project_id = ProjectId::new(settings.project_id.clone()).expect("the parser refuses a blank project id");
    Config {
        settings: Settings {
            dialect: settings.dialect,
            screens: settings.screens,
            previous_id: settings.previous_id,
            ..Settings::new(project_id)
        },
        retry: RetryPolicy::of(settings.dialect),
        ordering: settings.ordering,
        batch: Batch {
            events: settings.batch,
            ..Batch::default()
        },
        strictness: if settings.strict {
            Strictness::Strict
        } else {
            Strictness::Lenient
        },
        rules: settings.rules,
        ingest: settings.ingest,
        clock,
        seed,
        transport,
        latency: scenario.link.latency,
    }
}
