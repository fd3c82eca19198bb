//! `harness scenario-from`: recorded events, or a journal, as a scenario.

mod journal;
mod recorded;

use std::fmt;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use scenario::{Events, Folder, FromError, Recording, ScenarioSettings, scenario_from};

use self::recorded::Recorded;
use super::events::Input;
use super::files::STDIN;
use super::{Unusable, demo_project, settings, whole_file};
use crate::args::ScenarioFromArgs;
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::mistakes;

/// More events than this stay in their file, where that can be.
const MOST_STEPS: usize = 200;

pub(super) fn run(args: &ScenarioFromArgs) -> anyhow::Result<ExitStatus> {
    if let Some(output) = args.output.as_deref().filter(|_| !args.force)
        && output.symlink_metadata().is_ok()
    {
        return Err(Unusable::new(Taken(output.to_owned())).into());
    }
    // The same refusals as for every other command.
    let destination = settings(&args.destination, demo_project()?)?;
    let settings = ScenarioSettings {
        dialect: destination.dialect,
        previous_id: destination.previous_id,
        screens: destination.screens,
        ..ScenarioSettings::default()
    };
    let origin = shown(&args.file);
    let recorded = recorded::read(Input::open(Some(&args.file))?, args).with_context(|| format!("in {origin}"))?;
    if let Some(line) = recorded.torn {
        // Nothing is left to do when standard error is gone.
        let _ = writeln!(
            anstream::stderr(),
            "warning: line {line} of {origin} is torn, and counts for nothing"
        );
    }
    let place = args.output.clone().unwrap_or_else(|| PathBuf::from("scenario.yaml"));
    let beside = stays(&recorded).then(|| below(&args.file, &place)).flatten();
    let name = args.name.clone().unwrap_or_else(|| stem(&args.file));
    let recording = Recording {
        name: &name,
        origin: &origin,
        settings: &settings,
        events: match &beside {
            Some(file) => Events::File(file),
            None => Events::Steps(&recorded.events),
        },
    };
    let text = scenario_from(&recording, &Folder::of(&place))
        .map_err(|error| told(error, &recorded))
        .with_context(|| format!("in {origin}"))?;
    let mut out = Output::new(anstream::stdout().lock());
    match &args.output {
        None => write!(out, "{text}")?,
        Some(output) => {
            whole_file::write(output, &text)?;
            let count = recorded.events.len();
            let events = if count == 1 {
                "1 event".to_owned()
            } else {
                format!("{count} events")
            };
            writeln!(out, "wrote {}, of {events}\n\nnow: harness run {0}", shown(output))?;
        }
    }
    out.flush().map(|()| ExitStatus::Passed).map_err(io::Error::into)
}

/// What can't be made a scenario, with its line.
fn told(error: FromError, recorded: &Recorded) -> anyhow::Error {
    match &error {
        FromError::NotACall { index, .. } => {
            let line = recorded.lines.get(*index).copied().unwrap_or_default();
            anyhow::Error::from(Unusable::new(error)).context(format!("line {line}"))
        }
        FromError::Empty | FromError::Unwritable(_) => Unusable::new(error).into(),
        _ => error.into(),
    }
}

/// Whether the events are too many to be written out.
fn stays(recorded: &Recorded) -> bool {
    !recorded.is_journal && recorded.events.len() > MOST_STEPS
}

/// The path of a file as a scenario at this place names it; none where it can't.
fn below(file: &Path, scenario: &Path) -> Option<String> {
    if file == Path::new("-") {
        return None;
    }
    let folder = scenario.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
    let file = file.canonicalize().ok()?;
    let steps = file.strip_prefix(folder).ok()?.components();
    let names = steps.map(|step| match step {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    Some(names.collect::<Option<Vec<&str>>>()?.join("/"))
}

/// What a scenario of this file is called.
fn stem(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| stem != "-" && !stem.trim().is_empty())
        .unwrap_or_else(|| "Recorded".to_owned())
}

fn shown(path: &Path) -> String {
    let is_piped = path == Path::new("-");
    mistakes::shown(if is_piped { Path::new(STDIN) } else { path })
}

/// A file that is there already.
#[derive(Debug)]
struct Taken(PathBuf);

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown(&self.0);
        write!(
            f,
            "{path} is there already: give --force to replace it, or name another file"
        )
    }
}

impl std::error::Error for Taken {}
