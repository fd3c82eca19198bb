//! From a schedule under which a scenario fails to the smallest part of it under which it still does.

use super::schedule::{Schedule, Strike};

/// What is left of a schedule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shrunk {
    /// It still fails.
    pub(crate) schedule: Schedule,
    /// How many plays that took.
    pub(crate) plays: u32,
    /// Whether nothing of it can be left out: the plays were enough to try everything.
    pub(crate) smallest: bool,
}

/// Leaves out faults, many at a time and then one by one, and lets the others strike fewer times, for as long as it
/// still `fails`. It is asked `most` times at most, and always in the same order.
///
/// # Errors
///
/// Whatever `fails` ends with.
pub(crate) fn shrink<E>(
    whole: Schedule,
    most: u32,
    fails: impl FnMut(&Schedule) -> Result<bool, E>,
) -> Result<Shrunk, E> {
    let mut search = Search {
        smallest: whole,
        plays: 0,
        most,
        fails,
    };
    loop {
        let before = search.smallest.clone();
        search.leave_out()?;
        search.lower_times()?;
        if search.is_exhausted() || search.smallest == before {
            return Ok(Shrunk {
                smallest: !search.is_exhausted(),
                schedule: search.smallest,
                plays: search.plays,
            });
        }
    }
}

struct Search<F> {
    smallest: Schedule,
    plays: u32,
    most: u32,
    fails: F,
}

impl<E, F: FnMut(&Schedule) -> Result<bool, E>> Search<F> {
    fn is_exhausted(&self) -> bool {
        self.plays >= self.most
    }

    /// Takes the candidate if it still fails.
    fn takes(&mut self, strikes: Vec<Strike>) -> Result<bool, E> {
        if self.is_exhausted() {
            return Ok(false);
        }
        self.plays += 1;
        let candidate = Schedule { strikes };
        let fails = (self.fails)(&candidate)?;
        if fails {
            self.smallest = candidate;
        }
        Ok(fails)
    }

    /// First all, then halves, then quarters, down to one by one.
    fn leave_out(&mut self) -> Result<(), E> {
        let mut size = self.smallest.strikes.len();
        while size > 0 {
            let mut start = 0;
            while start < self.smallest.strikes.len() {
                let end = (start + size).min(self.smallest.strikes.len());
                let mut rest = self.smallest.strikes.clone();
                rest.drain(start..end);
                if !self.takes(rest)? {
                    start = end;
                }
            }
            size /= 2;
        }
        Ok(())
    }

    fn lower_times(&mut self) -> Result<(), E> {
        for index in 0..self.smallest.strikes.len() {
            while self.lowers(index)? {}
        }
        Ok(())
    }

    /// Once, half as often, or once less: the first that still fails.
    fn lowers(&mut self, index: usize) -> Result<bool, E> {
        let Some(times) = self.smallest.strikes[index].times() else {
            return Ok(false);
        };
        let mut tried = vec![0, times];
        for fewer in [1, times / 2, times.saturating_sub(1)] {
            if tried.contains(&fewer) {
                continue;
            }
            tried.push(fewer);
            let mut strikes = self.smallest.strikes.clone();
            strikes[index] = strikes[index].clone().with_times(fewer);
            if self.takes(strikes)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
