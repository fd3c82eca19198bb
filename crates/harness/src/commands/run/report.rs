//! What came of a run: one structure for every output format.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clock::Seed;
use jiff::Timestamp;
use scenario::{Coverage, Outcome, RunError, Source};

use crate::commands::files::LoadError;
use crate::exit::ExitStatus;

/// A whole run.
#[derive(Debug)]
pub(crate) struct Run {
    /// What came of each scenario, in the order of the files.
    pub(crate) reports: Vec<Report>,
    /// How many were found and not chosen.
    pub(crate) not_selected: usize,
    /// How many were left out after the first that did not pass.
    pub(crate) not_played: usize,
    /// The snapshots that nothing uses any more.
    pub(crate) stale_snapshots: Stale,
    /// How much of the contract was touched, where that was asked for.
    pub(crate) coverage: Option<Measured>,
    /// When it began, on the wall.
    pub(crate) started: Timestamp,
    /// How long it took on the wall.
    pub(crate) elapsed: Duration,
}

impl Run {
    /// The exit status: of several, the highest.
    pub(crate) fn status(&self) -> ExitStatus {
        let statuses = self.reports.iter().map(|report| report.ended.verdict().status());
        let coverage = self.coverage.iter().map(Measured::status);
        statuses.chain(coverage).max().unwrap_or(ExitStatus::Passed)
    }

    /// How many ended like this.
    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        let same = |report: &&Report| report.ended.verdict() == verdict;
        self.reports.iter().filter(same).count()
    }
}

/// The files of snapshots that nothing uses any more, as far as that is known.
#[derive(Debug, Default)]
pub(crate) struct Stale {
    /// Those that no step of their scenario uses.
    pub(crate) unused: Vec<PathBuf>,
    /// Those whose scenario file is not there.
    pub(crate) orphaned: Vec<PathBuf>,
}

impl Stale {
    /// All of them.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.unused.iter().chain(&self.orphaned).map(PathBuf::as_path)
    }
}

/// How much of the contract was touched, and how much was to be.
#[derive(Debug)]
pub(crate) struct Measured {
    /// What was touched and what was not.
    pub(crate) coverage: Coverage,
    /// The least that will do, in percent; anything, where there is none.
    pub(crate) least: Option<f64>,
}

impl Measured {
    /// Of everything that was played, in whatever order.
    pub(crate) fn of(reports: &[Report], least: Option<f64>) -> Self {
        let touched = reports.iter().filter_map(|report| match &report.ended {
            Ended::Played(played) => played.outcome.touched.as_ref(),
            _ => None,
        });
        Self {
            coverage: Coverage::of(touched),
            least,
        }
    }

    /// How many more things there are to touch until it will do.
    pub(crate) fn missing(&self) -> usize {
        self.least.map_or(0, |least| self.coverage.share().missing_to(least))
    }

    fn status(&self) -> ExitStatus {
        match self.missing() {
            0 => ExitStatus::Passed,
            _ => ExitStatus::Failed,
        }
    }
}

/// Which scenario it is.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    /// The file, as the user named it.
    pub(crate) path: PathBuf,
    /// The scenario's name; none where the file could not be read as one.
    pub(crate) name: Option<String>,
    /// Where the jitter came from.
    pub(crate) seed: Seed,
    /// Of several times that it was played: which, from 1, and of how many.
    pub(crate) repetition: Option<(usize, usize)>,
}

impl Title {
    /// What it is called, with everything that tells it from the others. It is not fit for a terminal yet.
    pub(crate) fn whole(&self) -> String {
        let name = match &self.name {
            Some(name) => name.clone(),
            None => self.path.display().to_string(),
        };
        match self.repetition {
            Some((number, of)) => format!("{name} [{number}/{of}, seed {}]", self.seed),
            None => name,
        }
    }

    /// The file with slashes on every platform, and without a `./` before it, as reports name files of a repository.
    pub(crate) fn file(&self) -> String {
        slashed(&self.path)
    }
}

fn slashed(path: &Path) -> String {
    let path = path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/");
    path.strip_prefix("./").map(str::to_owned).unwrap_or(path)
}

/// What came of one scenario.
#[derive(Debug)]
pub(crate) struct Report {
    /// Which one.
    pub(crate) title: Title,
    /// How it ended.
    pub(crate) ended: Ended,
    /// How long that took on the wall.
    pub(crate) real: Duration,
    /// The failure bundle in which it is kept, where one was asked for.
    pub(crate) bundle: Option<PathBuf>,
}

/// How one scenario ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It was played.
    Played(Box<Played>),
    /// It says that it is not to be played, and why.
    Skipped(String),
    /// It took longer in real time than it may.
    TimedOut(Duration),
    /// It can't be used.
    Unusable(LoadError),
    /// It could not be played.
    NotPlayed(RunError),
    /// Playing it made this program panic.
    Crashed,
}

/// A scenario that was played, with its text for the places in it.
#[derive(Debug)]
pub(crate) struct Played {
    /// The scenario's text.
    pub(crate) source: Arc<Source>,
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// The command that plays the run of its chaos again that failed.
    pub(crate) replay: Option<String>,
}

/// How a scenario ended, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything held.
    Passed,
    /// Something did not hold.
    Failed,
    /// It was given up.
    TimedOut,
    /// It was not to be played.
    Skipped,
    /// It has mistakes.
    Invalid,
    /// It could not be read or played.
    Broken,
}

impl Verdict {
    /// All of them, in the order in which they are counted.
    pub(crate) const ALL: [Self; 6] = [
        Self::Passed,
        Self::Failed,
        Self::TimedOut,
        Self::Skipped,
        Self::Invalid,
        Self::Broken,
    ];

    /// The word for a file that can't be used.
    pub(crate) fn of_unusable(error: &LoadError) -> Self {
        match error {
            LoadError::Mistakes(_) => Self::Invalid,
            LoadError::Unreadable(..) => Self::Broken,
        }
    }

    /// The exit status that it asks for.
    pub(crate) fn status(self) -> ExitStatus {
        match self {
            Self::Passed | Self::Skipped => ExitStatus::Passed,
            Self::Failed | Self::TimedOut => ExitStatus::Failed,
            Self::Invalid => ExitStatus::Invalid,
            Self::Broken => ExitStatus::Broken,
        }
    }

    /// The word for machines.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Skipped => "skipped",
            Self::Invalid => "invalid",
            Self::Broken => "broken",
        }
    }

    /// The words for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::TimedOut => "timed out",
            Self::Broken => "could not run",
            other => other.as_str(),
        }
    }

    /// Whether it has to be mended.
    pub(crate) fn is_bad(self) -> bool {
        !matches!(self, Self::Passed | Self::Skipped)
    }
}

impl Ended {
    /// The word for it.
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            Self::Played(played) if played.outcome.passed() => Verdict::Passed,
            Self::Played(_) => Verdict::Failed,
            Self::Skipped(_) => Verdict::Skipped,
            Self::TimedOut(_) => Verdict::TimedOut,
            Self::Unusable(error) => Verdict::of_unusable(error),
            Self::NotPlayed(RunError::TooLong { .. } | RunError::ChaosInRealTime { .. } | RunError::NoChaos) => {
                Verdict::Invalid
            }
            Self::NotPlayed(_) | Self::Crashed => Verdict::Broken,
        }
    }
}
