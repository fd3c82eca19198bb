//! One scenario, from its beginning to its end.

use attribution_destination::deliver::{Batch, RetryPolicy};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::{DashboardDelay, Strictness};
use clock::{Clock, Seed};
use expectation::Section;
use pipeline::{Config, Pipeline, StartError, Transport};
use serde_json::Value;

use crate::outcome::Outcome;
use crate::run::player::Player;
use crate::scenario::Scenario;
use crate::template::Scope;

/// Plays in virtual time. The runtime's clock must be paused.
pub(super) async fn in_memory(scenario: &Scenario, seed: Seed) -> Result<Outcome, StartError> {
    play(scenario, seed, Clock::starting_at(scenario.start), Transport::Memory).await
}

/// Plays over loopback sockets in real time; the scenario's clock still begins at its `start`.
pub(super) async fn live(scenario: &Scenario, seed: Seed) -> Result<Outcome, StartError> {
    play(scenario, seed, Clock::flowing_from(scenario.start), Transport::Loopback).await
}

/// Plays in virtual time like [`in_memory`], and looks at these sections in the end.
pub(super) async fn rows(scenario: &Scenario, seed: Seed, sections: &[Section]) -> Result<Vec<Vec<Value>>, StartError> {
    let played = to_its_end(scenario, seed, Clock::starting_at(scenario.start), Transport::Memory).await;
    played.map(|mut player| player.rows(sections))
}

async fn play(scenario: &Scenario, seed: Seed, clock: Clock, transport: Transport) -> Result<Outcome, StartError> {
    let played = to_its_end(scenario, seed, clock, transport).await;
    played.map(Player::outcome)
}

/// What was expected in the end is looked at only when every step was played, because otherwise most of it would fail
/// for the reason that is told already; what is to happen in the end happens whatever came before.
async fn to_its_end(
    scenario: &Scenario,
    seed: Seed,
    clock: Clock,
    transport: Transport,
) -> Result<Player<'_>, StartError> {
    let pipeline = Pipeline::start(config(scenario, seed, clock.clone(), transport)).await?;
    let scope = Scope::new(&scenario.variables, clock, seed);
    let mut player = Player::new(scenario, pipeline, scope, seed);
    let story = match player.begin() {
        Ok(()) => player.all(&scenario.steps).await,
        Err(stopped) => Err(stopped),
    };
    player.settle(story.is_ok()).await;
    if story.is_ok() {
        player.look_at_the_end().await;
    }
    if !scenario.finally.is_empty() {
        // Whatever stops these steps is told among the failures.
        let _ = player.all(&scenario.finally).await;
        player.settle(false).await;
    }
    Ok(player)
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
        dashboard_delay: DashboardDelay {
            seed,
            ..settings.dashboard_delay
        },
        ingest: settings.ingest,
        clock,
        seed,
        transport,
        latency: scenario.link.latency,
    }
}
