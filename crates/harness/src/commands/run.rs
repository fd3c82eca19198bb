//! `harness run`: scenarios side by side, reported in file order.

use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use clock::Clock;
use scenario::{Given, Mode, Outcome, RunError, RunOptions};

use super::files::{self, Candidate, LoadError};
use crate::args::{Format, RunArgs};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::{json, mistakes, outcome as text};

/// What came of one scenario file, or of one combination of its matrix.
pub(crate) struct Report {
    /// The file.
    pub(crate) path: PathBuf,
    /// How it ended.
    pub(crate) ended: Ended,
    /// How long that took on the wall.
    pub(crate) real: std::time::Duration,
}

/// How one scenario file ended.
pub(crate) enum Ended {
    /// It was played.
    Played(Box<Played>),
    /// It can't be used.
    Unusable(LoadError),
    /// It could not be played.
    NotPlayed(RunError),
}

/// A scenario that was played, with its text for the places in it.
pub(crate) struct Played {
    /// The scenario's text.
    pub(crate) source: std::sync::Arc<scenario::Source>,
    /// What came of it.
    pub(crate) outcome: Outcome,
}

impl Ended {
    /// The exit status this file asks for.
    pub(crate) fn status(&self) -> ExitStatus {
        match self {
            Self::Played(played) if played.outcome.passed() => ExitStatus::Passed,
            Self::Played(_) => ExitStatus::Failed,
            Self::Unusable(LoadError::Mistakes(_)) | Self::NotPlayed(RunError::TooLong { .. }) => ExitStatus::Invalid,
            Self::Unusable(LoadError::Unreadable(..)) | Self::NotPlayed(_) => ExitStatus::Broken,
        }
    }
}

pub(super) fn run(args: &RunArgs) -> anyhow::Result<ExitStatus> {
    let candidates = match files::find(&args.paths) {
        Ok(candidates) => candidates,
        Err(nothing) => return Ok(mistakes::nothing_found(&nothing)),
    };
    let clock = Clock::system();
    let options = RunOptions {
        seed: args.seed,
        mode: mode(args),
    };
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    let scenarios = candidates.len();
    let jobs = jobs(args, scenarios);
    let given = files::given(&args.var);
    let play = |candidate| play(candidate, &given, &options);
    let reports = play_all(candidates, jobs, &play, &mut |report| {
        line(&mut out, report, args.format)
    })?;
    let elapsed = clock.elapsed();
    match args.format {
        Format::Text => text::details_and_summary(&mut out, &reports, elapsed)?,
        Format::Json => json::summary(&mut out, &reports, elapsed)?,
    }
    out.flush()?;
    Ok(reports
        .iter()
        .map(|report| report.ended.status())
        .max()
        .unwrap_or(ExitStatus::Passed))
}

fn mode(args: &RunArgs) -> Mode {
    if args.live {
        Mode::Live { limit: args.live_limit }
    } else {
        Mode::Virtual
    }
}

fn jobs(args: &RunArgs, scenarios: usize) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    args.jobs.map_or_else(cores, NonZeroUsize::get).min(scenarios)
}

/// One report, or one for each combination.
fn play(candidate: Candidate, given: &Given, options: &RunOptions) -> Vec<Report> {
    let clock = Clock::system();
    let path = candidate.path().to_owned();
    let scenarios = match files::load(candidate, given) {
        Ok(scenarios) => scenarios,
        Err(error) => {
            let (ended, real) = (Ended::Unusable(error), clock.elapsed());
            return vec![Report { path, ended, real }];
        }
    };
    let one = |scenario: scenario::Scenario| {
        let clock = Clock::system();
        let ended = match scenario::run(&scenario, options) {
            Ok(outcome) => Ended::Played(Box::new(Played {
                source: scenario.source,
                outcome,
            })),
            Err(error) => Ended::NotPlayed(error),
        };
        let (path, real) = (path.clone(), clock.elapsed());
        Report { path, ended, real }
    };
    scenarios.into_iter().map(one).collect()
}

/// Plays on `jobs` threads and shows each report as soon as all before it are shown.
fn play_all(
    candidates: Vec<Candidate>,
    jobs: usize,
    play: &(dyn Fn(Candidate) -> Vec<Report> + Sync),
    show: &mut dyn FnMut(&Report) -> io::Result<()>,
) -> io::Result<Vec<Report>> {
    let expected = candidates.len();
    let candidates = Mutex::new(candidates.into_iter().enumerate());
    // Nothing that can panic happens under the lock.
    let next = || candidates.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (next, send) = (&next, send.clone());
            scope.spawn(move || {
                while let Some((index, candidate)) = next() {
                    // The receiver is gone when the output failed: then nothing is left to do.
                    if send.send((index, play(candidate))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        in_order(receive, expected, show)
    })
}

fn in_order(
    receive: mpsc::Receiver<(usize, Vec<Report>)>,
    expected: usize,
    show: &mut dyn FnMut(&Report) -> io::Result<()>,
) -> io::Result<Vec<Report>> {
    let mut waiting: Vec<Option<Vec<Report>>> = (0..expected).map(|_| None).collect();
    let (mut files, mut done) = (0, Vec::with_capacity(expected));
    let progress = Progress::new(expected);
    for (index, reports) in receive {
        waiting[index] = Some(reports);
        while let Some(reports) = waiting.get_mut(files).and_then(Option::take) {
            progress.clear();
            reports.iter().try_for_each(&mut *show)?;
            done.extend(reports);
            files += 1;
        }
        progress.show(files);
    }
    progress.clear();
    Ok(done)
}

fn line(out: &mut dyn Write, report: &Report, format: Format) -> io::Result<()> {
    match format {
        Format::Text => text::line(out, report),
        Format::Json => json::scenario(out, report),
    }
}

/// How far the run is, on standard error and on a terminal only.
struct Progress {
    of: usize,
    terminal: bool,
}

impl Progress {
    fn new(of: usize) -> Self {
        Self {
            of,
            terminal: std::io::stderr().is_terminal() && of > 1,
        }
    }

    fn show(&self, done: usize) {
        if self.terminal {
            // Progress that can't be shown is no reason to stop.
            let _ = write!(std::io::stderr(), "\r{done}/{}", self.of);
        }
    }

    fn clear(&self) {
        if self.terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
