//! A scenario, ready to be run.

use std::sync::Arc;
use std::time::Duration;

use attribution_destination::deliver::Ordering;
use attribution_destination::{Dialect, PreviousId};
use attribution_mock::Fault;
use attribution_mock::rules::RuleLevels;
use expectation::{Expectations, Source, Span};
use jiff::Timestamp;
use pipeline::LinkFault;
use segment_engage::{Aliases, Audience, ComputedTrait, Form, Schedule};
use segment_event::Kind;
use serde_json::{Map, Value};

/// A scenario file after every mistake in it was ruled out.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called: `name`, or the file's name without folder and extension.
    pub name: String,
    /// What it is about: `description`.
    pub description: Option<String>,
    /// The file it was read from; spans point into it.
    pub source: Arc<Source>,
    /// The virtual wall clock at the first step: `start`, by default 2024-01-15T10:00:00Z.
    pub start: Timestamp,
    /// How the destination and its double are set up.
    pub settings: ScenarioSettings,
    /// How the link between them behaves.
    pub link: LinkSettings,
    /// The audiences and computed traits of which Engage tells the destination: `engage`.
    pub engage: Option<EngageSettings>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// The closing `expect`, looked at once every delivery has reached its outcome.
    pub expect: Option<Expectations>,
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
        /// The message as written, without `type`.
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
    Expect(Expectations),
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
