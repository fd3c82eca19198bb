//! One file per command. Each returns how it ended; [`run()`] turns what could not run into words on standard error.

pub(crate) mod asking;
pub(crate) mod bundle;
mod channels;
mod check;
mod completions;
mod conformance;
pub(crate) mod events;
pub(crate) mod explain;
mod export;
pub(crate) mod files;
mod init;
mod interrupts;
mod lines;
mod lint;
mod map;
mod record;
pub(crate) mod replay;
mod report;
pub(crate) mod run;
mod scenario_from;
mod schema;
mod sdk;
mod send;
mod serve;
mod tail;
mod taken;
mod tidy;
mod trace;
mod upstream;
mod wait;
mod whole_file;

use std::error::Error;
use std::fmt;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use attribution_destination::deliver::TlsRoots;
use attribution_destination::{Dialect, PreviousId, ProjectId, Settings};
use attribution_mock::rules::RuleLevels;

use crate::args::{Cli, Command, DestinationArgs, RuleArgs};
use crate::exit::ExitStatus;

/// Does what was asked.
pub(crate) fn run(cli: Cli) -> ExitStatus {
    let ended = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Fmt(args) => tidy::run(&args),
        Command::Schema => schema::run(),
        Command::Explain(args) => explain::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Conformance(args) => conformance::run(&args),
        Command::Sdk(args) => sdk::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Map(args) => map::run(&args),
        Command::Send(args) => send::run(&args),
        Command::Wait(args) => wait::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Tail(args) => tail::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Trace(args) => trace::run(&args),
        Command::ScenarioFrom(args) => scenario_from::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Channels(args) => channels::run(&args.command),
    };
    ended.unwrap_or_else(|error| tell(&error))
}

/// Says why it could not run, cause by cause.
fn tell(error: &anyhow::Error) -> ExitStatus {
    // Nothing is left to do when standard error is gone too.
    let _ = writeln!(anstream::stderr(), "error: {error:#}");
    if error.chain().any(<dyn Error>::is::<Unusable>) {
        ExitStatus::Invalid
    } else {
        ExitStatus::Broken
    }
}

/// Something that the user gave can't be used: what kept it from running is not the system.
#[derive(Debug)]
struct Unusable(Box<dyn Error + Send + Sync>);

impl Unusable {
    fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Unusable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// The project id that was given, or word on standard error that it is missing.
fn project_id(given: Option<&str>) -> Option<ProjectId> {
    match ProjectId::new(given.unwrap_or_default()) {
        Ok(project_id) => Some(project_id),
        Err(error) => {
            // Nothing is left to do when standard error is gone.
            let _ = writeln!(
                anstream::stderr(),
                "error: {error}: give --project-id ID or set ATTRIBUTION_PROJECT_ID; any ID will do against the double"
            );
            None
        }
    }
}

/// The system's roots, and those in a PEM file.
fn roots(ca_file: &Path) -> anyhow::Result<TlsRoots> {
    let pem = std::fs::read(ca_file).with_context(|| format!("can't read {}", ca_file.display()))?;
    let named = || format!("can't use {}", ca_file.display());
    TlsRoots::system()
        .and_pem(&pem)
        .map_err(Unusable::new)
        .with_context(named)
}

/// An option that the dialect has no use for, so that whoever gave it expects something else than what would happen.
#[derive(Debug)]
struct PresetOfAnotherDialect(Dialect);

impl fmt::Display for PresetOfAnotherDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "--previous-id preset is of --dialect actions, and in {} an alias always says which id is merged: write \
             --dialect actions --previous-id preset, or leave --previous-id out",
            self.0
        )
    }
}

impl Error for PresetOfAnotherDialect {}

/// What is made of broken rules.
fn levels(args: &RuleArgs) -> anyhow::Result<RuleLevels> {
    let mut levels = RuleLevels::default();
    for &(rule, level) in &args.rules {
        levels.set(rule, level).map_err(Unusable::new)?;
    }
    Ok(levels)
}

/// A project for events that go nowhere: any will do.
fn demo_project() -> anyhow::Result<ProjectId> {
    ProjectId::new(pipeline::config::DEMO_PROJECT).context("can't set up the destination")
}

/// The destination's settings for a project.
fn settings(args: &DestinationArgs, project_id: ProjectId) -> anyhow::Result<Settings> {
    if args.previous_id == PreviousId::Preset && args.dialect != Dialect::Actions {
        return Err(Unusable::new(PresetOfAnotherDialect(args.dialect)).into());
    }
    Ok(Settings {
        dialect: args.dialect,
        screens: args.screens,
        previous_id: args.previous_id,
        ..Settings::new(project_id)
    })
}
