//! `harness run`: scenarios side by side, reported in file order.
//!
//! `misuse` refuses what can't have been meant, `cases` reads what the paths lead to, `select` chooses of it, `play` plays
//! it within its time; `report` is what came of it, in one structure for every format below `render`. `bundles` keeps what
//! failed with everything to play it again, `snapshots` are the files that `--update-snapshots` writes, `state` remembers
//! what failed, `watch` plays again; `replay` is the command that plays one run of chaos again.

mod bundles;
mod cases;
mod misuse;
mod play;
mod progress;
mod replay;
pub(crate) mod report;
mod select;
mod snapshots;
mod state;
mod watch;
mod write;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clock::Clock;
use scenario::{Mode, RunOptions, Scenario, Snapshots};

use self::bundles::Bundles;
use self::cases::{Case, Reading, What};
use self::play::{Pace, Play, Stop};
use self::replay::Replay;
use self::report::{Ended, Measured, Played, Report, Run, Title, Verdict};
use self::select::{Refusal, Selected};
use self::snapshots::Used;
use self::state::State;
use super::files::{self, Found};
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
    misuse::refuse(args)?;
    snapshots::refuse_in_ci(args.update_snapshots, in_ci())?;
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
    let found = match files::find(&args.paths) {
        Ok(found) => found,
        Err(nothing) => return Ok(mistakes::nothing_found(&nothing)),
    };
    once(&args, found, &mut |_, _| {}).map(|ran| ran.status)
}

/// The files in which something failed last time, as far as they are still there.
fn failed_last_time(args: &RunArgs) -> anyhow::Result<Vec<PathBuf>> {
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

/// One run over what was found. `read` sees each scenario that was read, whether it is chosen or not.
fn once(args: &RunArgs, found: Found, read: &mut dyn FnMut(&Path, &Scenario)) -> anyhow::Result<Ran> {
    let clock = Clock::system();
    let Found { candidates, folders } = found;
    let readers = cases::jobs(args.jobs, candidates.len());
    let reading = Reading {
        seed: args.seed,
        given: &files::given(&args.var),
        keep: args.bundle.is_some(),
    };
    let cases = match cases::load(candidates, readers, reading) {
        Ok(cases) => cases,
        Err(missing) => return Ok(mistakes::no_such_line(&missing.file, missing.line, missing.lines).into()),
    };
    for case in &cases {
        if let Some(scenario) = case.scenario() {
            read(&case.title.path, scenario);
        }
    }
    let used = Used::by(&cases);
    let titles: Vec<Title> = cases.iter().map(|case| case.title.clone()).collect();
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
    let (reports, kept) = play(args, cases, &mut out)?;
    let not_played = expected - reports.len();
    let whole = if not_selected + not_played == 0 {
        folders
    } else {
        Vec::new()
    };
    let (stale_snapshots, updated) = snapshots::keep(args.update_snapshots, used.stale(&reports, &whole), &reports);
    let run = Run {
        not_selected,
        not_played,
        stale_snapshots,
        coverage: covers(args).then(|| Measured::of(&reports, args.coverage_min)),
        reports,
        started: clock.at(Duration::ZERO),
        elapsed: clock.elapsed(),
    };
    summary(&mut out, &run, args.format)?;
    // Each of them is tried, and the first that failed is told.
    let written = write::reports(&args.reports, &run);
    let remembered = state.update(&titles, &run.reports);
    kept.and(written).and(remembered).and(updated)?;
    Ok(Ran {
        status: run.status(),
        closed: out.is_closed(),
    })
}

/// Plays what was chosen; and whether what failed could be kept, where that was asked for.
fn play(args: &RunArgs, cases: Vec<Case>, out: &mut dyn Write) -> io::Result<(Vec<Report>, anyhow::Result<()>)> {
    let pace = Pace {
        jobs: cases::jobs(args.jobs, cases.len()),
        timeout: args.timeout,
        fail_fast: args.fail_fast,
    };
    let options = options(args);
    let replay = Replay {
        variables: args.var.clone(),
    };
    let keeping = |folder: &PathBuf| Bundles::of(&cases, folder, options, args.timeout);
    let bundles = args.bundle.as_ref().map(keeping);
    let mut show = |report: &Report| line(out, report, args.format);
    let mut reports = play::play_all(cases, pace, player(options, replay), &mut show)?;
    let kept = bundles.map_or(Ok(()), |bundles| bundles.keep(&mut reports, pace.jobs));
    Ok((reports, kept))
}

/// Plays one scenario as a run does, for at most so long.
pub(crate) fn again(
    title: Title,
    scenario: Scenario,
    options: RunOptions,
    timeout: Option<Duration>,
) -> anyhow::Result<Report> {
    let case = Case {
        title,
        what: What::Scenario(Box::new(scenario)),
        in_part: false,
        origin: None,
    };
    let pace = Pace {
        jobs: 1,
        timeout,
        fail_fast: false,
    };
    let reports = play::play_all(vec![case], pace, player(options, Replay::default()), &mut |_| Ok(()))?;
    reports.into_iter().next().context("nothing came of the scenario")
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

fn options(args: &RunArgs) -> RunOptions {
    RunOptions {
        seed: args.seed,
        mode: mode(args),
        snapshots: if args.update_snapshots {
            Snapshots::Take
        } else {
            Snapshots::Compare
        },
        chaos_run: args.chaos_run,
        coverage: covers(args),
        timeline: tells_of_all(args),
    }
}

/// Whether anything is written that has the timelines of scenarios that passed, too.
fn tells_of_all(args: &RunArgs) -> bool {
    let files = &args.reports;
    args.format == Format::Json || files.report_json.is_some() || files.report_html.is_some()
}

/// Whether it is asked how much of the contract is touched.
fn covers(args: &RunArgs) -> bool {
    args.coverage || args.coverage_min.is_some()
}

/// Plays a case by these options, but for the seed, which it has itself.
fn player(options: RunOptions, replay: Replay) -> Box<Play> {
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
            ..options
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

/// What comes behind the last line.
fn summary(out: &mut dyn Write, run: &Run, format: Format) -> io::Result<()> {
    match format {
        Format::Text => text::details_and_summary(out, run)?,
        Format::Json => json::summary(out, run)?,
    }
    out.flush()
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
