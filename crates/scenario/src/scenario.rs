//! A scenario, ready to be run.

use std::sync::Arc;
use std::time::Duration;

use attribution_destination::deliver::Ordering;
use attribution_destination::{Dialect, PreviousId};
use attribution_mock::rules::RuleLevels;
use attribution_mock::{DashboardDelay, Fault};
use attribution_report::Plan;
use expectation::tree::Node;
use expectation::{Expectations, Pattern, Section, Source, Span};
use jiff::Timestamp;
use pipeline::LinkFault;
use segment_engage::{Aliases, Audience, ComputedTrait, Form, Schedule};
use segment_event::Kind;
use serde_json::{Map, Value};

use crate::asked::Asked;
use crate::chaos::ChaosSettings;
use crate::template::{Path, Variables};

/// A scenario file after every mistake in it was ruled out; with a `matrix`, one combination of it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called: `name`, or the file's name without folder and extension; of a combination with what varies,
    /// `name [dialect=actions strict=false]`.
    pub name: String,
    /// What it is about: `description`.
    pub description: Option<String>,
    /// Words to choose it by: `tags`.
    pub tags: Vec<String>,
    /// Why it is not to be played: `skip`. Whoever plays scenarios is to ask; [`run()`](crate::run()) plays it all the same.
    pub skip: Option<String>,
    /// Where `only: true` stands: while there is such a scenario, no other is to be played.
    pub only: Option<Span>,
    /// What the `matrix` chose, each axis with what its value is called; empty without one.
    pub combination: Vec<(String, String)>,
    /// The file it was read from, with those that it includes; spans point into it.
    pub source: Arc<Source>,
    /// The virtual wall clock at the first step: `start`, by default 2024-01-15T10:00:00Z.
    pub start: Timestamp,
    /// How the destination and its double are set up.
    pub settings: ScenarioSettings,
    /// How the link between them behaves.
    pub link: LinkSettings,
    /// Under which random faults it must hold as well: `chaos`.
    pub chaos: Option<ChaosSettings>,
    /// What is known by name before it is played: `vars`, `env` and `matrix`.
    pub variables: Variables,
    /// The variables that get their value when it begins, because they hold a generator.
    pub beginning: Vec<Binding>,
    /// The audiences and computed traits of which Engage tells the destination: `engage`.
    pub engage: Option<EngageSettings>,
    /// What the report is made with: `channels`, `spend` and `report`. None where nothing is said: as `harness report` makes
    /// one that it is asked for nothing in particular.
    pub plan: Option<Arc<Plan>>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// The closing `expect`, looked at once every delivery has reached its outcome: steps that are an
    /// [`Action::Expect`] now or when they are played.
    pub expect: Vec<Step>,
    /// What happens in the end, whatever came of the rest: `finally`.
    pub finally: Vec<Step>,
}

impl Scenario {
    /// How many steps are played at most, those of loops as often as they are, and all as often as there are runs; nothing
    /// where that shows only when it is played.
    pub fn plays(&self) -> Option<u64> {
        let parts = [&self.steps, &self.finally];
        let known = parts
            .iter()
            .all(|steps| steps.iter().all(|step| step.action.is_bounded()));
        let runs = 1 + self.chaos.as_ref().map_or(0, |chaos| u64::from(chaos.runs));
        let once = || parts.into_iter().map(|steps| plays(steps)).fold(0, u64::saturating_add);
        known.then(|| once().saturating_mul(runs))
    }

    /// Its snapshots, also those in files that it includes, in order.
    pub fn snapshots(&self) -> Vec<&SnapshotStep> {
        let mut found = Vec::new();
        snapshots(&self.steps, &mut found);
        snapshots(&self.finally, &mut found);
        found
    }
}

/// `settings:` of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioSettings {
    /// Attribution's project id, never blank; by default [`ScenarioSettings::PROJECT_ID`].
    pub project_id: String,
    /// The wire format spoken; by default classic.
    pub dialect: Dialect,
    /// Whether an alias of the actions dialect says which id is merged; by default it does. It does in every other.
    pub previous_id: PreviousId,
    /// Whether screen calls are delivered in the classic dialect; off by default. They are in every other.
    pub screens: bool,
    /// In which order one visitor's events are delivered; by default as they happened.
    pub ordering: Ordering,
    /// How many events at most share a request of the import dialect; 1 by default, and 1 in every other.
    pub batch: usize,
    /// Whether messages pass Segment's ingest checks first; on by default.
    pub ingest: bool,
    /// Whether the double answers 400 to what no public sender can emit; on by default.
    pub strict: bool,
    /// What the double makes of each broken rule; by default what the rule itself says.
    pub rules: RuleLevels,
    /// How long it takes until what was received is in the report; by default no time. Its seed is the run's.
    pub dashboard_delay: DashboardDelay,
}

impl ScenarioSettings {
    /// The project id of a scenario that names none.
    pub const PROJECT_ID: &str = "demo-project";
}

impl Default for ScenarioSettings {
    fn default() -> Self {
        Self {
            project_id: Self::PROJECT_ID.to_owned(),
            dialect: Dialect::Classic,
            previous_id: PreviousId::Mapped,
            screens: false,
            ordering: Ordering::PerVisitor,
            batch: 1,
            ingest: true,
            strict: true,
            rules: RuleLevels::default(),
            dashboard_delay: DashboardDelay::default(),
        }
    }
}

/// `link:` of a scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkSettings {
    /// How long a request is under way before the server sees it; zero by default.
    pub latency: Duration,
}

/// `engage:` of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct EngageSettings {
    /// The audiences; each key, with those of the traits, is there once.
    pub audiences: Vec<Audience>,
    /// The computed traits.
    pub traits: Vec<ComputedTrait>,
    /// When there is a sync; by default six hours after the start, and then every two to three.
    pub schedule: Schedule,
    /// As which call the destination is told; by default as an identify.
    pub form: Form,
    /// What aliases do in Segment; by default they join profiles.
    pub aliases: Aliases,
}

/// One item of `steps`.
#[derive(Clone, Debug)]
pub struct Step {
    /// The whole step in the file.
    pub at: Span,
    /// What must hold for it to be played; of what was known beforehand nothing is left here.
    pub when: Option<When>,
    /// What it does.
    pub action: Action,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Action {
    /// A Segment call: `page`, `identify`, `track`, `alias`, `screen` or `group`.
    Call {
        /// Which of the six.
        kind: Kind,
        /// The message as written, with its `type` first.
        message: Map<String, Value>,
    },
    /// Lets time pass: `wait`.
    Wait(Duration),
    /// Makes the server or the link misbehave: `fault`.
    Fault(FaultStep),
    /// Plays recorded messages: `file`.
    File {
        /// The path as written, relative to the scenario's folder.
        path: String,
        /// The messages with their line in the file, from 1.
        events: Vec<(usize, Value)>,
    },
    /// Lets every delivery reach its outcome: `settle`.
    Settle,
    /// Looks at this very moment: `expect`.
    Expect(Box<Look>),
    /// A step that is read again when it is played, because it holds what is known only then.
    Late(Box<Late>),
    /// Gives names to what was observed: `capture`.
    Capture(Vec<Capture>),
    /// Gives names to what is made: `set`.
    Set(Vec<Binding>),
    /// Holds what there is against a file that was reviewed, once every delivery has reached its outcome: `snapshot`.
    Snapshot(SnapshotStep),
    /// Steps from another file: `include`.
    Include {
        /// Its path from the scenario's folder.
        path: String,
        /// What it holds.
        steps: Vec<Step>,
    },
    /// The same several times: `repeat`.
    Repeat {
        /// How often.
        times: Times,
        /// What is repeated, with `index`.
        steps: Vec<Step>,
    },
    /// The same for each row: `for_each`.
    ForEach {
        /// What the row is called.
        name: String,
        /// The rows.
        rows: Arc<[Value]>,
        /// What is done, with the row and `index`.
        steps: Vec<Step>,
    },
    /// Calls that are made at one moment, all before any is awaited: `parallel`.
    Parallel {
        /// The calls.
        steps: Vec<Step>,
    },
}

/// One `expect`.
#[derive(Clone, Debug)]
pub struct Look {
    /// What there must be.
    pub expectations: Expectations,
    /// What its report is asked for, in place of what the scenario's is.
    pub asked: Asked,
}

/// What is frozen, and the file that it is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotStep {
    /// Where its name stands.
    pub at: Span,
    /// The name, unlike every other in the scenario.
    pub name: String,
    /// What is frozen; by default the requests.
    pub of: Section,
    /// The keys of each row that are; all of them where none is named.
    pub fields: Vec<String>,
    /// The file's path from the scenario's folder, with slashes: `snapshots/checkout.yaml/requests.snap`.
    pub file: String,
    /// What is in the file; nothing, where there is none yet.
    pub stored: Option<String>,
}

/// How often something is repeated.
#[derive(Clone, Debug)]
pub enum Times {
    /// Known before it is played.
    Known(u64),
    /// A placeholder.
    Late(Node),
}

/// A step that holds placeholders whose values are known only when it is played.
#[derive(Clone, Debug)]
pub struct Late {
    /// The step's key.
    pub name: &'static str,
    /// What stands at it, as written.
    pub node: Node,
}

/// A name and the tree that its value is made of.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The name.
    pub name: String,
    /// The value, as written.
    pub value: Node,
}

/// A name for something that was observed.
#[derive(Clone, Debug)]
pub struct Capture {
    /// Where the path stands.
    pub at: Span,
    /// The name.
    pub name: String,
    pub(crate) path: Path,
}

/// What must hold for a step to be played.
#[derive(Clone, Debug)]
pub struct When {
    pub(crate) conditions: Vec<Condition>,
}

/// One variable and what it must be.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) path: Path,
    pub(crate) pattern: Pattern,
}

/// Loops hold none: each round would be another file.
fn snapshots<'s>(steps: &'s [Step], found: &mut Vec<&'s SnapshotStep>) {
    for step in steps {
        match &step.action {
            Action::Snapshot(snapshot) => found.push(snapshot),
            Action::Include { steps, .. } => snapshots(steps, found),
            _ => {}
        }
    }
}

/// How many steps these are when they are played, loops counted out.
fn plays(steps: &[Step]) -> u64 {
    steps
        .iter()
        .fold(0, |sum, step| sum.saturating_add(step.action.plays()))
}

impl Action {
    /// The step's key in the file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Call { kind, .. } => kind.as_str(),
            Self::Wait(_) => "wait",
            Self::Fault(_) => "fault",
            Self::File { .. } => "file",
            Self::Settle => "settle",
            Self::Expect(_) => "expect",
            Self::Late(late) => late.name,
            Self::Capture(_) => "capture",
            Self::Set(_) => "set",
            Self::Snapshot(_) => "snapshot",
            Self::Include { .. } => "include",
            Self::Repeat { .. } => "repeat",
            Self::ForEach { .. } => "for_each",
            Self::Parallel { .. } => "parallel",
        }
    }

    /// How many steps it is when it is played; a loop whose count nobody knows yet counts once.
    pub(crate) fn plays(&self) -> u64 {
        let each = |times: u64, steps: &[Step]| times.saturating_mul(plays(steps).max(1));
        match self {
            Self::Repeat { times, steps } => match times {
                Times::Known(times) => each(*times, steps),
                Times::Late(_) => plays(steps),
            },
            Self::ForEach { rows, steps, .. } => each(u64::try_from(rows.len()).unwrap_or(u64::MAX), steps),
            Self::Include { steps, .. } | Self::Parallel { steps } => plays(steps),
            _ => 1,
        }
    }

    /// How many messages it sends when it is played; a loop whose count nobody knows yet counts once.
    pub(crate) fn messages(&self) -> u64 {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let all = |steps: &[Step]| {
            let each = steps.iter().map(|step| step.action.messages());
            each.fold(0, u64::saturating_add)
        };
        match self {
            Self::Call { .. } => 1,
            Self::Late(late) => u64::from(late.name.parse::<Kind>().is_ok()),
            Self::File { events, .. } => count(events.len()),
            Self::Include { steps, .. } | Self::Parallel { steps } => all(steps),
            Self::Repeat { times, steps } => match times {
                Times::Known(times) => times.saturating_mul(all(steps)),
                Times::Late(_) => all(steps),
            },
            Self::ForEach { rows, steps, .. } => count(rows.len()).saturating_mul(all(steps)),
            Self::Wait(_)
            | Self::Fault(_)
            | Self::Settle
            | Self::Snapshot(_)
            | Self::Expect(_)
            | Self::Capture(_)
            | Self::Set(_) => 0,
        }
    }

    /// Whether it is known how often each loop in it goes round.
    fn is_bounded(&self) -> bool {
        let all = |steps: &[Step]| steps.iter().all(|step| step.action.is_bounded());
        match self {
            Self::Repeat { times, steps } => matches!(times, Times::Known(_)) && all(steps),
            Self::ForEach { steps, .. } | Self::Include { steps, .. } | Self::Parallel { steps } => all(steps),
            _ => true,
        }
    }
}

/// A scripted misbehaviour. By default it strikes once; `None` in the place of a count is `times: always`.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultStep {
    /// The server misbehaves, in HTTP. The double takes this fault as it is.
    Server(Box<Fault>),
    /// The link misbehaves, below HTTP.
    Link {
        /// What happens to an exchange.
        fault: LinkFault,
        /// To how many exchanges.
        times: Option<u32>,
    },
}
