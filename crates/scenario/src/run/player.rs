//! A scenario's steps, one by one.

mod freeze;
mod time;

use std::pin::Pin;

use attribution_mock::Fault;
use expectation::{Diagnostic, Failure, Section, Sink, Span, Syntax};
use jiff::Timestamp;
use pipeline::Pipeline;
use segment_event::{Kind, MessageId};
use serde_json::{Map, Value};

use crate::asked::Asked;
use crate::chaos::Schedule;
use crate::outcome::{Frozen, Outcome, PlayedStep};
use crate::parse::{MOST_PLAYED, count, filled, now};
use crate::run::Evidence;
use crate::run::engage::Engagement;
use crate::run::play::Staging;
use crate::run::touch::Touching;
use crate::run::trace::{self, Concerned, Made};
use crate::run::{Snapshots, capture, observe};
use crate::scenario::{Action, Binding, FaultStep, Look, Scenario, Step, Times, When};
use crate::template::Scope;
use crate::timeline::Timeline;

/// How many failures are kept; a loop may make the same one for ever.
const MOST_FAILURES: usize = 1_000;

/// The steps can't go on; why is among the failures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped;

/// A list of steps under way; steps may hold lists of steps.
type Playing<'f> = Pin<Box<dyn Future<Output = Result<(), Stopped>> + 'f>>;

pub(super) struct Player<'a> {
    scenario: &'a Scenario,
    pipeline: Pipeline,
    scope: Scope<'a>,
    /// How many messages the steps made so far; the next one's number is one more.
    sent: u64,
    /// The messages made so far, those of Engage among them.
    made: Vec<Made>,
    engagement: Option<Engagement>,
    /// The message sent last, as it was sent.
    last: Value,
    /// How many steps were played, each time counted.
    played: u64,
    /// How many loops and groups the step lies in. Only steps in none are told one by one.
    depth: usize,
    /// Whether calls are made without awaiting anything.
    grouped: bool,
    steps: Vec<PlayedStep>,
    expectations: usize,
    failures: Vec<Failure>,
    concerned: Concerned,
    snapshots: Snapshots,
    frozen: Vec<Frozen>,
    /// Where somebody wants to know what is touched.
    touching: Option<Touching>,
    /// Whether there is a timeline where nothing failed, too.
    timeline: bool,
}

impl<'a> Player<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        pipeline: Pipeline,
        scope: Scope<'a>,
        staging: &Staging,
        touching: Option<Touching>,
    ) -> Self {
        let engagement = Engagement::of(scenario, staging.seed);
        Self {
            scenario,
            pipeline,
            scope,
            sent: 0,
            made: Vec::new(),
            engagement,
            last: Value::Null,
            played: 0,
            depth: 0,
            grouped: false,
            steps: Vec::new(),
            expectations: 0,
            failures: Vec::new(),
            concerned: Concerned::default(),
            snapshots: staging.snapshots,
            frozen: Vec::new(),
            touching,
            timeline: staging.timeline,
        }
    }

    /// Gives the variables their values that have none before a scenario begins.
    pub(super) fn begin(&mut self) -> Result<(), Stopped> {
        self.bind(&self.scenario.beginning)
    }

    /// Plays the scenario's steps, with what is scheduled before each.
    pub(super) async fn story(&mut self, schedule: &Schedule) -> Result<(), Stopped> {
        for (index, step) in self.scenario.steps.iter().enumerate() {
            for fault in schedule.before(index) {
                plan(&self.pipeline, fault);
            }
            self.step(step).await?;
        }
        Ok(())
    }

    /// Plays a list of steps.
    pub(super) fn all<'f>(&'f mut self, steps: &'f [Step]) -> Playing<'f> {
        Box::pin(async move {
            for step in steps {
                self.step(step).await?;
            }
            Ok(())
        })
    }

    async fn step(&mut self, step: &Step) -> Result<(), Stopped> {
        if step.when.as_ref().is_some_and(|when| !self.holds(when)) {
            return Ok(());
        }
        if let Action::Include { steps, .. } = &step.action {
            return self.all(steps).await;
        }
        let started = self.pipeline.clock().now();
        let before = self.pipeline.clock().elapsed();
        let played = self.whole(step).await;
        if self.depth == 0 {
            self.steps.push(PlayedStep {
                at: step.at,
                name: step.action.name(),
                started,
                took: self.pipeline.clock().elapsed().saturating_sub(before),
            });
        }
        played
    }

    /// A step with everything in it.
    async fn whole(&mut self, step: &Step) -> Result<(), Stopped> {
        match &step.action {
            Action::Repeat { times, steps } => {
                let times = self.times(times)?;
                let rows = (0..times).map(|_| None);
                self.each("", rows, steps).await
            }
            Action::ForEach { name, rows, steps } => self.each(name, rows.iter().cloned().map(Some), steps).await,
            Action::Parallel { steps } => {
                let outer = std::mem::replace(&mut self.grouped, true);
                self.depth += 1;
                let played = self.all(steps).await;
                self.depth -= 1;
                self.grouped = outer;
                self.quiesce().await;
                played
            }
            Action::Late(late) => {
                let source = &self.scenario.source;
                let dialect = self.scenario.settings.dialect;
                match now(late, &mut self.scope, source, dialect) {
                    Ok(Action::Call { kind, message }) => self.call(step.at, kind, message).await,
                    Ok(action) => self.one(step.at, &action).await,
                    Err(mistakes) => Err(self.mistaken(late.name, mistakes)),
                }
            }
            Action::Call { kind, message } => self.call(step.at, *kind, message.clone()).await,
            action => self.one(step.at, action).await,
        }
    }

    /// A call, which is most of what long scenarios consist of.
    async fn call(&mut self, at: Span, kind: Kind, message: Map<String, Value>) -> Result<(), Stopped> {
        self.count(at, kind.as_str())?;
        self.accept(at, Value::Object(message)).await;
        self.quiesce().await;
        Ok(())
    }

    /// The same steps for each row, with their number.
    async fn each(
        &mut self,
        name: &str,
        rows: impl Iterator<Item = Option<Value>>,
        steps: &[Step],
    ) -> Result<(), Stopped> {
        let outer = self.scope.depth();
        self.depth += 1;
        let mut played = Ok(());
        for (index, row) in rows.enumerate() {
            self.scope.enter("index", index.into());
            if let Some(row) = row {
                self.scope.enter(name, row);
            }
            played = self.all(steps).await;
            self.scope.leave(outer);
            if played.is_err() {
                break;
            }
        }
        self.depth -= 1;
        played
    }

    fn times(&mut self, times: &Times) -> Result<u64, Stopped> {
        let node = match times {
            Times::Known(times) => return Ok(*times),
            Times::Late(node) => node,
        };
        let mut sink = Sink::new(Syntax::Yaml);
        let filled = filled(node, &mut self.scope, &self.scenario.source, &mut sink);
        match count(&filled, &mut sink) {
            Some(times) if times <= MOST_PLAYED => return Ok(times),
            Some(_) => sink.push(too_many(node.at)),
            None => {}
        }
        Err(self.mistaken("repeat.times", sink.into_first().0))
    }

    /// Plays one step and then whatever can happen without time moving, so that a fault planned by the next step
    /// never meets the first attempt of this one.
    async fn one(&mut self, at: Span, action: &Action) -> Result<(), Stopped> {
        self.count(at, action.name())?;
        match action {
            Action::File { events, .. } => {
                for (_, message) in events {
                    self.accept(at, message.clone()).await;
                }
            }
            Action::Wait(duration) => {
                self.wait(at, *duration).await;
                self.scope.made_up.waited(*duration, self.pipeline.clock().now());
            }
            Action::Fault(fault) => plan(&self.pipeline, fault),
            Action::Settle | Action::Snapshot(_) => self.let_settle(at).await,
            Action::Set(bindings) => self.bind(bindings)?,
            _ => {}
        }
        self.quiesce().await;
        match action {
            Action::Expect(look) => self.look(look),
            Action::Snapshot(snapshot) => {
                self.freeze(snapshot);
                Ok(())
            }
            Action::Capture(captures) => {
                for one in captures {
                    match capture::value(&mut self.pipeline, self.scenario, &self.last, one) {
                        Ok(value) => self.scope.name(&one.name, value),
                        Err(failure) => {
                            self.fail(*failure);
                            return Err(Stopped);
                        }
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Counts a step, of which there may be only so many.
    fn count(&mut self, at: Span, name: &str) -> Result<(), Stopped> {
        self.played += 1;
        if self.played > MOST_PLAYED {
            return Err(self.mistaken(name, vec![too_many(at)]));
        }
        Ok(())
    }

    /// Lets everything happen that can happen now, unless calls are made together.
    async fn quiesce(&mut self) {
        if !self.grouped {
            self.pipeline.quiesce().await;
        }
    }

    fn holds(&self, when: &When) -> bool {
        let holds = |condition: &crate::scenario::Condition| condition.holds(self.scope.get(&condition.path.root));
        when.conditions.iter().all(holds)
    }

    fn bind(&mut self, bindings: &[Binding]) -> Result<(), Stopped> {
        for binding in bindings {
            let mut sink = Sink::new(Syntax::Yaml);
            let filled = filled(&binding.value, &mut self.scope, &self.scenario.source, &mut sink);
            if !sink.is_empty() {
                return Err(self.mistaken(&format!("set.{}", binding.name), sink.into_first().0));
            }
            self.scope.name(&binding.name, filled.to_value());
        }
        Ok(())
    }

    /// Lets every delivery reach its outcome, and where there is a closing `expect`, the dashboard show it.
    pub(super) async fn settle(&mut self, dashboard: bool) {
        let started = self.pipeline.clock().now();
        let before = self.pipeline.clock().elapsed();
        let last = self.scenario.steps.last();
        let at = last.map_or(Span { start: 0, end: 0 }, |step| step.at);
        self.let_settle(at).await;
        if dashboard && !self.scenario.expect.is_empty() {
            self.let_dashboard_catch_up(at).await;
        }
        self.steps.push(PlayedStep {
            at,
            name: "closing",
            started,
            took: self.pipeline.clock().elapsed().saturating_sub(before),
        });
    }

    /// The closing `expect`.
    pub(super) async fn look_at_the_end(&mut self) {
        self.depth += 1;
        for look in &self.scenario.expect {
            if self.step(look).await.is_err() {
                break;
            }
        }
        self.depth -= 1;
    }

    /// Fills in what an SDK would have and the file leaves out, the same in every run.
    async fn accept(&mut self, at: Span, mut message: Value) {
        self.sent += 1;
        let (number, now) = (self.sent, self.pipeline.clock().now());
        self.scope.made_up.written(&message);
        if let Value::Object(message) = &mut message {
            let absent = |message: &Map<String, Value>, key: &str| message.get(key).is_none_or(Value::is_null);
            if absent(message, "messageId") {
                message.insert("messageId".to_owned(), MessageId::numbered(number).into());
            }
            if absent(message, "timestamp") {
                message.insert("timestamp".to_owned(), now.to_string().into());
                self.scope.made_up.made(now);
            }
        }
        self.made.push(Made::of(&message, at, now));
        if let Some(engagement) = &mut self.engagement {
            engagement.record(&message, now);
        }
        self.hand_in(&message, now).await;
        self.last = message;
    }

    /// Hands a whole message to Segment.
    async fn hand_in(&mut self, message: &Value, now: Timestamp) {
        if let Some(touching) = &mut self.touching {
            touching.message(message, now);
        }
        self.pipeline.accept(message).await;
    }

    fn look(&mut self, look: &Look) -> Result<(), Stopped> {
        let expectations = &look.expectations;
        self.expectations += expectations.lists.len() + usize::from(expectations.deliveries.is_some());
        for failure in observe::check(&mut self.pipeline, self.scenario, look) {
            self.concerned.add(&failure, expectations);
            self.fail(failure);
        }
        if self.failures.len() < MOST_FAILURES {
            return Ok(());
        }
        self.failures.truncate(MOST_FAILURES);
        let message = format!("{MOST_FAILURES} failures are enough: no further step is played");
        let mistake = Diagnostic::new(expectations.at, message);
        self.failures.push(unplayed("expect", mistake));
        Err(Stopped)
    }

    /// Tells what a step that was read again has come to, and stops.
    fn mistaken(&mut self, place: &str, mistakes: Vec<Diagnostic>) -> Stopped {
        for mistake in mistakes {
            self.fail(unplayed(place, mistake));
        }
        Stopped
    }

    /// Keeps a failure, with the round of the loop it was found in.
    fn fail(&mut self, failure: Failure) {
        let rounds = self.scope.rounds();
        self.failures.push(match rounds.as_str() {
            "" => failure,
            _ => Failure {
                message: format!("{} (index {rounds})", failure.message),
                ..failure
            },
        });
    }

    /// What there is to be looked at now.
    pub(super) fn rows(&mut self, sections: &[Section]) -> Vec<Vec<Value>> {
        let (scenario, asked) = (self.scenario, Asked::default());
        let sections = sections.iter().copied();
        sections
            .map(|section| observe::look_up(&mut self.pipeline, scenario, &asked, section))
            .collect()
    }

    /// What came of it, with everything that was received and sent.
    pub(super) fn evidence(self) -> Evidence {
        let (mock, link) = (self.pipeline.mock().clone(), self.pipeline.link().clone());
        Evidence {
            outcome: self.outcome(),
            journal: mock.journal(),
            wire: link.exchanges(),
        }
    }

    pub(super) fn outcome(mut self) -> Outcome {
        let timeline = if self.timeline || !self.failures.is_empty() {
            trace::timeline(&mut self.pipeline, self.made, self.concerned)
        } else {
            Timeline::default()
        };
        Outcome {
            name: self.scenario.name.clone(),
            file: self.scenario.source.name.clone(),
            virtual_time: self.pipeline.clock().elapsed(),
            steps: self.steps,
            deliveries: self.pipeline.deliveries(),
            expectations: self.expectations,
            failures: self.failures,
            snapshots: self.frozen,
            chaos: None,
            undelivered: observe::undelivered(self.pipeline.handled()),
            touched: self.touching.map(|touching| touching.finish(&mut self.pipeline)),
            timeline,
        }
    }
}

fn too_many(at: Span) -> Diagnostic {
    Diagnostic::new(at, format!("more than {MOST_PLAYED} steps are played")).help("fewer rounds")
}

/// A step that can't be played as it is now.
fn unplayed(place: &str, mistake: Diagnostic) -> Failure {
    Failure {
        section: None,
        at: mistake.at,
        place: place.to_owned(),
        message: mistake.message,
        expected: mistake.help.unwrap_or_else(|| "a step that can be played".to_owned()),
        actual: mistake.label.unwrap_or_else(|| "none".to_owned()),
        nearest: None,
        further: Vec::new(),
        diff: None,
    }
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
