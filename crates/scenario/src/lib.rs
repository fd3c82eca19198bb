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
//! let scenario = parse(Arc::new(source), &Folder::of("first.yaml"))?;
//! assert_eq!(run(&scenario, &RunOptions::default())?.failures, []);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - `syntax`: YAML as a tree with places; `parse`: from the tree to a `scenario`, with every mistake at once,
//!   [`faults`] of faults alone; `files`: how `file:` steps are read.
//! - [`expect`]: the crate `expectation`: what is claimed, and how claims are held against what was observed; a file's
//!   text, places in it and mistakes at them.
//! - `run`: playing a scenario; `outcome`: what came of it.
//!
//! # Architecture invariants
//!
//! - Nothing here prints, and nothing knows the command line; mistakes and failures are data with places.
//! - No text makes the parser panic, and no mistake hides another: the parser goes on after each.
//! - No `file:` step reads outside the scenario's folder tree.
//! - Parsing and matching know neither clock nor randomness; only `run` does.

mod files;
mod outcome;
mod parse;
mod run;
mod scenario;
mod syntax;

pub use expectation as expect;
pub use expectation::{
    Diagnostic, Expectations, Failure, Observed, Position, Source, SourceError as ScenarioError, Span, printable,
};
pub use files::{FileError, Files, Folder};
pub use outcome::{Outcome, PlayedStep, Undelivered};
pub use parse::{faults, parse};
pub use run::{Mode, RunError, RunOptions, run};
pub use scenario::{Action, EngageSettings, FaultStep, LinkSettings, Scenario, ScenarioSettings, Step};
