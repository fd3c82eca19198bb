//! Which of the scenarios found are played.

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroUsize;

use clock::Seed;
use scenario::Diagnostic;

use super::cases::{Case, What};
use super::state::Remembered;
use crate::args::SelectionArgs;

/// What is left, and how many are not.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) cases: Vec<Case>,
    pub(super) not_selected: usize,
}

/// Why nothing is played.
#[derive(Debug)]
pub(super) enum Refusal {
    /// `only` stands where it must not: each place, as a diagnostic shows it.
    OnlyInCi(Vec<String>),
    /// None is left.
    Nothing(Nothing),
}

/// What left none.
#[derive(Debug)]
pub(super) enum Nothing {
    /// No name or path holds it.
    Filter { of: usize },
    /// None has the tags; those that there are.
    Tags { of: usize, there_are: BTreeSet<String> },
    /// Nothing failed last time.
    LastFailed,
}

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filter { of } => write!(
                f,
                "--filter leaves none of {}: `harness run PATH --dry-run` lists their names and paths",
                scenarios(*of)
            ),
            Self::Tags { of, there_are } if there_are.is_empty() => write!(
                f,
                "--tag leaves none of {}: none has a tag; write `tags: [smoke]` at the top of one",
                scenarios(*of)
            ),
            Self::Tags { of, there_are } => {
                let tags: Vec<&str> = there_are.iter().take(MOST_TAGS).map(String::as_str).collect();
                let more = if there_are.len() > MOST_TAGS { ", …" } else { "" };
                write!(
                    f,
                    "--tag leaves none of {}: the tags there are: {}{more}",
                    scenarios(*of),
                    tags.join(", ")
                )
            }
            Self::LastFailed => {
                f.write_str("nothing of this failed when it was last played: leave --last-failed out to play all")
            }
        }
    }
}

const MOST_TAGS: usize = 20;

fn scenarios(count: usize) -> String {
    match count {
        1 => "1 scenario".to_owned(),
        _ => format!("{count} scenarios"),
    }
}

/// Chooses. What can't be read as a scenario always stays: a mistake may hide the very name or tag that was meant.
pub(super) fn select(
    cases: Vec<Case>,
    args: &SelectionArgs,
    remembered: Option<&Remembered>,
    in_ci: bool,
) -> Result<Selected, Refusal> {
    let found = cases.len();
    let mut cases = only(cases, in_ci)?;
    keep(&mut cases, &|case| args.filter.is_empty() || filtered(case, args));
    if cases.is_empty() {
        return Err(Refusal::Nothing(Nothing::Filter { of: found }));
    }
    let (of, there_are) = (cases.len(), tags(&cases));
    keep(&mut cases, &|case| {
        let tags = case.scenario().map_or(&[][..], |scenario| &scenario.tags);
        args.tag.is_empty() || args.tag.iter().any(|rule| rule.admits(tags))
    });
    if cases.is_empty() {
        return Err(Refusal::Nothing(Nothing::Tags { of, there_are }));
    }
    if let Some(remembered) = remembered {
        cases.retain(|case| remembered.has(&case.title));
    }
    if cases.is_empty() {
        return Err(Refusal::Nothing(Nothing::LastFailed));
    }
    if let Some(shard) = args.shard {
        let mut places = 0..;
        cases.retain(|_| places.next().is_some_and(|place| shard.has(place)));
    }
    let not_selected = found - cases.len();
    Ok(Selected { cases, not_selected })
}

fn keep(cases: &mut Vec<Case>, chosen: &dyn Fn(&Case) -> bool) {
    cases.retain(|case| case.scenario().is_none() || chosen(case));
}

fn filtered(case: &Case, args: &SelectionArgs) -> bool {
    let path = case.title.file();
    let name = case.title.name.as_deref().unwrap_or_default();
    args.filter
        .iter()
        .any(|filter| filter.is_in(name) || filter.is_in(&path))
}

fn tags(cases: &[Case]) -> BTreeSet<String> {
    let scenarios = cases.iter().filter_map(Case::scenario);
    scenarios.flat_map(|scenario| scenario.tags.iter().cloned()).collect()
}

/// Those with `only`, if there is one. In CI it would silently leave out all others for ever.
fn only(mut cases: Vec<Case>, in_ci: bool) -> Result<Vec<Case>, Refusal> {
    let marked = |case: &Case| case.scenario().is_some_and(|scenario| scenario.only.is_some());
    if !cases.iter().any(marked) {
        return Ok(cases);
    }
    if in_ci {
        let scenarios = cases.iter().filter_map(Case::scenario);
        let told = scenarios.filter_map(|scenario| {
            let mistake = Diagnostic::new(scenario.only?, "`only` in CI would leave out every other scenario")
                .help("remove it, or choose with --filter or --tag (CI is set in the environment)");
            Some(mistake.render(&scenario.source))
        });
        return Err(Refusal::OnlyInCi(told.collect()));
    }
    keep(&mut cases, &marked);
    Ok(cases)
}

/// Each case as often as asked, one after the other, with seeds that follow each other.
pub(super) fn repeated(cases: Vec<Case>, times: Option<NonZeroUsize>, first: Seed) -> Vec<Case> {
    let Some(times) = times.map(NonZeroUsize::get) else {
        return cases;
    };
    let repeat = |case: Case| -> Vec<Case> {
        let What::Scenario(scenario) = &case.what else {
            return vec![case];
        };
        if scenario.skip.is_some() {
            return vec![case];
        }
        let again = |number: usize| {
            let mut title = case.title.clone();
            title.repetition = Some((number, times));
            title.seed = first.after(number - 1);
            Case {
                title,
                in_part: case.in_part,
                what: What::Scenario(scenario.clone()),
                origin: case.origin.clone(),
            }
        };
        (1..=times).map(again).collect()
    };
    cases.into_iter().flat_map(repeat).collect()
}
