//! `harness run`: scenarios side by side, reported in file order.
//!
//! `cases` reads what the paths lead to, `select` chooses of it, `play` plays it within its time; `report` is what came
//! of it, in one structure for every format below `render`. `state` remembers what failed, `watch` plays again; `replay` is
//! the command that plays one run of chaos again.

mod cases;
mod play;
mod progress;
mod replay;
pub(crate) mod report;
mod select;
mod state;
mod watch;
mod write;

use std::io::{self, Write};
use std::path::Path;

use clock::Clock;
use scenario::{Mode, RunOptions, Scenario};

use self::cases::{Case, What};
use self::play::{Pace, Play, Stop};
use self::replay::Replay;
use self::report::{Ended, Played, Report, Run, Title, Verdict};
use self::select::{Refusal, Selected};
use self::state::State;
use super::files::{self, Candidate};
use crate::args::{Format, RunArgs};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::{json, list, mistakes, outcome as text};

/// How a run ended, and whether anybody still reads what it says.
struct Ran {
    status: ExitStatus,
    closed: bool,
}

impl From<ExitStatus> for Ran {
    fn from(status: ExitStatus) -> Self {
        Self { status, closed: false }
    }
}

pub(super) fn run(args: &RunArgs) -> anyhow::Result<ExitStatus> {
    write::apart(&args.reports)?;
    let mut args = args.clone();
    if args.paths.is_empty() {
        args.paths = failed_last_time(&args)?;
        if args.paths.is_empty() {
            return Ok(mistakes::nothing_left(&select::Nothing::LastFailed));
        }
    }
    if args.watch {
        return watch::run(&args);
    }
    let candidates = match files::find(&args.paths) {
        Ok(candidates) => candidates,
        Err(nothing) => return Ok(mistakes::nothing_found(&nothing)),
    };
    once(&args, candidates, &mut |_, _| {}).map(|ran| ran.status)
}

/// The files in which something failed last time, as far as they are still there.
fn failed_last_time(args: &RunArgs) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let (there, gone) = State::of(&args.selection, in_ci()).read()?.files();
    for file in gone {
        // Nothing is left to do when standard error is gone.
        let _ = writeln!(
            anstream::stderr(),
            "note: {} failed last time and is not there any more",
            mistakes::shown(&file)
        );
    }
    Ok(there)
}

/// What could not run is told, and only ends what can't go on.
fn or_said(ran: anyhow::Result<Ran>) -> Ran {
    ran.unwrap_or_else(|error| super::tell(&error).into())
}

/// One run over these candidates. `read` sees each scenario that was read, whether it is chosen or not.
fn once(args: &RunArgs, candidates: Vec<Candidate>, read: &mut dyn FnMut(&Path, &Scenario)) -> anyhow::Result<Ran> {
    let clock = Clock::system();
    let jobs = |things| cases::jobs(args.jobs, things);
    let readers = jobs(candidates.len());
    let cases = match cases::load(candidates, readers, args.seed, &files::given(&args.var)) {
        Ok(cases) => cases,
        Err(missing) => return Ok(mistakes::no_such_line(&missing.file, missing.line, missing.lines).into()),
    };
    for case in &cases {
        if let Some(scenario) = case.scenario() {
            read(&case.title.path, scenario);
        }
    }
    let found: Vec<Title> = cases.iter().map(|case| case.title.clone()).collect();
    let state = State::of(&args.selection, in_ci());
    let remembered = args.selection.last_failed.then(|| state.read()).transpose()?;
    let Selected { cases, not_selected } = match select::select(cases, &args.selection, remembered.as_ref(), in_ci()) {
        Ok(selected) => selected,
        Err(Refusal::OnlyInCi(told)) => return Ok(mistakes::refused(&told).into()),
        Err(Refusal::Nothing(nothing)) => return Ok(mistakes::nothing_left(&nothing).into()),
    };
    let mut out = Output::new(anstream::AutoStream::auto(io::stdout().lock()));
    if args.selection.dry_run {
        let status = dry_run(&mut out, args, &cases, not_selected)?;
        return Ok(status.into());
    }
    let cases = select::repeated(cases, args.repeat, args.seed);
    let expected = cases.len();
    let pace = Pace {
        jobs: jobs(expected),
        timeout: args.timeout,
        fail_fast: args.fail_fast,
    };
    let reports = play::play_all(cases, pace, player(args), &mut |report| {
        line(&mut out, report, args.format)
    })?;
    let run = Run {
        not_selected,
        not_played: expected - reports.len(),
        reports,
        started: clock.at(std::time::Duration::ZERO),
        elapsed: clock.elapsed(),
    };
    match args.format {
        Format::Text => text::details_and_summary(&mut out, &run)?,
        Format::Json => json::summary(&mut out, &run)?,
    }
    out.flush()?;
    // Each of them is tried, and the first that failed is told.
    let written = write::reports(&args.reports, &run);
    let remembered = state.update(&found, &run.reports);
    written.and(remembered)?;
    Ok(Ran {
        status: run.status(),
        closed: out.is_closed(),
    })
}

fn mode(args: &RunArgs) -> Mode {
    if args.live {
        Mode::Live { limit: args.live_limit }
    } else {
        Mode::Virtual
    }
}

/// Whether this is a run that nobody watches. `CI=false` is how one says no.
fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false" && ci != "0")
}

fn player(args: &RunArgs) -> Box<Play> {
    let (mode, chaos_run) = (mode(args), args.chaos_run);
    let replay = Replay {
        variables: args.var.clone(),
    };
    Box::new(move |case: Case, stop: Stop| {
        let scenario = match case.what {
            What::Scenario(scenario) => scenario,
            What::Unusable(error) => return Ended::Unusable(error),
        };
        if let Some(reason) = &scenario.skip {
            return Ended::Skipped(reason.clone());
        }
        let options = RunOptions {
            seed: case.title.seed,
            mode,
            chaos_run,
        };
        let stop = async {
            if stop.await.is_err() {
                // Nobody can stop it any more.
                std::future::pending::<()>().await;
            }
        };
        match scenario::run_until(&scenario, &options, stop) {
            Ok(outcome) => {
                let failed = outcome.chaos.as_ref().and_then(|chaos| chaos.failed.as_ref());
                let again = |run| replay.command(&case.title.path, &scenario, case.title.seed, run);
                Ended::Played(Box::new(Played {
                    replay: failed.map(|failed| again(failed.run)),
                    source: scenario.source,
                    outcome,
                }))
            }
            Err(error) => Ended::NotPlayed(error),
        }
    })
}

fn line(out: &mut dyn Write, report: &Report, format: Format) -> io::Result<()> {
    match format {
        Format::Text => text::line(out, report),
        Format::Json => json::scenario(out, report),
    }
}

/// Lists what would be played. What can't be is as bad as if it had been tried.
fn dry_run(out: &mut dyn Write, args: &RunArgs, cases: &[Case], not_selected: usize) -> io::Result<ExitStatus> {
    let mut worst = ExitStatus::Passed;
    let listed: Vec<list::Listed<'_>> = cases
        .iter()
        .map(|case| list::Listed {
            title: &case.title,
            what: match &case.what {
                What::Scenario(scenario) => Ok(scenario),
                What::Unusable(error) => Err(error),
            },
        })
        .collect();
    for one in &listed {
        if let Err(error) = one.what {
            worst = worst.max(Verdict::of_unusable(error).status());
        }
    }
    match args.format {
        Format::Text => list::text(out, &listed, not_selected)?,
        Format::Json => list::json(out, &listed, not_selected)?,
    }
    out.flush()?;
    Ok(worst)
}
