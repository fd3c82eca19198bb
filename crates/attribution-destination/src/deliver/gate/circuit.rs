use std::time::Duration;

use clock::Random;

use super::NotYet;
use crate::deliver::backoff::Backoff;
use crate::deliver::classify::Signal;
use crate::deliver::policy::Breaker;

/// Whether the endpoint seems to be alive.
#[derive(Debug)]
pub(super) struct Circuit {
    state: State,
    failures: usize,
    waits: Backoff,
    first_waits: Backoff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Alive, after so many failures in a row.
    Closed(usize),
    /// Dead until a probe that may not begin before this time.
    Open(Duration),
    /// A probe is under way.
    Probing,
}

impl Circuit {
    pub(super) fn new(breaker: &Breaker, random: Random) -> Self {
        let waits = Backoff::new(breaker.probe_after, breaker.probe_at_most, random);
        Self {
            state: State::Closed(0),
            failures: breaker.failures,
            first_waits: waits.clone(),
            waits,
        }
    }

    /// Whether an attempt may begin now.
    pub(super) fn look(&self, now: Duration) -> Result<(), NotYet> {
        match self.state {
            State::Closed(_) => Ok(()),
            State::Open(until) if now >= until => Ok(()),
            State::Open(until) => Err(Some(until)),
            State::Probing => Err(None),
        }
    }

    /// Begins the attempt that was looked for; whether it is a probe.
    pub(super) fn begin(&mut self) -> bool {
        let is_probe = matches!(self.state, State::Open(_));
        if is_probe {
            self.state = State::Probing;
        }
        is_probe
    }

    pub(super) fn learn(&mut self, signal: Signal, is_probe: bool, now: Duration) {
        match (signal, self.state) {
            (Signal::Success | Signal::Refusal, _) => self.close(),
            // It is alive enough to say so.
            (Signal::SlowDown, _) if is_probe => self.close(),
            (Signal::Failure | Signal::Overload, State::Closed(before)) if before + 1 < self.failures => {
                self.state = State::Closed(before + 1);
            }
            (Signal::Failure | Signal::Overload, State::Closed(_)) => self.open(now),
            (Signal::Failure | Signal::Overload, _) if is_probe => self.open(now),
            // Attempts that began before it opened say nothing new.
            (Signal::Failure | Signal::Overload | Signal::SlowDown, _) => {}
        }
    }

    /// Takes note that a probe came to nothing.
    pub(super) fn abandon(&mut self) {
        if self.state == State::Probing {
            self.state = State::Open(Duration::ZERO);
        }
    }

    fn open(&mut self, now: Duration) {
        self.state = State::Open(now.saturating_add(self.waits.wait()));
    }

    fn close(&mut self) {
        self.state = State::Closed(0);
        self.waits = self.waits.restarted(&self.first_waits);
    }
}

#[cfg(test)]
mod tests {
    use clock::Seed;

    use super::*;

    fn circuit(failures: usize) -> Circuit {
        let breaker = Breaker {
            failures,
            probe_after: Duration::from_secs(1),
            probe_at_most: Duration::from_secs(4),
        };
        Circuit::new(&breaker, Seed::from(1).random("probe"))
    }

    fn opened(circuit: &Circuit) -> Duration {
        match circuit.state {
            State::Open(until) => until,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_opens_after_so_many_failures_in_a_row_and_not_after_others() {
        let mut circuit = circuit(3);
        for signal in [
            Signal::Failure,
            Signal::Overload,
            Signal::Success,
            Signal::Failure,
            Signal::SlowDown,
            Signal::Failure,
            Signal::Refusal,
            Signal::Failure,
            Signal::Overload,
        ] {
            circuit.learn(signal, false, Duration::ZERO);
            assert_eq!(circuit.look(Duration::ZERO), Ok(()), "{signal:?}");
            assert!(!circuit.begin());
        }
        circuit.learn(Signal::Failure, false, Duration::ZERO);
        assert_eq!(circuit.look(Duration::ZERO), Err(Some(opened(&circuit))));
    }

    #[test]
    fn only_a_probe_passes_and_its_failure_makes_the_next_one_wait_longer() {
        let mut circuit = circuit(1);
        let mut now = Duration::ZERO;
        circuit.learn(Signal::Failure, false, now);
        for longest in [1, 2, 4, 4, 4] {
            let until = opened(&circuit);
            assert!(until <= now + Duration::from_secs(longest));
            now = until;
            assert_eq!(circuit.look(now), Ok(()));
            assert!(circuit.begin());
            assert_eq!(circuit.look(now), Err(None), "one probe at a time");
            circuit.learn(Signal::Failure, false, now);
            assert_eq!(circuit.look(now), Err(None), "a late failure of another is no news");
            circuit.learn(Signal::Failure, true, now);
        }
        circuit.begin();
        circuit.learn(Signal::Success, true, now);
        assert_eq!(circuit.state, State::Closed(0));
        circuit.learn(Signal::Failure, false, now);
        assert!(opened(&circuit) <= now + Duration::from_secs(1), "it begins anew");
    }

    #[test]
    fn a_probe_that_is_given_up_makes_room_for_another() {
        let mut circuit = circuit(1);
        circuit.learn(Signal::Failure, false, Duration::ZERO);
        assert!(circuit.begin());
        circuit.abandon();
        assert_eq!(circuit.look(Duration::ZERO), Ok(()));
        assert!(circuit.begin());
    }
}
