//! How a scenario held under random faults.

use scenario::{Chaos, FailedRun, printable};

use super::outcome::plural;
use crate::commands::run::report::Played;

/// How much of a fault or a command is shown: both hold what somebody wrote.
const LONGEST: usize = 1_000;

/// In a few words.
pub(crate) fn words(chaos: &Chaos) -> String {
    match (&chaos.failed, chaos.only) {
        (Some(failed), None) => format!("chaos run {} of {}", failed.run, chaos.runs),
        (_, Some(only)) => format!("chaos run {only}"),
        (None, None) => plural(runs(chaos), "chaos run"),
    }
}

/// How many runs under random faults were played, those to find the smallest part aside.
pub(crate) fn runs(chaos: &Chaos) -> usize {
    let runs = match (&chaos.failed, chaos.only) {
        (_, Some(_)) => 1,
        (Some(failed), None) => failed.run,
        (None, None) => chaos.runs,
    };
    usize::try_from(runs).unwrap_or(usize::MAX)
}

/// What failed and how to see it again; nothing, where nothing failed under chaos.
#[derive(Debug)]
pub(crate) struct Told {
    /// Which run, and what of its faults it takes.
    pub(crate) summary: String,
    /// Those faults as steps of the file.
    pub(crate) steps: Vec<String>,
    /// How to play it again, with what each command is for.
    pub(crate) commands: Vec<(&'static str, String)>,
}

impl Told {
    /// All of it, line by line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let commands = self.commands.iter().map(|(what, command)| format!("{what}: {command}"));
        let mut lines = vec![self.summary.clone()];
        lines.extend(self.steps.iter().map(|step| format!("  {step}")));
        lines.extend(commands);
        lines
    }
}

/// What there is to tell of the run that failed.
pub(crate) fn told(played: &Played) -> Option<Told> {
    let chaos = played.outcome.chaos.as_ref()?;
    let failed = chaos.failed.as_ref()?;
    let step = |planned: &scenario::PlannedFault| {
        let line = played.source.position(planned.before.start).line;
        let fault = printable(&planned.fault, LONGEST);
        format!("- fault: {fault}  # before line {line}")
    };
    let mut commands = Vec::new();
    if let Some(replay) = &played.replay {
        commands.push(("this run again", printable(replay, LONGEST)));
    }
    if failed.run > 0 {
        let seed = format!("--seed {}", failed.seed);
        commands.push(("the same without `chaos`, with these steps", seed));
    }
    Some(Told {
        summary: summary(chaos, failed),
        steps: failed.faults.iter().map(step).collect(),
        commands,
    })
}

fn summary(chaos: &Chaos, failed: &FailedRun) -> String {
    let FailedRun {
        run,
        drawn,
        faults,
        plays,
        smallest,
        ..
    } = failed;
    let under = match (faults.len(), *drawn) {
        (_, 0) => return "chaos: run 0 fails, which is the one without random faults".to_owned(),
        (0, _) => "without any of its faults: its seed is enough".to_owned(),
        (1, 1) => "under its only fault".to_owned(),
        (needed, drawn) if needed == drawn => format!("under all of its {drawn} faults"),
        (needed, drawn) => format!("under {needed} of its {drawn} faults"),
    };
    let found = match smallest {
        true => format!(
            "found by {}",
            plural(usize::try_from(*plays).unwrap_or(usize::MAX), "play")
        ),
        false => format!("or fewer: {plays} plays were not enough to tell"),
    };
    format!("chaos: run {run} of {} fails {under} ({found})", chaos.runs)
}
