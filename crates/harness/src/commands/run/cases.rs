//! From candidates to what can be played.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use clock::Seed;
use scenario::{Given, Scenario};

use super::report::Title;
use crate::commands::files::{self, Candidate, Inputs, LoadError};

/// One thing to play, or to say why not.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) title: Title,
    /// Whether only some lines of its file are meant.
    pub(super) in_part: bool,
    pub(super) what: What,
    /// What it was read from; known only where that is to be kept.
    pub(super) origin: Option<Origin>,
}

/// What a scenario was read from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The texts.
    pub(super) inputs: Arc<Inputs>,
    /// Of the combinations in them, which, from 1.
    pub(super) number: usize,
    /// What is taken notice of that was given from outside.
    pub(super) given: Given,
}

/// What is there to play.
#[derive(Debug)]
pub(super) enum What {
    Scenario(Box<Scenario>),
    Unusable(LoadError),
}

impl Case {
    /// The scenario, where there is one.
    pub(super) fn scenario(&self) -> Option<&Scenario> {
        match &self.what {
            What::Scenario(scenario) => Some(scenario),
            What::Unusable(_) => None,
        }
    }
}

/// A line that was asked for, and where nothing is.
#[derive(Debug)]
pub(super) struct NoSuchLine {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) lines: usize,
}

/// What scenarios are read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    /// The seed of each.
    pub(super) seed: Seed,
    /// What they are given.
    pub(super) given: &'a Given,
    /// Whether what they are read from is to be kept.
    pub(super) keep: bool,
}

/// Reads all candidates, `jobs` at a time, and keeps their order.
pub(super) fn load(candidates: Vec<Candidate>, jobs: usize, reading: Reading<'_>) -> Result<Vec<Case>, NoSuchLine> {
    let loaded = side_by_side(candidates, jobs, |candidate| cases(candidate, reading));
    let mut cases = Vec::with_capacity(loaded.len());
    for of_file in loaded {
        cases.extend(of_file?);
    }
    Ok(cases)
}

fn cases(candidate: Candidate, reading: Reading<'_>) -> Result<Vec<Case>, NoSuchLine> {
    let Reading { seed, given, keep } = reading;
    let path = candidate.path().to_owned();
    let lines = match &candidate {
        Candidate::File { lines, .. } => lines.clone(),
        Candidate::Stdin | Candidate::Unreachable(..) => BTreeSet::new(),
    };
    let title = |name: Option<String>| Title {
        path: path.clone(),
        name,
        seed,
        repetition: None,
    };
    let loaded = if keep {
        files::load_with_inputs(candidate, given).map(|(scenarios, inputs)| (scenarios, Some(Arc::new(inputs))))
    } else {
        files::load(candidate, given).map(|scenarios| (scenarios, None))
    };
    let (scenarios, inputs) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            let what = What::Unusable(error);
            return Ok(vec![Case {
                title: title(None),
                in_part: !lines.is_empty(),
                what,
                origin: None,
            }]);
        }
    };
    if let (Some(line), Some(scenario)) = (lines.last(), scenarios.first()) {
        let source = &scenario.source;
        // Behind it stand the texts that it includes.
        let end = source.included.first().map_or(source.text.len(), |text| text.start);
        let there_are = source.text[..end].lines().count();
        if *line > there_are {
            return Err(NoSuchLine {
                file: path.display().to_string(),
                line: *line,
                lines: there_are,
            });
        }
    }
    let case = |(number, scenario): (usize, Scenario)| Case {
        title: title(Some(scenario.name.clone())),
        origin: inputs.clone().map(|inputs| Origin {
            inputs,
            number,
            given: given.noticed_by(&scenario),
        }),
        in_part: !lines.is_empty(),
        what: What::Scenario(Box::new(scenario)),
    };
    Ok((1..).zip(scenarios).map(case).collect())
}

/// How many things are done side by side.
pub(super) fn jobs(asked: Option<NonZeroUsize>, things: usize) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    asked.map_or_else(cores, NonZeroUsize::get).min(things)
}

/// Does something with each item on several threads; the results are in the order of the items.
pub(super) fn side_by_side<T: Send, U: Send>(items: Vec<T>, jobs: usize, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    if jobs <= 1 {
        return items.into_iter().map(work).collect();
    }
    let done = Mutex::new((0..items.len()).map(|_| None).collect::<Vec<Option<U>>>());
    let items = Mutex::new(items.into_iter().enumerate());
    // Nothing that can panic happens under either lock.
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some((index, item)) = next() {
                    let result = work(item);
                    done.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        for jobs in [1, 2, 7] {
            assert_eq!(side_by_side(items.clone(), jobs, |item| item), items);
        }
    }
}
