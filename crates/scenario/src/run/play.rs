//! One scenario, from its beginning to its end.

use attribution_destination::deliver::{Batch, RetryPolicy};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::{DashboardDelay, Strictness};
use clock::{Clock, Seed};
use pipeline::{Config, Pipeline, StartError, Transport};

use crate::chaos::Schedule;
use crate::run::player::Player;
use crate::run::touch::Touching;
use crate::run::{RunOptions, Snapshots};
use crate::scenario::Scenario;
use crate::snapshot::MadeUp;
use crate::template::Scope;

/// How a scenario is played.
#[derive(Clone, Debug)]
pub(super) struct Staging {
    /// Where all jitter comes from.
    pub(super) seed: Seed,
    /// Which faults are planned before which steps, beside those of the scenario.
    pub(super) schedule: Schedule,
    /// What is done about snapshots.
    pub(super) snapshots: Snapshots,
    /// In memory and in virtual time, for which the runtime's clock must be paused; or over loopback sockets and in real
    /// time, where the scenario's clock still begins at its `start`.
    pub(super) over: Transport,
    /// Whether what travels between sender and double is kept.
    pub(super) keep_wire: bool,
    /// Whether it is noted what of the contract is touched.
    pub(super) coverage: bool,
    /// Whether there is a timeline where nothing failed, too.
    pub(super) timeline: bool,
}

impl Staging {
    /// In memory, whatever the options say of that.
    pub(super) fn of(options: &RunOptions) -> Self {
        Self {
            seed: options.seed,
            schedule: Schedule::default(),
            snapshots: options.snapshots,
            over: Transport::Memory,
            keep_wire: false,
            coverage: options.coverage,
            timeline: options.timeline,
        }
    }

    /// The same over sockets.
    pub(super) fn in_real_time(self) -> Self {
        Self {
            over: Transport::Loopback,
            ..self
        }
    }

    fn clock(&self, scenario: &Scenario) -> Clock {
        match self.over {
            Transport::Memory => Clock::starting_at(scenario.start),
            Transport::Loopback => Clock::flowing_from(scenario.start),
        }
    }
}

/// Plays a scenario, and leaves its player to be asked what came of it, in the same runtime: outside of it there is no
/// virtual time.
///
/// What was expected in the end is looked at only when every step was played, because otherwise most of it would fail
/// for the reason that is told already; what is to happen in the end happens whatever came before.
pub(super) async fn play<'a>(scenario: &'a Scenario, staging: &Staging) -> Result<Player<'a>, StartError> {
    let config = config(scenario, staging);
    let scope = Scope::new(
        &scenario.variables,
        config.clock.clone(),
        staging.seed,
        MadeUp::of(scenario),
    );
    let touching = staging
        .coverage
        .then(|| Touching::new(config.settings.clone(), config.ingest));
    let pipeline = Pipeline::start(config).await?;
    let mut player = Player::new(scenario, pipeline, scope, staging, touching);
    let story = match player.begin() {
        Ok(()) => player.story(&staging.schedule).await,
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

fn config(scenario: &Scenario, staging: &Staging) -> Config {
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
            seed: staging.seed,
            ..settings.dashboard_delay
        },
        ingest: settings.ingest,
        clock: staging.clock(scenario),
        seed: staging.seed,
        transport: staging.over,
        latency: scenario.link.latency,
        keep_wire: staging.keep_wire,
    }
}
