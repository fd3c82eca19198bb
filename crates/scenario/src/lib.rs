//! The scenario language: a YAML file that says which Segment calls are made and what Attribution is to make of them.
//!
//! The last stage but one of the pipe: `text → syntax tree → `[`Scenario`]` → run → `[`Outcome`], which the command
//! line renders. Everything before it in the workspace is driven from here, and nothing of it is replaced.
//!
//! ```
//! use std::sync::Arc;
//!
//! use scenario::{Folder, RunOptions, Source, parse, run};
//!
//! let text = "
//! steps:
//!   - page:
//!       anonymousId: anon-1
//!       properties: { url: 'https://shop.example/?utm_source=google' }
//!   - wait: 40m
//!   - identify: { anonymousId: anon-1, userId: user-1 }
//! expect:
//!   visits: [{ visitor: user-1, source: google }]
//! ";
//! let source = Source::new("first.yaml", text.into())?;
//! let scenarios = parse(Arc::new(source), &Folder::of("first.yaml"))?;
//! assert_eq!(run(&scenarios[0], &RunOptions::default())?.failures, []);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - `syntax`: YAML as a tree with places; `parse`: from the tree to a `scenario`, with every mistake at once,
//!   [`faults`] of faults alone; `files`: how the files that it names are read; `template`: placeholders in its texts.
//! - [`expect`]: the crate `expectation`: what is claimed, and how claims are held against what was observed; a file's
//!   text, places in it and mistakes at them.
//! - `chaos`: random faults, and what of them it takes to make a scenario fail.
//! - [`Coverage`]: what of the contract scenarios have touched, and what they have not.
//! - [`schema()`]: the language as a JSON Schema, for editors.
//! - `from`: recorded events as a scenario.
//! - [`Asked`]: what its report is asked for.
//! - `snapshot`: what was observed as a text that is the same in every run.
//! - [`tidy()`]: a file in tidy lines.
//! - `run`: playing a scenario; `outcome`: what came of it, `timeline`: message by message.
//!
//! # Architecture invariants
//!
//! - Nothing here prints, and nothing knows the command line; mistakes and failures are data with places.
//! - No text makes the parser panic, and no mistake hides another: the parser goes on after each.
//! - No file that a scenario names is read outside its folder tree, and of the environment only what it declares.
//! - Parsing and matching know neither clock nor randomness; only `run` does.

mod asked;
mod chaos;
mod coverage;
mod files;
mod from;
mod outcome;
mod parse;
mod run;
mod scenario;
mod schema;
mod snapshot;
mod syntax;
mod template;
mod tidy;
mod timeline;

pub use asked::Asked;
pub use chaos::{ChaosKind, ChaosSettings};
pub use coverage::{Coverage, Covered, Part, Share, Touched};
pub use expectation as expect;
pub use expectation::{
    Diagnostic, Diff, DiffLine, Expectations, Failure, LineKind, Nearest, Observed, Position, Source,
    SourceError as ScenarioError, Span, printable,
};
pub use files::{FileError, Files, Folder, Remembering};
pub use from::{Events, FromError, Recording, calls_of_request, scenario_from};
pub use outcome::{Chaos, FailedRun, Frozen, FrozenState, Outcome, PlannedFault, PlayedStep, Undelivered};
pub use parse::{Given, faults, parse, parse_with};
pub use run::{Evidence, Mode, RunError, RunOptions, Snapshots, run, run_until, run_with_evidence};
pub use scenario::{
    Action, Binding, Capture, EngageSettings, FaultStep, Late, LinkSettings, Look, Scenario, ScenarioSettings,
    SnapshotStep, Step, Times, When,
};
pub use schema::schema;
pub use snapshot::{FOLDER as SNAPSHOTS, PLACEHOLDERS};
pub use template::Variables;
pub use tidy::{TidyError, tidy};
pub use timeline::{Attempt, Message, Recorded, Timeline};
