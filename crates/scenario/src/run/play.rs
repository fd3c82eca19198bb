//! One scenario, step by step.

use std::time::Duration;

use attribution_destination::deliver::{Batch, RetryPolicy};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::{Fault, Strictness};
use clock::{Clock, Seed};
use expectation::{Expectations, Failure, Span};
use jiff::Timestamp;
use pipeline::{Config, Pipeline, StartError, Transport};
use serde_json::{Map, Value};

use crate::outcome::{Outcome, PlayedStep};
use crate::run::engage::Engagement;
use crate::run::observe;
use crate::scenario::{Action, FaultStep, Scenario};

/// Plays in virtual time. The runtime's clock must be paused.
pub(super) async fn in_memory(scenario: &Scenario, seed: Seed) -> Result<Outcome, StartError> {
    play(scenario, seed, Clock::starting_at(scenario.start), Transport::Memory).await
}

/// Plays over loopback sockets in real time; the scenario's clock still begins at its `start`.
pub(super) async fn live(scenario: &Scenario, seed: Seed) -> Result<Outcome, StartError> {
    play(scenario, seed, Clock::flowing_from(scenario.start), Transport::Loopback).await
}

async fn play(scenario: &Scenario, seed: Seed, clock: Clock, transport: Transport) -> Result<Outcome, StartError> {
    let pipeline = Pipeline::start(config(scenario, seed, clock, transport)).await?;
    let mut player = Player {
        pipeline,
        engagement: Engagement::of(scenario, seed),
        sent: 0,
        steps: Vec::new(),
        expectations: 0,
        failures: Vec::new(),
    };
    for step in &scenario.steps {
        player.step(step.at, &step.action).await;
    }
    player.close(scenario).await;
    Ok(player.outcome(scenario))
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

struct Player {
    pipeline: Pipeline,
    engagement: Option<Engagement>,
    /// How many messages were made so far; the next one's number is one more.
    sent: usize,
    steps: Vec<PlayedStep>,
    expectations: usize,
    failures: Vec<Failure>,
}

impl Player {
    /// Plays one step and then whatever can happen without time moving, so that a fault planned by the next step
    /// never meets the first attempt of this one.
    async fn step(&mut self, at: Span, action: &Action) {
        let started = self.pipeline.clock().now();
        let before = self.pipeline.clock().elapsed();
        match action {
            Action::Call { kind, message } => {
                let mut whole = Map::new();
                whole.insert("type".to_owned(), kind.as_str().into());
                whole.extend(message.clone());
                self.accept(Value::Object(whole)).await;
            }
            Action::File { events, .. } => {
                for (_, message) in events {
                    self.accept(message.clone()).await;
                }
            }
            Action::Wait(duration) => self.wait(*duration).await,
            Action::Fault(fault) => plan(&self.pipeline, fault),
            Action::Settle => self.settle().await,
            Action::Expect(_) => {}
        }
        self.pipeline.quiesce().await;
        if let Action::Expect(expectations) = action {
            self.look(expectations);
        }
        self.steps.push(PlayedStep {
            at,
            name: action.name(),
            started,
            took: self.pipeline.clock().elapsed().saturating_sub(before),
        });
    }

    /// Lets every delivery reach its outcome and looks at the end.
    async fn close(&mut self, scenario: &Scenario) {
        let started = self.pipeline.clock().now();
        let before = self.pipeline.clock().elapsed();
        self.settle().await;
        let at = scenario.steps.last().map_or(Span { start: 0, end: 0 }, |step| step.at);
        self.steps.push(PlayedStep {
            at,
            name: "closing",
            started,
            took: self.pipeline.clock().elapsed().saturating_sub(before),
        });
        if let Some(expectations) = &scenario.expect {
            self.look(expectations);
        }
    }

    /// Lets time pass, with each of Engage's syncs at its moment.
    async fn wait(&mut self, duration: Duration) {
        let clock = self.pipeline.clock().clone();
        let end = clock.elapsed().saturating_add(duration);
        let next = |engagement: &mut Engagement| engagement.next_before(clock.at(end));
        while let Some(due) = self.engagement.as_mut().and_then(next) {
            clock.sleep(until(&clock, due)).await;
            self.sync().await;
        }
        clock.sleep(end.saturating_sub(clock.elapsed())).await;
    }

    /// Lets every delivery reach its outcome, with each of Engage's syncs that are due before.
    async fn settle(&mut self) {
        let clock = self.pipeline.clock().clone();
        while let Some(due) = self.engagement.as_ref().and_then(Engagement::due) {
            tokio::select! {
                biased;
                () = self.pipeline.settle() => return,
                () = clock.sleep(until(&clock, due)) => self.sync().await,
            }
        }
        self.pipeline.settle().await;
    }

    /// Sends what Engage has to tell now.
    async fn sync(&mut self) {
        for message in self.engagement.as_mut().map(Engagement::sync).unwrap_or_default() {
            self.pipeline.accept(message).await;
        }
        self.pipeline.quiesce().await;
    }

    /// Fills in what an SDK would have and the file leaves out, the same in every run.
    async fn accept(&mut self, mut message: Value) {
        self.sent += 1;
        if let Value::Object(message) = &mut message {
            let absent = |message: &Map<String, Value>, key: &str| message.get(key).is_none_or(Value::is_null);
            if absent(message, "messageId") {
                message.insert("messageId".to_owned(), format!("msg-{:04}", self.sent).into());
            }
            if absent(message, "timestamp") {
                message.insert("timestamp".to_owned(), self.pipeline.clock().now().to_string().into());
            }
        }
        if let Some(engagement) = &mut self.engagement {
            engagement.record(&message, self.pipeline.clock().now());
        }
        self.pipeline.accept(message).await;
    }

    fn look(&mut self, expectations: &Expectations) {
        self.expectations += expectations.lists.len() + usize::from(expectations.deliveries.is_some());
        self.failures.extend(observe::check(&mut self.pipeline, expectations));
    }

    fn outcome(mut self, scenario: &Scenario) -> Outcome {
        Outcome {
            name: scenario.name.clone(),
            file: scenario.source.name.clone(),
            virtual_time: self.pipeline.clock().elapsed(),
            steps: self.steps,
            deliveries: self.pipeline.deliveries(),
            expectations: self.expectations,
            failures: self.failures,
            undelivered: observe::undelivered(self.pipeline.handled()),
        }
    }
}

/// How long it is until a moment.
fn until(clock: &Clock, moment: Timestamp) -> Duration {
    moment.duration_since(clock.now()).try_into().unwrap_or_default()
}

fn plan(pipeline: &Pipeline, fault: &FaultStep) {
    match fault {
        FaultStep::Server(fault) => {
            pipeline
                .mock()
                .add_fault(Fault::clone(fault))
                .expect("the parser has checked the fault");
        }
        FaultStep::Link { fault, times } => pipeline.link().plan(*fault, *times),
    }
}
