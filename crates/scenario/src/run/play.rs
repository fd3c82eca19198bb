//! One scenario, from its beginning to its end.

use attribution_destination::deliver::{Batch, RetryPolicy};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::Strictness;
use clock::{Clock, Seed};
use pipeline::{Config, Pipeline, StartError, Transport};

use crate::outcome::Outcome;
use crate::run::RunOptions;
use crate::run::player::Player;
use crate::scenario::Scenario;
use crate::snapshot::MadeUp;
use crate::template::Scope;

/// Plays in virtual time. The runtime's clock must be paused.
pub(super) async fn in_memory(scenario: &Scenario, options: &RunOptions) -> Result<Outcome, StartError> {
    play(scenario, options, Clock::starting_at(scenario.start), Transport::Memory).await
}

/// Plays over loopback sockets in real time; the scenario's clock still begins at its `start`.
pub(super) async fn live(scenario: &Scenario, options: &RunOptions) -> Result<Outcome, StartError> {
    play(
        scenario,
        options,
        Clock::flowing_from(scenario.start),
        Transport::Loopback,
    )
    .await
}

/// What was expected in the end is looked at only when every step was played, because otherwise most of it would fail
/// for the reason that is told already; what is to happen in the end happens whatever came before.
async fn play(
    scenario: &Scenario,
    options: &RunOptions,
    clock: Clock,
    transport: Transport,
) -> Result<Outcome, StartError> {
    let RunOptions { seed, snapshots, .. } = *options;
    let pipeline = Pipeline::start(config(scenario, seed, clock.clone(), transport)).await?;
    let made_up = MadeUp::of(scenario);
    let scope = Scope::new(&scenario.variables, clock, seed, made_up);
    let mut player = Player::new(scenario, pipeline, scope, seed, snapshots);
    let story = match player.begin() {
        Ok(()) => player.all(&scenario.steps).await,
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
