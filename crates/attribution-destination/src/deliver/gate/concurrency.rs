use crate::deliver::classify::Signal;

/// How many exchanges may be in flight: additive increase, multiplicative decrease.
///
/// An overload halves the limit, but only once for all exchanges that were in flight together: they all met the same
/// overload. Each success raises it by one part in as many as may be in flight.
#[derive(Debug)]
pub(super) struct Concurrency {
    most: f64,
    limit: f64,
    is_adaptive: bool,
    in_flight: usize,
    epoch: Epoch,
}

/// The time between two decreases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(u64);

impl Concurrency {
    pub(super) fn new(most: usize, is_adaptive: bool) -> Self {
        let most = f64::from(u32::try_from(most).unwrap_or(u32::MAX)).max(1.0);
        Self {
            most,
            limit: most,
            is_adaptive,
            in_flight: 0,
            epoch: Epoch(0),
        }
    }

    pub(super) fn has_room(&self) -> bool {
        u32::try_from(self.in_flight).is_ok_and(|in_flight| f64::from(in_flight) + 1.0 <= self.limit)
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn begin(&mut self) -> Epoch {
        self.in_flight += 1;
        self.epoch
    }

    pub(super) fn end(&mut self) {
        self.in_flight -= 1;
    }

    pub(super) fn learn(&mut self, begun: Epoch, signal: Signal) {
        match signal {
            _ if !self.is_adaptive => {}
            Signal::Success => self.limit = (self.limit + 1.0 / self.limit).min(self.most),
            Signal::Overload | Signal::SlowDown if begun == self.epoch => {
                self.limit = (self.limit / 2.0).max(1.0);
                self.epoch.0 += 1;
            }
            Signal::Overload | Signal::SlowDown | Signal::Failure | Signal::Refusal => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(concurrency: &mut Concurrency) -> usize {
        let before = concurrency.in_flight;
        while concurrency.has_room() {
            concurrency.begin();
        }
        std::mem::replace(&mut concurrency.in_flight, before)
    }

    #[test]
    fn overload_halves_it_once_for_all_that_were_in_flight_together() {
        let mut concurrency = Concurrency::new(8, true);
        let together = [concurrency.begin(), concurrency.begin(), concurrency.begin()];
        assert_eq!(room(&mut concurrency), 8);
        for begun in together {
            concurrency.learn(begun, Signal::Overload);
        }
        assert_eq!(room(&mut concurrency), 4);
        let begun = concurrency.begin();
        concurrency.learn(begun, Signal::SlowDown);
        concurrency.in_flight = 0;
        assert_eq!(room(&mut concurrency), 2);
    }

    #[test]
    fn one_may_always_be_in_flight_and_success_leads_back_to_the_most() {
        let mut concurrency = Concurrency::new(4, true);
        for _ in 0..10 {
            let begun = concurrency.begin();
            concurrency.learn(begun, Signal::Overload);
            concurrency.end();
        }
        assert_eq!(room(&mut concurrency), 1);
        let successes = (0..100)
            .take_while(|_| {
                let begun = concurrency.begin();
                concurrency.learn(begun, Signal::Success);
                concurrency.end();
                room(&mut concurrency) < 4
            })
            .count();
        assert!((5..20).contains(&successes), "{successes}");
    }

    #[test]
    fn one_that_does_not_adapt_stays_as_it_is() {
        let mut concurrency = Concurrency::new(4, false);
        let begun = concurrency.begin();
        concurrency.learn(begun, Signal::Overload);
        concurrency.end();
        assert_eq!(room(&mut concurrency), 4);
    }

    #[test]
    fn a_refusal_or_a_lost_connection_says_nothing_about_load() {
        let mut concurrency = Concurrency::new(4, true);
        let begun = concurrency.begin();
        for signal in [Signal::Failure, Signal::Refusal] {
            concurrency.learn(begun, signal);
        }
        concurrency.end();
        assert_eq!(room(&mut concurrency), 4);
    }
}
