//! The failure bundles of a run: one for each scenario that was played and did not pass.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use scenario::{Mode, RunError, RunOptions};

use super::cases::{Case, Origin, side_by_side};
use super::report::{Ended, Report};
use crate::commands::bundle::{self, Attempted, Content, Manifest, Repetition, Told};
use crate::commands::files::STDIN;

/// Where they go, and of what they are made.
#[derive(Debug)]
pub(super) struct Bundles {
    folder: PathBuf,
    options: RunOptions,
    timeout: Option<Duration>,
    /// Of each case what it is called and what it was read from.
    cases: Vec<(String, Option<Known>)>,
}

/// What is known of a case besides what is reported.
#[derive(Debug)]
struct Known {
    origin: Origin,
    combination: BTreeMap<String, String>,
}

impl Bundles {
    /// Of these cases, before they are played.
    pub(super) fn of(cases: &[Case], folder: &Path, options: RunOptions, timeout: Option<Duration>) -> Self {
        let number = |case: &Case| case.origin.as_ref().map_or(0, |origin| origin.number);
        let names = bundle::named(cases.iter().map(|case| (&case.title, number(case))));
        let known = |case: &Case| {
            Some(Known {
                origin: case.origin.clone()?,
                combination: case.scenario()?.combination.iter().cloned().collect(),
            })
        };
        Self {
            folder: folder.to_owned(),
            options,
            timeout,
            cases: names.into_iter().zip(cases.iter().map(known)).collect(),
        }
    }

    /// Makes them, so many at once, and notes in each report where its own is. The reports are of the first of the cases.
    /// Whatever can't be written keeps nothing else from it; of several reasons the first is told.
    pub(super) fn keep(&self, reports: &mut [Report], jobs: usize) -> anyhow::Result<()> {
        let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, ((name, known), report)) in self.cases.iter().zip(reports.iter()).enumerate() {
            if known.is_some() && is_kept(&report.ended) {
                wanted.entry(name).or_insert(index);
            }
        }
        let told: &[Report] = reports;
        let wanted: Vec<(&str, usize)> = wanted.into_iter().collect();
        let made = side_by_side(wanted, jobs, |(name, index)| {
            let known = self.cases[index].1.as_ref()?;
            Some((name, self.one(name, known, &told[index])))
        });
        let mut result = Ok(());
        let mut places = BTreeMap::new();
        for (name, made) in made.into_iter().flatten() {
            match made {
                Ok(place) => drop(places.insert(name, place)),
                Err(error) => result = result.and(Err(error)),
            }
        }
        for ((name, _), report) in self.cases.iter().zip(reports) {
            if is_kept(&report.ended) {
                report.bundle = places.get(name.as_str()).cloned();
            }
        }
        result
    }

    fn one(&self, name: &str, known: &Known, report: &Report) -> anyhow::Result<PathBuf> {
        let mut manifest = self.manifest(known, report);
        let inputs = &*known.origin.inputs;
        let (mut evidence, mut live) = (None, None);
        if let Ended::Played(_) = &report.ended {
            let seen = bundle::evidence(&manifest, inputs)?;
            manifest.ends = Some(seen.report.ended.verdict().as_str().to_owned());
            evidence = Some(seen);
            if let Mode::Live { .. } = self.options.mode {
                live = Some(bundle::evidence::outcome(report)?);
            }
        }
        let content = Content {
            manifest,
            inputs,
            evidence,
            live,
        };
        bundle::write(&self.folder, name, content)
    }

    fn manifest(&self, known: &Known, report: &Report) -> Manifest {
        let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let title = &report.title;
        let file_name = match title.path.file_name() {
            Some(name) if title.path != Path::new(STDIN) => name.to_string_lossy().into_owned(),
            _ => "standard-input.yaml".to_owned(),
        };
        let told = Told {
            name: title.name.clone().unwrap_or_default(),
            named: bundle::slashed(&title.path),
            file: bundle::place(&file_name),
            number: known.origin.number,
            combination: known.combination.clone(),
        };
        let run = Attempted {
            status: report.ended.verdict().as_str().to_owned(),
            live_limit_ms: match self.options.mode {
                Mode::Live { limit } => Some(millis(limit)),
                Mode::Virtual => None,
            },
            timeout_ms: self.timeout.map(millis),
        };
        let mut manifest = Manifest::new(told, title.seed.to_string(), known.origin.given.clone(), run);
        manifest.chaos_run = self.options.chaos_run;
        manifest.repetition = title.repetition.map(|(number, of)| Repetition { number, of });
        manifest
    }
}

/// Whether it was played, or was to be, and did not pass. What can't be read as a scenario, and what is too long to be
/// played live, says so itself.
fn is_kept(ended: &Ended) -> bool {
    match ended {
        Ended::Played(played) => !played.outcome.passed(),
        Ended::NotPlayed(RunError::TooLong { .. } | RunError::ChaosInRealTime { .. } | RunError::NoChaos)
        | Ended::Skipped(_)
        | Ended::Unusable(_) => false,
        Ended::TimedOut(_) | Ended::NotPlayed(_) | Ended::Crashed => true,
    }
}
