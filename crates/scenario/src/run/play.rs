//! One scenario, from its beginning to its end.

use attribution_destination::deliver::{Batch, RetryPolicy};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::Strictness;
use clock::{Clock, Seed};
use pipeline::{Config, Pipeline, StartError, Transport};

use crate::outcome::Outcome;
use crate::run::Evidence;
use crate::run::player::Player;
use crate::scenario::Scenario;
use crate::template::Scope;

/// Plays in virtual time. The runtime's clock must be paused.
pub(super) async fn in_memory(scenario: &Scenario, seed: Seed) -> Result<Outcome, StartError> {
    play(scenario, virtually(scenario, seed)).await
}

/// The same, with everything that was received and sent. The runtime's clock must be paused.
pub(super) async fn with_evidence(scenario: &Scenario, seed: Seed) -> Result<Evidence, StartError> {
    let config = Config {
        keep_wire: true,
        ..virtually(scenario, seed)
    };
    let pipeline = Pipeline::start(config.clone()).await?;
    let (mock, link) = (pipeline.mock().clone(), pipeline.link().clone());
    let outcome = whole(scenario, pipeline, &config).await;
    Ok(Evidence {
        outcome,
        journal: mock.journal(),
        wire: link.exchanges(),
    })
}

/// Plays over loopback sockets in real time; the scenario's clock still begins at its `start`.
pub(super) async fn live(scenario: &Scenario, seed: Seed) -> Result<Outcome, StartError> {
    let clock = Clock::flowing_from(scenario.start);
    play(scenario, config(scenario, seed, clock, Transport::Loopback)).await
}

fn virtually(scenario: &Scenario, seed: Seed) -> Config {
    config(scenario, seed, Clock::starting_at(scenario.start), Transport::Memory)
}

async fn play(scenario: &Scenario, config: Config) -> Result<Outcome, StartError> {
    let pipeline = Pipeline::start(config.clone()).await?;
    Ok(whole(scenario, pipeline, &config).await)
}

/// What was expected in the end is looked at only when every step was played, because otherwise most of it would fail
/// for the reason that is told already; what is to happen in the end happens whatever came before.
async fn whole(scenario: &Scenario, pipeline: Pipeline, config: &Config) -> Outcome {
    let scope = Scope::new(&scenario.variables, config.clock.clone(), config.seed);
    let mut player = Player::new(scenario, pipeline, scope, config.seed);
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
    player.outcome()
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
        keep_wire: false,
    }
}
